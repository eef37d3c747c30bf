"""The outbox from claim to callback, against a gateway that is a real HTTP server."""

import threading
from datetime import timedelta

import pytest
from django.core import mail

from communities.channels import sms
from communities.messages import claims, delivery
from communities.messages.delivery import deliver
from communities.messages.kinds import KINDS, Context, Kind
from communities.messages.outbox import Note, acknowledge, post, withdraw
from communities.models import Delivery, GroupRobot, Message
from communities.rules.customs import Customs
from communities.sandbox.box import Box
from communities.sandbox.gateway import Gateway
from tests.factories import communities as make
from tests.factories.staffing import NIGHT

pytestmark = pytest.mark.django_db
SECRET = "a-secret"
LATE = NIGHT + timedelta(hours=3)  # 23:00, in quiet hours
MORNING = NIGHT + timedelta(hours=10)


@pytest.fixture
def box(settings):
    settings.SMS_GATEWAY_SECRET, settings.DEMO = SECRET, True
    found = Box()
    gateway = Gateway(("127.0.0.1", 0), found, SECRET, None)
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{gateway.server_address[1]}"
    thread = threading.Thread(target=gateway.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield found
    gateway.shutdown()
    gateway.server_close()
    thread.join()


@pytest.fixture
def no_gateway(settings):
    """Set up, but nobody answers."""
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1"


def contexts(messages, now):
    return {one.id: Context(urgent=one.facts.get("urgent", False)) for one in messages if not one.facts.get("stale")}


def say(context):
    return "hello"


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setitem(KINDS, "duty", Kind("duty", contexts, say, say))
    monkeypatch.setitem(KINDS, "vital", Kind("vital", contexts, say, say, vital=True))
    monkeypatch.setitem(KINDS, "open call", Kind("open call", contexts, say, say, own_duty=False))


def note(kind="duty", reader=None, key="1", due_at=NIGHT, **more):
    reader = None if "robot" in more else (reader or make.user()).pk
    return Note(kind, key, target=1, due_at=due_at, reader=reader, **more)


def told(*notes, now=NIGHT):
    """Post, deliver, and the states of the messages in their order."""
    post(notes)
    deliver("messages", now)
    return list(Message.objects.order_by("pk").values_list("status", flat=True))


def test_a_due_message_leaves_once_by_text_message_under_its_own_key(box):
    reader = make.user()
    assert told(note(reader=reader)) == ["sent"]
    message = Message.objects.get()
    assert [(one.to, one.text, one.id) for one in box.newest()] == [(reader.phone, "hello", f"{message.pk}:sms")]
    record = message.deliveries.get()
    assert (record.channel, record.status, record.attempt, record.ref) == ("sms", "sent", 1, box.newest()[0].ref)
    assert (message.sent_at, message.channel, message.claimed_until) == (NIGHT, "sms", None)
    assert deliver("messages", NIGHT) == {}
    assert len(box) == 1


def test_posting_twice_is_posting_once(box):
    reader = make.user()
    assert told(note(reader=reader), note(reader=reader), note(reader=reader, key="2")) == ["sent", "sent"]
    assert told(note(reader=reader)) == ["sent", "sent"]


def test_what_is_not_due_yet_stays_and_another_queue_is_left_alone(box):
    assert told(note(due_at=NIGHT + timedelta(seconds=1)), note(queue="callup")) == ["scheduled", "scheduled"]


def test_who_has_no_phone_gets_an_email_and_who_has_neither_is_a_failure(box):
    mailbox = make.user(phone=None, email="demo@example.org")
    type(mailbox).objects.filter(pk=mailbox.pk).update(phone_cipher=None)
    nobody = make.user()
    type(nobody).objects.filter(pk=nobody.pk).update(phone_cipher=None)
    assert told(note(reader=mailbox), note(reader=nobody)) == ["sent", "failed"]
    assert [(one.to, one.subject, one.body) for one in mail.outbox] == [(["demo@example.org"], "hello", "hello")]


def test_the_message_id_of_an_email_stays_the_same_when_sent_again(box):
    post([note(reader=make.user(phone=None, email="demo@example.org"), facts={})])
    Message.objects.update(channel="email")
    deliver("messages", NIGHT)
    Message.objects.update(status="scheduled")
    deliver("messages", NIGHT)
    assert len({one.extra_headers["Message-ID"] for one in mail.outbox}) == 1
    assert len(mail.outbox) == 2


def test_what_is_out_of_date_is_cancelled_and_what_comes_too_late_expires(box):
    assert told(note(facts={"stale": True}), note(expires_at=NIGHT)) == ["cancelled", "expired"]
    assert len(box) == 0


def test_who_wants_no_notices_is_told_only_what_is_vital(box):
    muted = make.user(muted_at=NIGHT)
    assert told(note(reader=muted), note("vital", muted), note(reader=make.user(is_active=False))) == [
        "cancelled",
        "sent",
        "cancelled",
    ]


def test_a_withdrawn_message_does_not_leave(box):
    post([note()])
    assert withdraw(["duty"], [1]) == 1
    assert told() == ["cancelled"]


def test_an_answered_message_is_acknowledged_only_if_it_was_sent(box):
    told(note(), note(due_at=LATE))
    assert acknowledge(["duty"], [1]) == 1
    assert list(Message.objects.order_by("pk").values_list("status", flat=True)) == ["acknowledged", "scheduled"]


def test_a_call_waits_for_the_end_of_the_quiet_hours_but_a_duty_does_not(box):
    assert told(note("open call"), note(), now=LATE) == ["scheduled", "sent"]
    waiting = Message.objects.get(kind="open call")
    assert (waiting.due_at, waiting.attempts) == (MORNING, 0)
    assert told(now=MORNING) == ["sent", "sent"]


def test_an_urgent_call_reaches_at_night_those_alone_who_agreed_to_it(box):
    ready, asleep = make.user(urgent_calls=True), make.user()
    urgent = {"facts": {"urgent": True}}
    found = told(
        note("open call", ready, **urgent),
        note("open call", ready, key="calm"),
        note("open call", asleep, **urgent),
        now=LATE,
    )
    assert found == ["sent", "scheduled", "scheduled"]


def test_a_call_that_is_over_before_the_morning_expires_at_night(box):
    assert told(note("open call", expires_at=MORNING), now=LATE) == ["expired"]


def test_a_group_is_told_by_its_robot_and_sleeps_at_night(box, settings):
    robot = GroupRobot.objects.create(
        area=make.area(), name="楼长群", kind="feishu", url=f"{settings.SMS_GATEWAY_URL}/robot/feishu/demo", secret="s"
    )
    assert told(note("open call", robot=robot.pk, facts={"urgent": True}), now=LATE) == ["scheduled"]
    assert told(now=MORNING) == ["sent"]
    assert [(one.channel, one.text) for one in box.newest()] == [("feishu", "hello")]


def test_a_gateway_that_does_not_answer_is_tried_again_ever_later_then_the_next_channel(no_gateway):
    reader = make.user(email="demo@example.org")
    now, waits = NIGHT, []
    post([note(reader=reader)])
    for _attempt in range(4):
        deliver("messages", now)
        message = Message.objects.get()
        waits.append((message.due_at - now).total_seconds() / 60)
        now = message.due_at
    assert [low <= wait <= low * 1.2 for wait, low in zip(waits, [1, 5, 15, 0], strict=True)] == [True] * 4
    assert message.channel == "email"
    deliver("messages", now)
    assert Message.objects.get().status == "sent"
    assert list(Delivery.objects.order_by("attempt").values_list("channel", "status")) == [("sms", "failed")] * 4 + [
        ("email", "sent")
    ]


def test_after_five_attempts_it_has_failed(no_gateway):
    post([note()])
    now = NIGHT
    for _attempt in range(5):
        deliver("messages", now)
        now = max(now, Message.objects.get().due_at)
    assert (Message.objects.get().status, Message.objects.get().attempts) == ("failed", 5)


def test_a_rejected_number_is_not_tried_again_but_the_mailbox_is(box, monkeypatch):
    def reject(gateway, parcels):
        return [sms.Outcome(parcel.id, sms.Result.FAILED, reason="no such number") for parcel in parcels]

    monkeypatch.setattr(sms, "hand_over", reject)
    assert told(note(), note(reader=make.user(email="demo@example.org"))) == ["failed", "sent"]
    assert len(mail.outbox) == 1
    assert Delivery.objects.filter(reason="no such number").count() == 2


def test_a_sender_that_dies_after_the_call_repeats_it_under_the_same_key(box, monkeypatch):
    post([note()])
    monkeypatch.setattr(delivery, "settle", die)
    with pytest.raises(KeyboardInterrupt):
        deliver("messages", NIGHT)
    monkeypatch.undo()
    KINDS["duty"] = Kind("duty", contexts, say, say)
    assert Message.objects.get().status == "sending"
    assert deliver("messages", NIGHT + timedelta(minutes=1)) == {}
    assert deliver("messages", NIGHT + claims.LEASE + timedelta(seconds=1)) == {"sent": 1}
    assert (len(box), Message.objects.get().attempts) == (1, 2)
    del KINDS["duty"]


def die(*_):
    raise KeyboardInterrupt


def test_a_message_that_kills_its_senders_fails_at_last(box):
    post([note()])
    now = NIGHT
    for _death in range(5):
        claims.claim("messages", now)
        now += claims.LEASE + timedelta(seconds=1)
    assert deliver("messages", now) == {"failed": 1}
    assert len(box) == 0


def test_a_sender_that_was_too_slow_does_not_overwrite_what_the_next_one_found(box):
    post([note()])
    (mine,), _now = claims.claim("messages", NIGHT)
    (theirs,), _now = claims.claim("messages", NIGHT + timedelta(minutes=3))
    claims.settle([claims.Settled(mine, "failed", "sms", tried="sms")], NIGHT)
    assert Message.objects.get().status == "sending"
    claims.settle([claims.Settled(theirs, "sent", "sms", tried="sms")], NIGHT)
    assert Message.objects.get().status == "sent"


def test_one_message_that_cannot_be_rendered_keeps_nobody_waiting(box, monkeypatch):
    monkeypatch.setitem(KINDS, "broken text", Kind("broken text", contexts, say, lambda context: context.missing))
    monkeypatch.setitem(KINDS, "broken read", Kind("broken read", lambda messages, now: 1 / 0, say, say))
    assert told(note("broken text"), note("broken read"), note("unheard of"), note()) == ["scheduled"] * 3 + ["sent"]
    later = NIGHT + timedelta(hours=1)
    assert told(*[], now=later)[:3] == ["scheduled"] * 3
    for hour in range(2, 6):
        deliver("messages", NIGHT + timedelta(hours=hour))
    parked = Message.objects.exclude(kind="duty")
    assert set(parked.values_list("status", "attempts", "deliveries__reason")) == {("failed", 5, "unreadable")}


def test_a_message_of_an_area_with_other_customs_is_quiet_at_its_own_hours(box, monkeypatch):
    from datetime import time
    from zoneinfo import ZoneInfo

    utc = Customs(zone=ZoneInfo("UTC"), quiet_from=time(10, 0), quiet_to=time(13, 0))
    monkeypatch.setitem(
        KINDS,
        "open call",
        Kind("open call", lambda some, now: {one.id: Context(customs=utc) for one in some}, say, say, own_duty=False),
    )
    assert told(note("open call")) == ["scheduled"]  # 20:00 in Taiyuan is noon in UTC
    assert Message.objects.get().due_at == NIGHT + timedelta(hours=1)


def test_one_message_and_thirty_take_the_same_number_of_queries(box, django_assert_num_queries):
    for count in (1, 30):
        post([note(key=str(count)) for _reader in range(count)])
        with django_assert_num_queries(
            10
        ):  # claim, readers, the gate, settle (savepoint, setting, lock, update, record, end), claim
            assert deliver("messages", NIGHT) == {"sent": count}
