"""Messages that did not arrive: the lead sees them where they work, knows why, and sends them again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from communities.messages.delivery import deliver
from communities.models import Delivery, Message
from communities.states import MessageStatus, RoleName
from staffing.actions.signups import sign_up
from tests.doors import Api, told
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk, text

pytestmark = pytest.mark.django_db


def broken(desk: Desk, reason: str = "gateway 503", **fields) -> Message:
    """Somebody signed up, and the gateway would not take the message."""
    seat = sign_up(desk.post.pk, make.volunteer(desk.home).pk, now=timezone.now())
    message = Message.objects.get(target=seat.pk)
    Message.objects.filter(pk=message.pk).update(**{"status": "failed", "attempts": 5, "channel": "sms"} | fields)
    if reason:
        Delivery.objects.create(
            message=message, channel="sms", status="failed", attempt=1, reason=reason, at=timezone.now()
        )
    return message


def state(message: Message) -> tuple[str, int]:
    message.refresh_from_db()
    return message.status, message.attempts


def test_the_call_and_the_shift_say_that_something_did_not_arrive():
    desk = Desk()
    browser = desk.as_lead()
    for page in (f"/desk/calls/{desk.call.pk}/", f"/desk/shifts/{desk.shift.pk}/"):
        assert "desk/messages/?" not in text(browser.get(page))
    broken(desk)
    assert f"/desk/messages/?call={desk.call.pk}" in text(browser.get(f"/desk/calls/{desk.call.pk}/"))
    assert f"/desk/messages/?shift={desk.shift.pk}" in text(browser.get(f"/desk/shifts/{desk.shift.pk}/"))


def test_the_list_says_who_what_and_why():
    desk = Desk()
    message = broken(desk)
    page = text(desk.as_lead().get(f"/desk/messages/?call={desk.call.pk}"))
    for word in (message.reader.name, "gateway 503", str(desk.site), f"/desk/messages/{message.pk}/retry/"):
        assert word in page
    assert message.reader.phone not in page


def test_sent_again_it_goes_out_and_the_attempt_is_on_record():
    desk = Desk()
    message = broken(desk, reason="smtp 550")
    answer = desk.as_lead().post(
        f"/desk/messages/{message.pk}/retry/", {"back": f"/desk/messages/?call={desk.call.pk}"}
    )
    assert (answer.status_code, answer["Location"]) == (303, f"/desk/messages/?call={desk.call.pk}")
    assert state(message) == ("scheduled", 0)
    message.reader.email, message.reader.phone = "a@example.org", None
    message.reader.save()
    deliver("messages")
    assert state(message) == ("sent", 1)
    assert Delivery.objects.filter(message=message, channel="email").values_list("status", flat=True).get() == "sent"
    assert desk.as_lead().post(f"/desk/messages/{message.pk}/retry/").status_code == 409


def test_the_same_attempt_number_tells_of_the_newest_attempt():
    desk = Desk()
    message = broken(desk, reason="smtp 550")
    Delivery.objects.update(channel="email")
    message.reader.email, message.reader.phone = "a@example.org", None
    message.reader.save()
    desk.as_lead().post(f"/desk/messages/{message.pk}/retry/")
    deliver("messages")
    row = Delivery.objects.get(message=message)
    assert (row.status, row.reason) == ("sent", "")


def test_all_of_a_call_go_out_again_at_once_and_no_others():
    desk, other = Desk(seats=3), Desk()
    mine, foreign = [broken(desk) for _one in range(3)], broken(other)
    answer = desk.as_lead().post("/desk/messages/retry/", {"call": desk.call.pk}, follow=True)
    assert next(str(message) for message in answer.context["messages"]).startswith("3")
    assert {state(message)[0] for message in mine} == {"scheduled"}
    assert state(foreign) == ("failed", 5)


def test_what_is_no_news_any_more_is_not_listed_nor_sent():
    desk = Desk()
    past = broken(desk, expires_at=timezone.now() - timedelta(minutes=1))
    browser = desk.as_lead()
    assert browser.get("/desk/messages/").context["rows"] == []
    assert browser.post(f"/desk/messages/{past.pk}/retry/").status_code == 410
    assert state(past) == ("failed", 5)


def test_only_who_runs_the_place_sees_them():
    desk = Desk()
    message = broken(desk)
    for role in (RoleName.POINT_LEAD, RoleName.DISTRICT_LEAD, RoleName.AUDITOR):
        browser = places.client(desk.holder(role))
        assert browser.get("/desk/messages/").status_code == 404
        assert browser.post(f"/desk/messages/{message.pk}/retry/").status_code == 404
    elsewhere = places.client(places.lead(places.area()))
    assert elsewhere.get("/desk/messages/").context["rows"] == []
    assert elsewhere.get(f"/desk/messages/?call={desk.call.pk}").status_code == 404
    assert elsewhere.post(f"/desk/messages/{message.pk}/retry/").status_code == 404


def test_one_message_and_thirty_take_as_many_queries(queries_of):
    desk = Desk(seats=40)
    browser = desk.as_lead()
    broken(desk)
    browser.get("/desk/messages/")
    few = queries_of(lambda: browser.get("/desk/messages/"))
    for _message in range(29):
        broken(desk)
    assert queries_of(lambda: browser.get("/desk/messages/")) == few


def test_over_rest_the_lead_sends_again_and_the_reader_does_not():
    desk = Desk()
    message = broken(desk)
    lead = Api(desk.lead)
    assert lead.ids("messages/", status="failed") == [message.pk]
    assert told(Api(message.reader).post(f"messages/{message.pk}/retry/")) == (403, "not_your_role")
    row = lead.post(f"messages/{message.pk}/retry/").json()
    assert (row["status"], row["attempts"], row["sign_up"]) == ("scheduled", 0, message.target)
    assert told(lead.post(f"messages/{message.pk}/retry/")) == (409, "not_failed")


def test_a_message_about_something_else_is_no_sign_ups():
    """Its target is a number, too; whose that is, only the kind knows."""
    desk = Desk()
    message = broken(desk)
    Message.objects.filter(pk=message.pk).update(kind="repair_list")
    assert Api(desk.lead).ids("messages/") == []
    row = Api(message.reader).get(f"messages/{message.pk}/").json()
    assert (row["sign_up"], row["call_up"]) == (None, None)


@pytest.mark.django_db
def test_a_person_reads_what_became_of_a_message_whatever_it_is():
    reader, now = places.user(), timezone.now()
    for status in MessageStatus:
        Message.objects.create(
            kind="broadcast", key=status, reader=reader, target=1, facts={}, status=status, due_at=now, created_at=now
        )
    page = places.client(reader, proved=False).get("/my/messages/")
    assert (page.status_code, len(page.context["rows"])) == (200, len(MessageStatus))
    assert "已进汇总" in text(page)
