"""The gate before a channel: what was stopped stays, the pace is one for all, and a dead address silences nobody."""

import json
import time
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from communities import pace
from communities.actions import accounts
from communities.channels import channels, parcels, sms
from communities.channels.parcels import Outcome, Parcel, Result, side_by_side
from communities.channels.sms.signing import sign
from communities.messages.delivery import deliver
from communities.messages.gates import Gate
from communities.messages.kinds import KINDS, Claimed, Context, Kind
from communities.messages.outbox import Note, post
from communities.models import DeadEnd, Delivery, Message
from tests.factories import communities as make
from tests.factories.staffing import NIGHT

SECRET = "a-secret"
HALTED: set[str] = set()  # keys of messages that are stopped


def contexts(messages, now):
    return {one.id: Context() for one in messages}


def halted(messages, now):
    return {one.id for one in messages if one.key in HALTED}


@pytest.fixture(autouse=True)
def kind(monkeypatch, settings):
    HALTED.clear()
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_SECRET = "http://127.0.0.1:1", SECRET
    monkeypatch.setitem(KINDS, "call", Kind("call", contexts, lambda _c: "hello", lambda _c: "hello", halted=halted))


def letters(count: int) -> list[Parcel]:
    return [Parcel(f"{number}:sms", "+86", "", "hello") for number in range(count)]


def accept(chunk):
    return [Outcome(parcel.id, Result.SENT) for parcel in chunk]


# -- side by side ------------------------------------------------------------------------------------------------------


def test_the_gate_is_asked_before_each_call_and_what_it_keeps_back_is_untried():
    asked = []

    def gate(chunk):
        asked.append(len(chunk))
        return chunk[:3] if len(asked) > 1 else chunk

    found = side_by_side(letters(20), accept, size=10, in_flight=2, gate=gate)
    assert asked == [10, 10]
    assert sorted((one.result for one in found), key=str) == [Result.SENT] * 13 + [Result.UNTRIED] * 7
    assert {one.id for one in found} == {one.id for one in letters(20)}


def test_no_more_calls_are_begun_than_are_in_flight_so_that_a_stop_is_heard_in_time():
    begun, go = [], Event()

    def slow(chunk):
        begun.append(len(chunk))
        go.wait(10)
        return accept(chunk)

    closed = Event()
    sender = Thread(
        target=lambda: side_by_side(
            letters(100), slow, size=5, in_flight=3, gate=lambda some: [] if closed.is_set() else some
        )
    )
    sender.start()
    while len(begun) < 3:
        time.sleep(0.01)
    closed.set()
    go.set()
    sender.join(10)
    assert begun == [5, 5, 5]


def test_a_gate_that_fails_lets_nothing_out():
    found = side_by_side(letters(5), accept, size=2, in_flight=2, gate=lambda _chunk: 1 / 0)
    assert {one.result for one in found} == {Result.UNTRIED}


def test_a_slow_mail_server_gives_the_gate_its_turn(monkeypatch):
    from communities.channels import email

    monkeypatch.setattr(email, "AT_A_STRETCH", -1)
    found = channels()["email"].send([Parcel("1:email", "a@example.org", "s", "t")])
    assert [one.result for one in found] == [Result.UNTRIED]
    assert mail.outbox == []


# -- stopped -----------------------------------------------------------------------------------------------------------


class Gateway:
    """Takes everything, and can stop a message as soon as it has seen one."""

    name, stops = "sms", ()

    def __init__(self):
        self.took: list[str] = []

    def available(self) -> bool:
        return True

    def send(self, some, gate=parcels.open_gate):
        return side_by_side(some, self.take, size=1, in_flight=1, gate=gate)

    def take(self, chunk):
        self.took += [one.id for one in chunk]
        HALTED.update(self.stops)
        return accept(chunk)


@pytest.fixture
def gateway(monkeypatch):
    found = Gateway()
    monkeypatch.setitem(channels(), "sms", found)
    return found


def test_what_is_stopped_takes_no_turn_from_others(settings, monkeypatch):
    settings.CHANNEL_RATES = {"sms": 1}
    turns = []
    monkeypatch.setattr(pace, "take", lambda channel, count, queue: turns.append(count) or 0.0)
    messages = {f"{n}:sms": Claimed(n, "call", str(n), 1, None, 1, {}, "", 1, None) for n in range(20)}
    gate = Gate("sms", "callup", messages, NIGHT)
    HALTED.update(str(n) for n in range(15))
    assert len(gate(letters(20))) == 5
    HALTED.update(str(n) for n in range(20))
    assert (list(gate(letters(20))), turns, len(gate.stopped)) == ([], [5], 20)


@pytest.mark.django_db
def test_what_is_stopped_while_a_batch_is_sent_is_kept_back_and_settled(gateway):
    post([Note("call", key, 1, NIGHT, reader=make.user().pk) for key in "abc"])
    gateway.stops = ("c",)
    deliver("messages", NIGHT)
    found = dict(Message.objects.values_list("key", "status"))
    assert found == {"a": "sent", "b": "sent", "c": "cancelled"}
    assert len(gateway.took) == 2
    assert not Delivery.objects.filter(message__key="c").exists()


@pytest.mark.django_db
def test_control_without_the_gate_it_leaves(gateway, monkeypatch):
    monkeypatch.setattr(Gate, "__call__", lambda self, some: some)
    post([Note("call", key, 1, NIGHT, reader=make.user().pk) for key in "abc"])
    gateway.stops = ("c",)
    deliver("messages", NIGHT)
    assert len(gateway.took) == 3


# -- the pace ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def rate(settings, clean_redis):
    def set_to(per_second: float) -> None:
        settings.CHANNEL_RATES = {"sms": per_second, "email": 0, "robot": 0}

    return set_to


def test_a_second_of_messages_at_once_then_as_many_as_the_channel_takes(rate):
    rate(20)
    assert [pace.take("sms", 10, "callup") for _call in range(2)] == [0, 0]
    wait = pace.take("sms", 10, "callup")
    assert 0.3 < wait <= 0.5
    time.sleep(wait + 0.05)
    assert pace.take("sms", 10, "messages") == 0


def test_without_a_rate_nobody_waits(rate):
    rate(0)
    assert pace.take("sms", 10_000, "callup") == 0


def test_digests_leave_half_to_others(rate):
    rate(20)
    assert pace.take("sms", 10, "callup") == 0
    assert pace.take("sms", 5, "digest") > 0
    assert pace.take("sms", 5, "messages") == 0


def test_more_than_a_second_of_messages_is_let_out_once_the_bucket_is_full(rate):
    rate(2)
    assert pace.take("sms", 10, "callup") == 0
    assert pace.take("sms", 1, "callup") > 4


def test_many_senders_together_keep_the_pace(rate):
    rate(50)
    sent, end = [], time.monotonic() + 2
    threads = [Thread(target=spend, args=[sent, end]) for _sender in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 100 <= sum(sent) <= 155


def spend(sent: list[int], end: float) -> None:
    while time.monotonic() < end:
        if wait := pace.take("sms", 5, "callup"):
            time.sleep(min(wait, 0.05))
        else:
            sent.append(5)


def test_a_call_to_the_gateway_carries_no_more_than_a_second(rate):
    rate(7)
    assert sms.per_call() == 7
    rate(0.5)
    assert sms.per_call() == 1
    rate(0)
    assert sms.per_call() == 50


def test_without_redis_each_sender_keeps_the_pace_alone(settings, no_redis):
    settings.CHANNEL_RATES = {"sms": 50, "email": 0, "robot": 0}
    begun = time.monotonic()
    assert Gate("sms", "callup", {}, timezone.now()).has_turn(10)
    assert 0.15 < time.monotonic() - begun < 3


# -- addresses that lead nowhere ---------------------------------------------------------------------------------------


def refuse(_gateway, some):
    return [Outcome(one.id, Result.FAILED, reason="no such number") for one in some]


def report(message: Message, status: str) -> None:
    body = json.dumps({"events": [{"id": f"{message.pk}:sms", "ref": "r", "status": status}]}).encode()
    stamp = str(int(time.time()))
    headers = {"X-Redvest-Timestamp": stamp, "X-Redvest-Signature": sign(SECRET, stamp, body)}
    assert Client().post("/hooks/sms/", body, content_type="application/json", headers=headers).status_code == 202


def told(reader, key="1") -> Message:
    post([Note("call", key, 1, NIGHT, reader=reader.pk)])
    deliver("messages", NIGHT)
    return Message.objects.get(key=key, reader=reader)


@pytest.fixture
def reader(db):
    return make.user(email="demo@example.org")


def test_a_dead_number_is_remembered_and_the_mailbox_is_tried_first_from_then_on(reader, monkeypatch):
    monkeypatch.setattr(sms, "hand_over", refuse)
    assert (told(reader).channel, len(mail.outbox)) == ("email", 1)
    assert (DeadEnd.objects.get().user, DeadEnd.objects.get().reason) == (reader, "no such number")
    told(reader, "2")
    assert Delivery.objects.filter(channel="sms").count() == 1
    assert len(mail.outbox) == 2


def test_after_a_week_the_number_is_tried_again(reader, monkeypatch):
    monkeypatch.setattr(sms, "hand_over", refuse)
    told(reader)
    DeadEnd.objects.update(since=NIGHT - timedelta(days=8))
    told(reader, "2")
    assert Delivery.objects.filter(channel="sms").count() == 2


def test_what_the_provider_could_not_deliver_goes_another_way_once(reader, monkeypatch):
    monkeypatch.setattr(sms, "hand_over", lambda _gateway, some: accept(some))
    message = told(reader)
    assert message.channel == "sms"
    for _time in range(2):
        report(message, "failed")
        deliver("messages")
    message.refresh_from_db()
    assert (message.status, message.channel, len(mail.outbox)) == ("sent", "email", 1)
    report(message, "failed")
    assert deliver("messages") == {}
    assert len(mail.outbox) == 1


def test_who_has_no_other_way_is_a_failure_that_the_lead_can_see(db, monkeypatch):
    monkeypatch.setattr(sms, "hand_over", lambda _gateway, some: accept(some))
    message = told(make.user())
    report(message, "failed")
    message.refresh_from_db()
    assert (message.status, DeadEnd.objects.count()) == ("failed", 1)


def test_a_number_works_again_when_something_arrives_or_it_is_changed_or_proved(reader, monkeypatch):
    monkeypatch.setattr(sms, "hand_over", lambda _gateway, some: accept(some))
    message = told(reader)
    undo = (
        lambda: report(message, "delivered"),
        lambda: accounts.change_phone(reader, "+8612900000555", verified=True),
        lambda: accounts.confirm(reader),
    )
    for works in undo:
        DeadEnd.objects.create(user=reader, channel="sms", since=NIGHT)
        works()
        assert not DeadEnd.objects.exists()


def test_the_person_is_told_at_the_next_sign_in(db):
    from tests.factories import staffing

    person = staffing.volunteer()
    browser = make.client(person.user, proved=False)
    assert "/me/" in browser.get("/my/").content.decode()
    assert browser.get("/my/").context["dead"] == []
    DeadEnd.objects.create(user=person.user, channel="sms", since=timezone.now())
    assert browser.get("/my/").context["dead"] == ["sms"]


def test_nobody_reads_the_outbox_of_another(db):
    mine, theirs = make.user(), make.user()
    post([Note("reminder", "1", 1, NIGHT, reader=mine.pk), Note("reminder", "2", 1, NIGHT, reader=theirs.pk)])
    rows = make.client(mine, proved=False).get("/my/messages/").context["rows"]
    assert [message.reader_id for message, _what, _chip in rows] == [mine.pk]


def test_the_lead_sees_that_somebody_is_not_reached(db):
    from tests.factories import staffing

    community = make.area()
    person = staffing.volunteer(community=community)
    address = f"/desk/people/{person.enrolments.get().pk}/"
    browser = make.client(make.lead(community))
    assert browser.get(address).context["dead"] == []
    DeadEnd.objects.create(user=person.user, channel="sms", since=timezone.now())
    assert len(browser.get(address).context["dead"]) == 1
