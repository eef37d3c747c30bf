"""What the gateway says later: signed, in any order, any number of times."""

import json
import time

import pytest
from django.test import Client
from django.utils import timezone

from communities.channels.sms.signing import sign
from communities.messages.claims import Settled, claim, settle
from communities.messages.outbox import Note, acknowledge, post
from communities.models import Message
from communities.states import MessageStatus
from tests.factories import communities as make
from tests.factories.staffing import NIGHT

pytestmark = pytest.mark.django_db
SECRET = "a-secret"


@pytest.fixture(autouse=True)
def secret(settings):
    settings.SMS_GATEWAY_SECRET = SECRET


@pytest.fixture
def message():
    post([Note("duty", "1", 1, NIGHT, reader=make.user().pk)])
    return Message.objects.get()


def sent(message):
    """As if it had just been handed over."""
    (one,), _now = claim("messages", NIGHT)
    settle([Settled(one, MessageStatus.SENT, "sms", tried="sms", ref="r1")], NIGHT)
    message.refresh_from_db()
    return message


def call(*events, stamp="", signature=""):
    body = json.dumps({"events": events})
    stamp = stamp or str(int(time.time()))
    headers = {"X-Redvest-Timestamp": stamp, "X-Redvest-Signature": signature or sign(SECRET, stamp, body.encode())}
    client = Client(enforce_csrf_checks=True)
    return client.post("/hooks/sms/", body, content_type="application/json", headers=headers).status_code


def event(message, status="delivered", **more):
    return {"ref": "r1", "id": f"{message.pk}:sms", "status": status, "at": timezone.now().isoformat()} | more


def state(message):
    message.refresh_from_db()
    return message.status, list(message.deliveries.values_list("status", "attempt", "ref"))


def test_a_delivered_message_is_delivered(message):
    assert state(sent(message)) == ("sent", [("sent", 1, "r1")])
    assert call(event(message)) == 202
    assert state(message) == ("delivered", [("delivered", 1, "r1")])
    assert message.sent_at == NIGHT


def test_reports_in_any_order_and_any_number_never_move_backwards(message):
    sent(message)
    reports = [event(message), event(message, "failed")]
    for some in (reports, reports[::-1], reports[1:], reports[:1]):
        assert call(*some) == 202
        assert state(message) == ("delivered", [("delivered", 1, "r1")])


def test_a_failure_is_noted_and_a_late_success_corrects_it(message):
    sent(message)
    call(event(message, "failed"))
    assert state(message) == ("failed", [("failed", 1, "r1")])
    call(event(message))
    assert state(message) == ("delivered", [("delivered", 1, "r1")])


def test_an_answered_message_stays_answered(message):
    sent(message)
    acknowledge(["duty"], [1])
    assert call(event(message)) == 202
    assert state(message)[0] == "acknowledged"


def test_a_report_faster_than_our_own_note_stands(message):
    (one,), _now = claim("messages", NIGHT)
    call(event(message))
    settle([Settled(one, MessageStatus.SENT, "sms", tried="sms", ref="r1")], NIGHT)
    assert state(message) == ("delivered", [("delivered", 1, "r1")])


def test_a_cancelled_message_is_not_brought_back(message):
    Message.objects.update(status="cancelled")
    assert call(event(message)) == 202
    assert state(message) == ("cancelled", [])


@pytest.mark.parametrize("key", ["999999999:sms", "x", "", ":sms", "1" * 30 + ":sms", "１:sms", "-1:sms", "7"])
def test_a_report_about_nothing_of_ours_is_taken_and_changes_nothing(message, key):
    assert call(event(message, id=key)) == 202
    assert state(message) == ("scheduled", [])


def test_a_report_over_a_channel_that_does_not_report_changes_nothing(message):
    assert call(event(sent(message), id=f"{message.pk}:email")) == 202
    assert state(message)[0] == "sent"


def test_an_unknown_state_or_time_is_no_mistake(message):
    assert call(event(sent(message), "queued")) == 202
    assert state(message)[0] == "sent"
    assert call(event(message, at="yesterday")) == 202
    assert state(message)[0] == "delivered"


@pytest.mark.parametrize("wrong", [{"signature": "v1=00"}, {"stamp": "1"}, {"stamp": "now"}])
def test_without_a_fresh_signature_nothing_is_taken(message, wrong):
    sent(message)
    assert call(event(message), **wrong) == 403
    assert state(message)[0] == "sent"


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"events": [1]}', '{"events": [{"id": 1}]}', '{"events": 7}', "\xff"]
)
def test_a_body_that_cannot_be_read_is_refused(body):
    stamp = str(int(time.time()))
    headers = {"X-Redvest-Timestamp": stamp, "X-Redvest-Signature": sign(SECRET, stamp, body.encode())}
    assert Client().post("/hooks/sms/", body, content_type="application/json", headers=headers).status_code == 400


def test_a_callback_is_a_post():
    assert Client().get("/hooks/sms/").status_code == 405


def test_one_report_and_thirty_take_the_same_number_of_queries(message, django_assert_num_queries):
    messages = [
        Message.objects.create(kind="duty", key=f"{n}", target=1, due_at=NIGHT, reader=make.user()) for n in range(30)
    ]
    for some in (messages[:1], messages):
        with django_assert_num_queries(8):  # one says who acts, the last one that the number works again
            assert call(*[event(one) for one in some]) == 202
