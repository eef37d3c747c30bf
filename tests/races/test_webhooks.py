"""Webhooks beside transactions that are still running and workers that run at once; and the controls."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from communities.messages import webhooks
from communities.messages.spreading import spread
from communities.messages.webhooks import deliver
from communities.models import Happening, Webhook, WebhookDelivery
from communities.models.areas import Area
from tests.factories import communities as make
from tests.races.threads import rush
from tests.receiving import receiving

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.now(UTC)


def hook(area: Area, url: str) -> Webhook:
    return Webhook.objects.create(area=area, name="x", url=url, topics=["zone-statuses"], secret="whsec_c2VjcmV0")


def zone(area: Area) -> int:
    return make.zone("controlled", compound=make.compound(area), since=NOW).pk


def test_what_is_committed_late_is_told_late_and_not_lost():
    """The control: whoever remembers the last number they have seen never comes back for it."""
    make.policies()
    area, written, other_is_spread = make.area(), threading.Event(), threading.Event()
    hook(area, "https://hooks.example.org/")

    def slow() -> None:
        try:
            with transaction.atomic():
                zone(area)
                written.set()
                other_is_spread.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(20)
    zone(area)
    assert spread(NOW) == 1
    last_seen = Happening.objects.latest("pk").pk
    other_is_spread.set()
    thread.join()

    assert not Happening.objects.filter(pk__gt=last_seen).exists()
    assert spread(NOW) == 1
    assert WebhookDelivery.objects.count() == 2


def told_by_four_workers(settings: Any) -> tuple[int, int]:
    """How many calls of how many happenings the receiver has heard."""
    make.policies()
    with receiving() as receiver:
        settings.WEBHOOK_ORIGINS = [receiver.origin]
        area = make.area()
        hook(area, receiver.origin)
        for _one in range(30):
            zone(area)

        def work(_number: int) -> None:
            spread(NOW)
            deliver(NOW)

        rush(work, range(4))
        deliver(NOW)
        return len(receiver.heard), len({one.headers["webhook-id"] for one in receiver.heard})


def test_four_workers_tell_each_thing_once(settings):
    assert told_by_four_workers(settings) == (30, 30)


def test_control_without_the_claim_they_tell_it_again_under_the_same_id(settings, monkeypatch):
    again = webhooks.CLAIM.replace("d.status = 'waiting' and d.due_at", "d.attempts < 4 and d.due_at")
    again = again.replace("d.status = 'sending'", "false").replace(" for update skip locked", "")
    monkeypatch.setattr(webhooks, "CLAIM", again)
    calls, things = told_by_four_workers(settings)
    assert (calls > 30, things) == (True, 30)
