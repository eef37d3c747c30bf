"""A worker that is killed while a receiver is taking what it tells: the next one tells it again, under the same id."""

import json
import signal
from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from communities.actions import webhooks
from communities.actions.webhooks import HookPlan
from communities.models import WebhookDelivery
from communities.states import HookStatus, RoleName
from tests.factories import communities as places
from tests.processes.conftest import wait_for
from tests.processes.test_workers import app  # noqa: F401

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]


def test_a_killed_worker_leaves_a_webhook_that_the_next_one_tells(gateway, celery, settings, tmp_path):
    def worker():
        return celery("worker", "-Q", "webhooks", "-c", "1", "--without-gossip", "--without-mingle")

    area, now = places.area(), timezone.now()
    keeper = places.lead(area, RoleName.SYSTEM_ADMIN)
    plan = HookPlan(area.pk, "x", f"{settings.SMS_GATEWAY_URL}/webhooks", ("shifts",))
    hook = webhooks.make(plan, by=keeper, now=now)
    gateway.accounts = tmp_path / "demo.json"
    gateway.accounts.write_text(json.dumps({"webhook_secret": hook.secret}))
    gateway.box.room = 0  # the receiver takes it and does not answer
    victim = worker()
    told = webhooks.ping(hook.pk, by=keeper, now=now)
    current_app.send_task("tell_webhooks", queue="webhooks")
    wait_for(lambda: gateway.box.room < 0)
    victim.kill(signal.SIGKILL)
    gateway.box.open.set()
    wait_for(lambda: len(gateway.box) == 1)
    told.refresh_from_db()
    assert (told.status, told.attempts) == (HookStatus.SENDING, 1)

    WebhookDelivery.objects.update(claimed_until=now - timedelta(hours=1))  # as if two minutes had passed
    worker()
    current_app.send_task("tell_webhooks", queue="webhooks")
    wait_for(lambda: WebhookDelivery.objects.get().status == HookStatus.ARRIVED)

    told.refresh_from_db()
    assert (told.attempts, told.answer) == (2, 200)
    assert [letter.id for letter in gateway.box.newest()] == [f"hap_{told.happening_id}"]
