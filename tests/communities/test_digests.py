"""The digest of an evening: what is not urgent, told once a day, with what is still true of it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from communities import nudges
from communities.actions import digests
from communities.actions.digests import gather
from communities.messages.delivery import deliver
from communities.messages.kinds import KINDS, Context, Kind
from communities.messages.outbox import Note, post
from communities.models import Message
from communities.rules.customs import Customs
from communities.rules.evenings import next_evening
from tests.factories import communities as make
from tests.factories.staffing import NIGHT

ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC"]
clocks = some.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@given(
    some.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=some.just(UTC)),
    some.sampled_from(ZONES).map(ZoneInfo),
    clocks,
)
def test_the_next_evening_is_within_a_day_and_at_the_clock_of_the_area(now, zone, evening):
    customs = Customs(zone=zone, evening=evening, quiet_from=time(3), quiet_to=time(3))
    found = next_evening(now, customs)
    assert now <= found <= now + timedelta(hours=25)
    assert found.astimezone(zone).time() == evening or found.astimezone(UTC).astimezone(zone).time() != evening


def test_an_evening_in_the_quiet_hours_is_the_morning_after():
    shanghai = ZoneInfo("Asia/Shanghai")
    late = Customs(zone=shanghai, evening=time(23), quiet_from=time(22), quiet_to=time(6))
    at = datetime(2026, 4, 4, 12, tzinfo=shanghai)
    assert next_evening(at, late) == datetime(2026, 4, 5, 6, tzinfo=shanghai)
    assert next_evening(at, Customs(zone=shanghai)) == datetime(2026, 4, 4, 20, tzinfo=shanghai)
    assert next_evening(at + timedelta(hours=9), Customs(zone=shanghai)) == datetime(2026, 4, 5, 20, tzinfo=shanghai)


@pytest.fixture(autouse=True)
def kinds(monkeypatch, settings):
    settings.SMS_GATEWAY_URL = ""

    def read(messages, now):
        return {one.id: Context() for one in messages if not one.facts.get("stale")}

    monkeypatch.setitem(KINDS, "news", Kind("news", read, lambda _: "one", lambda _: "text", own_duty=False))


def wait(user, key, **more):
    post([Note("news", key, 1, NIGHT, reader=user.pk, queue="digest", **more)])


def states():
    return dict(Message.objects.order_by("pk").values_list("key", "status"))


@pytest.mark.django_db
def test_what_waited_is_told_as_one_message_in_the_order_of_writing(mailoutbox):
    user = make.user(email="demo@example.org")
    wait(user, "a"), wait(user, "b"), wait(user, "old", expires_at=NIGHT)
    wait(make.user(email="other@example.org"), "c")
    assert deliver("messages", NIGHT) == {}
    assert gather(NIGHT) == 2
    assert gather(NIGHT) == 0
    assert deliver("messages", NIGHT) == {"sent": 2}
    letters = {one.to[0]: one for one in mailoutbox}
    assert letters["demo@example.org"].body.startswith("今晚有2条通知\n\n1. text\n\n2. text\n\n")
    assert (letters["other@example.org"].subject, letters["other@example.org"].body[:4]) == ("one", "text")
    assert {key: states()[key] for key in "abc"} == dict.fromkeys("abc", "gathered")
    assert states()["old"] == "expired"


@pytest.mark.django_db
def test_what_is_not_true_any_more_by_then_is_left_out_and_a_digest_of_nothing_is_not_sent(mailoutbox):
    half, none = make.user(email="demo@example.org"), make.user(email="other@example.org")
    wait(half, "a", facts={"stale": True}), wait(half, "b"), wait(none, "c", facts={"stale": True})
    gather(NIGHT)
    assert deliver("messages", NIGHT) == {"sent": 1, "cancelled": 1}
    assert [one.body[:4] for one in mailoutbox] == ["text"]


@pytest.mark.django_db
def test_however_many_readers_there_are_each_has_one_digest(monkeypatch):
    monkeypatch.setattr(digests, "READERS", 3)
    readers = [make.user(email=f"{number}@example.org") for number in range(7)]
    for key in ("a", "b"):
        for reader in readers:
            wait(reader, key)
    assert gather(NIGHT) == 7
    written = Message.objects.filter(kind="digest")
    assert {len(facts["messages"]) for facts in written.values_list("facts", flat=True)} == {2}


@pytest.mark.django_db
def test_nothing_but_the_clock_wakes_what_waits_for_the_evening(monkeypatch, django_capture_on_commit_callbacks):
    woken = []
    monkeypatch.setattr(nudges, "nudge", lambda _task, queue, *_args: woken.append(queue))
    with django_capture_on_commit_callbacks(execute=True):
        wait(make.user(email="demo@example.org"), "a")
        post([Note("news", "b", 1, NIGHT, reader=make.user().pk)])
    assert woken == ["messages"]


@pytest.mark.django_db
def test_one_reader_and_thirty_cost_the_same(queries_of):
    def cost(count):
        for number in range(count):
            user = make.user(email=f"{count}-{number}@example.org")
            wait(user, "a"), wait(user, "b")
        return queries_of(lambda: gather(NIGHT)), queries_of(lambda: deliver("messages", NIGHT))

    assert cost(1) == cost(30)
