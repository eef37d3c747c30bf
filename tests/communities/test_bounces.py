"""What a mail server says later: the address is marked, and the message goes another way."""

import io
import json
import sys
import time
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from communities.channels.email import bounces, complaints, marks
from communities.channels.sms.signing import sign
from communities.messages.claims import Settled, claim, settle
from communities.messages.kinds import KINDS, Kind
from communities.messages.outbox import Note, post
from communities.models import DeadEnd, Message, OptOut
from communities.states import MessageStatus, Topic
from tests.factories import communities as make

pytestmark = pytest.mark.django_db
SECRET = "a-secret"


@pytest.fixture(autouse=True)
def secret(settings):
    settings.EMAIL_HOOK_SECRET, settings.SMS_GATEWAY_URL = SECRET, "http://127.0.0.1:1"


@pytest.fixture
def message():
    """Just handed to the mail server."""
    now = timezone.now()
    post([Note("duty", "1", 1, now, reader=make.user(email="demo@example.org").pk)])
    Message.objects.update(channel="email")
    (one,), _now = claim("messages", now)
    settle([Settled(one, MessageStatus.SENT, "email", tried="email")], now)
    return Message.objects.get()


def state(message):
    message.refresh_from_db()
    return message.status, message.channel, list(message.deliveries.values_list("channel", "status", "reason"))


def call(*events, secret=SECRET):
    body, stamp = json.dumps({"events": events}), str(int(time.time()))
    headers = {"X-Redvest-Timestamp": stamp, "X-Redvest-Signature": sign(secret, stamp, body.encode())}
    return Client().post("/hooks/email/", body, content_type="application/json", headers=headers).status_code


def bounced(message, status="bounced"):
    return {"message_id": marks.make(f"{message.pk}:email"), "status": status}


GONE_ON = ("scheduled", "sms", [("email", "failed", "not delivered")])


def test_a_bounce_that_comes_later_marks_the_address_and_sends_the_message_another_way(message):
    assert call(bounced(message)) == 202
    assert state(message) == GONE_ON
    assert DeadEnd.objects.get().channel == "email"
    assert call(bounced(message)) == 202
    assert state(message) == GONE_ON


def test_what_has_arrived_is_not_taken_back_and_marks_nothing(message):
    assert call(bounced(message, "delivered")) == 202
    assert call(bounced(message)) == 202
    assert state(message) == ("delivered", "email", [("email", "delivered", "")])
    assert DeadEnd.objects.count() == 0


def test_who_does_not_know_the_secret_or_the_mail_changes_nothing(message):
    forged = {"message_id": f"<{message.pk}.email.0123456789abcdef@127.0.0.1>", "status": "bounced"}
    assert [call(bounced(message), secret="x"), call(forged), call({"status": "bounced"})] == [403, 202, 400]
    assert state(message)[0] == "sent"


def test_a_way_that_has_failed_for_a_message_is_not_taken_again(message):
    message.deliveries.create(channel="sms", status="failed", attempt=9, at=timezone.now())
    assert call(bounced(message)) == 202
    assert state(message)[:2] == ("failed", "email")


def report(message_id, status="5.1.1", action="failed", kind="message/rfc822"):
    """As Postfix writes it."""
    return f"""From: MAILER-DAEMON@mail.example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="next"

--next
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.example.org.

--next
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; x@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--next
Content-Type: {kind}

Message-ID: {message_id}
Subject: x

--next--
""".encode()


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_says_which_mail_and_whether_for_good(kind):
    mark = marks.make("7:email")
    assert bounces.read(report(mark, kind=kind)) == bounces.Bounce("7:email", True, "5.1.1")
    assert bounces.read(report(mark, "4.2.2")) == bounces.Bounce("7:email", False, "4.2.2")
    assert bounces.read(report(mark, action="delayed")) is None
    assert bounces.read(report("<7.email.0123456789abcdef@x>")) is None
    assert bounces.read(report("<somebody@else>")) is None
    assert bounces.read(b"\xff\x00 no mail at all") is None


def test_the_mail_system_hands_reports_over_by_a_pipe(message, monkeypatch):
    raw = report(marks.make(f"{message.pk}:email"))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    call_command("take_bounce")
    assert state(message) == ("scheduled", "sms", [("email", "failed", "bounced 5.1.1")])
    assert DeadEnd.objects.get().reason == "bounced 5.1.1"


def complaint(message_id, kind="abuse", carried="message/rfc822"):
    """As RFC 5965 shows it."""
    return f"""From: <abusedesk@example.com>
Subject: FW: x
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="next"

--next
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.

--next
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1

--next
Content-Type: {carried}

Message-ID: {message_id}
Subject: x

--next--
""".encode()


@pytest.mark.parametrize("carried", ["message/rfc822", "text/rfc822-headers"])
def test_a_complaint_says_which_mail_was_unwelcome(carried):
    mark = marks.make("7:email")
    assert complaints.read(complaint(mark, carried=carried)) == "7:email"
    assert complaints.read(complaint(mark, "not-spam", carried)) == ""
    assert complaints.read(complaint("<7.email.0123456789abcdef@x>", carried=carried)) == ""
    assert [complaints.read(report(mark)), complaints.read(b"\xff\x00 no mail at all")] == ["", ""]
    assert bounces.read(complaint(mark, carried=carried)) is None


@pytest.mark.parametrize("door", ["hook", "pipe"])
def test_who_complains_of_a_mail_hears_no_more_of_its_topic_and_of_duties_by_other_ways_first(
    message, monkeypatch, door
):
    mark = marks.make(f"{message.pk}:email")
    unused = SimpleNamespace()
    monkeypatch.setitem(KINDS, "duty", Kind("duty", unused, unused, unused, own_duty=False, topic=Topic.NEWS))
    raw = complaint(mark)
    for _time in range(2):
        if door == "hook":
            assert call({"message_id": mark, "status": "complained"}) == 202
        else:
            monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
            call_command("take_bounce")
    assert list(OptOut.objects.values_list("user", "topic")) == [(message.reader_id, Topic.NEWS)]
    assert list(DeadEnd.objects.values_list("channel", "reason")) == [("email", "complained")]
    assert state(message)[0] == "sent"  # it has arrived, after all


def test_a_complaint_about_a_duty_ends_no_topic(message):
    assert call({"message_id": marks.make(f"{message.pk}:email"), "status": "complained"}) == 202
    assert [OptOut.objects.count(), DeadEnd.objects.get().reason] == [0, "complained"]
