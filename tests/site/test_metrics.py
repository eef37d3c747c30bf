from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from communities.models import Happening, Message, Webhook, WebhookDelivery
from communities.queries import health
from tests.factories import communities as places

pytestmark = pytest.mark.django_db


def message(key: str, ago: timedelta, **fields: object) -> Message:
    return Message.objects.create(
        kind="reminder", key=key, target=1, reader=places.user(), due_at=timezone.now() - ago, **fields
    )


def figures(answer) -> dict[str, float]:
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_what_is_due_and_for_how_long_is_told_by_queue(client):
    message("a", timedelta(minutes=5))
    message("b", timedelta(minutes=2))
    message("c", timedelta(minutes=-2))
    message("d", timedelta(minutes=1), status="failed")
    health.mark_seen(timezone.now() - timedelta(seconds=30))

    found = figures(client.get("/metrics"))

    assert found['redvest_outbox_due{queue="messages"}'] == 2
    assert found['redvest_outbox_due{queue="callup"}'] == 0
    assert 300 <= found['redvest_outbox_oldest_seconds{queue="messages"}'] < 310
    assert found['redvest_outbox_parked{queue="messages"}'] == 1
    assert found['redvest_outbox_due{queue="digest"}'] == 0
    assert found['redvest_messages{status="failed"}'] == 1
    assert found['redvest_messages{status="sent"}'] == 0
    assert 30 <= found['redvest_worker_silent_seconds{worker="any"}'] < 40
    cache.delete(health.SEEN)


def test_what_webhooks_are_still_to_be_told_is_counted(client):
    area, now = places.area(), timezone.now()
    hook = Webhook.objects.create(area=area, name="x", url="https://x.example/", topics=["shifts"], secret="whsec_")
    for number, status in enumerate(["waiting", "parked", "arrived"]):
        told = Happening.objects.create(topic="shifts", target=number, state="open", at=now, spread_at=now)
        due = now - timedelta(minutes=3)
        WebhookDelivery.objects.create(webhook=hook, happening=told, status=status, due_at=due)
    Happening.objects.create(topic="shifts", target=9, state="open", at=now)

    found = figures(client.get("/metrics"))

    assert [found[f'redvest_webhooks{{what="{what}"}}'] for what in ("due", "parked", "off")] == [2, 1, 0]
    assert 180 <= found['redvest_webhooks_oldest_seconds{webhook="any"}'] < 190


def test_tasks_at_the_broker_are_counted(client):
    assert figures(client.get("/metrics"))['redvest_tasks_waiting{queue="default"}'] >= 0


def test_with_a_token_only_who_brings_it_is_answered(client, settings):
    settings.METRICS_TOKEN = "a-long-token"

    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer another"}).status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer a-long-token"}).status_code == 200


@pytest.mark.parametrize("stranger", [{"REMOTE_ADDR": "10.1.2.3"}, {"HTTP_X_FORWARDED_FOR": "10.1.2.3"}])
def test_without_one_only_this_machine_is_answered(client, stranger):
    assert client.get("/metrics", **stranger).status_code == 404


def test_without_a_broker_the_other_figures_are_there(client, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    found = figures(client.get("/metrics"))

    assert 'redvest_outbox_due{queue="messages"}' in found
    assert not [name for name in found if name.startswith("redvest_tasks_waiting")]
