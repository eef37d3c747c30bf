"""Who does not answer: the second way, the lead's list, the next in line; and a shift that becomes short."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from communities.errors import Refused
from communities.messages.claims import claim
from communities.messages.delivery import gather
from communities.models import Browser, DeadEnd, Message
from staffing.actions import decisions, escalation, signups
from staffing.actions.attendance import set_out
from staffing.actions.reminders import sweep
from staffing.models import Post, Shortage, SignUp
from staffing.queries.risks import at_risk
from staffing.rules.escalation import LEAD_AFTER, SECOND_AFTER, Reminded, Risk, ask_again, risk
from tests.doors import Api, told
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from tests.staffing.desks import Desk, text

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
REMINDED = DAWN - 2 * HOUR

# -- the rule ----------------------------------------------------------------------------------------------------------


def test_a_silent_person_is_asked_a_second_way_then_is_a_matter_for_the_lead():
    one = Reminded(REMINDED, second_way=True)
    at = REMINDED + SECOND_AFTER
    assert (ask_again(one, at - MINUTE), ask_again(one, at), risk(one, at + HOUR)) == (False, True, None)
    again = Reminded(REMINDED, second_way=True, again_at=at)
    assert (ask_again(again, at + HOUR), risk(again, at + LEAD_AFTER - MINUTE)) == (False, None)
    assert risk(again, at + LEAD_AFTER) is Risk.SILENT


def test_without_a_second_way_it_is_the_leads_at_once_and_a_dead_address_too():
    at = REMINDED + SECOND_AFTER
    assert (risk(Reminded(REMINDED), at - MINUTE), risk(Reminded(REMINDED), at)) == (None, Risk.SILENT)
    assert risk(Reminded(None, failed=True), REMINDED) is Risk.UNREACHABLE
    assert risk(Reminded(REMINDED, second_way=True, again_failed=True), at) is Risk.SILENT


moments = some.none() | some.integers(0, 200).map(lambda minutes: REMINDED + timedelta(minutes=minutes))


@given(sent=moments, again=moments, failed=some.booleans(), second=some.booleans(), minutes=some.integers(0, 400))
def test_who_has_answered_is_left_alone_and_nobody_is_asked_again_twice(sent, again, failed, second, minutes):
    now = REMINDED + timedelta(minutes=minutes)
    one = Reminded(sent, failed, False, again, False, second)
    answered = Reminded(sent, failed, True, again, False, second)
    assert (ask_again(answered, now), risk(answered, now)) == (False, None)
    assert not (ask_again(one, now) and (again or risk(one, now)))


# -- what happens ------------------------------------------------------------------------------------------------------


@pytest.fixture
def seat(db, settings):
    """A confirmed seat at dawn, reminded of two hours before by text message; its holder reads e-mail too."""
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1"
    call = make.call()
    person = make.volunteer(user=places.user(email="demo@example.org"))
    found = signups.sign_up(make.post(make.shift(call_up=call), seats=1).pk, person.pk, now=NIGHT)
    SignUp.objects.update(changed_at=NIGHT)
    sweep(REMINDED)
    Message.objects.filter(kind="reminder").update(status="sent", channel="sms", sent_at=REMINDED)
    return SignUp.objects.select_related("shift__call_up", "volunteer__user").get(pk=found.pk)


def again() -> list[tuple[str, str]]:
    return list(Message.objects.filter(kind="reminded_again").values_list("channel", "status"))


def listed(seat, now) -> list[tuple[int, Risk, tuple[str, ...]]]:
    return [(one.signup.pk, one.risk, one.ways) for one in at_risk(seat.shift.call_up, now)]


def test_the_second_way_is_taken_once_and_after_it_the_lead_sees_the_seat(seat):
    at = REMINDED + SECOND_AFTER
    assert escalation.remind_again(at - MINUTE) == 0
    assert [escalation.remind_again(at) for _sweep in range(2)] == [1, 0]
    assert again() == [("email", "scheduled")]
    assert listed(seat, at) == []
    Message.objects.filter(kind="reminded_again").update(status="sent", sent_at=at)
    assert listed(seat, at + LEAD_AFTER) == [(seat.pk, Risk.SILENT, ("sms", "email"))]


@pytest.mark.parametrize("answer", [escalation.will_come, set_out])
def test_who_answers_is_not_asked_again_and_is_on_no_list(seat, answer):
    escalation.remind_again(REMINDED + SECOND_AFTER)
    answer(seat.pk, now=REMINDED + SECOND_AFTER)
    assert again() == [("email", "cancelled")]
    assert Message.objects.get(kind="reminder").status == "acknowledged"
    assert listed(seat, DAWN - MINUTE) == []


def test_who_has_answered_before_is_not_asked(seat):
    escalation.will_come(seat.pk, now=REMINDED)
    assert escalation.remind_again(REMINDED + SECOND_AFTER) == 0


def test_a_second_way_that_is_dead_is_none(seat):
    DeadEnd.objects.create(user=seat.volunteer.user, channel="email", since=NIGHT)
    assert escalation.remind_again(REMINDED + SECOND_AFTER) == 0
    assert listed(seat, REMINDED + SECOND_AFTER) == [(seat.pk, Risk.SILENT, ("sms",))]


def test_the_browser_is_a_second_way_and_comes_before_e_mail(seat, settings):
    settings.VAPID_PRIVATE_KEY = "key"
    Browser.objects.create(user=seat.volunteer.user, subscription="{}", endpoint_hash="b", since=NIGHT)
    assert escalation.remind_again(REMINDED + SECOND_AFTER) == 1
    assert again() == [("push", "scheduled")]


def test_another_way_that_is_dead_or_was_long_ago_takes_no_second_way_from_anybody(seat):
    user = seat.volunteer.user
    DeadEnd.objects.create(user=user, channel="push", since=NIGHT)
    DeadEnd.objects.create(user=user, channel="email", since=NIGHT - timedelta(days=8))
    assert escalation.remind_again(REMINDED + SECOND_AFTER) == 1
    assert again() == [("email", "scheduled")]


def test_whom_no_reminder_reaches_is_at_risk_at_once(seat):
    Message.objects.filter(kind="reminder").update(status="failed", sent_at=None)
    assert listed(seat, REMINDED) == [(seat.pk, Risk.UNREACHABLE, ("sms",))]


def test_a_reminder_of_the_evening_before_wants_no_answer(seat):
    Message.objects.filter(kind="reminder").update(due_at=NIGHT)
    assert escalation.remind_again(REMINDED + HOUR) == 0
    assert listed(seat, REMINDED + HOUR) == []


def test_the_second_reminder_says_so_and_is_out_of_date_with_the_seat(seat):
    escalation.remind_again(REMINDED + SECOND_AFTER)
    held, _now = claim("messages", REMINDED + SECOND_AFTER)
    (one,) = [message for message in held if message.kind == "reminded_again"]
    assert gather([one], REMINDED)[one.id].kind == "reminded_again"
    signups.withdraw(seat.pk, now=REMINDED)
    assert gather([one], REMINDED) == {}


def test_one_tap_gives_the_seat_to_the_next_in_line_and_both_are_told(seat):
    heir = signups.sign_up(seat.post_id, make.volunteer().pk, now=NIGHT)
    gone = escalation.replace(seat.pk, by=places.user(), now=REMINDED)
    assert escalation.replace(seat.pk, by=places.user(), now=REMINDED).pk == gone.pk
    heir.refresh_from_db()
    assert (gone.status, gone.reason, heir.status) == ("cancelled", "unreachable", "invited")
    assert Message.objects.filter(kind="cancelled", target=seat.pk).count() == 1
    assert Message.objects.filter(kind="offered", target=heir.pk).count() == 1


def test_nobody_who_is_on_the_way_is_replaced(seat):
    set_out(seat.pk, now=REMINDED)
    with pytest.raises(Refused, match="invalid_transition"):
        escalation.replace(seat.pk, by=places.user(), now=REMINDED)


# -- a shift that is short ---------------------------------------------------------------------------------------------


@pytest.fixture
def shift(db):
    lead = places.user()
    found = make.shift(call_up=make.call(contact=lead), leader=lead)
    make.post(found, seats=2)
    return found


def alarms() -> int:
    return Message.objects.filter(kind="short").count()


def test_a_shift_that_becomes_short_is_told_of_once_per_change(shift):
    soon = DAWN - 2 * HOUR
    assert (escalation.watch_shortages(DAWN - 4 * HOUR), alarms()) == (0, 0)
    assert [escalation.watch_shortages(soon + n * MINUTE) for n in range(3)] == [1, 0, 0]
    assert (alarms(), Shortage.objects.get().missing) == (1, 2)
    seats = [signups.sign_up(shift.posts.get().pk, make.volunteer().pk, now=soon) for _seat in range(2)]
    assert escalation.watch_shortages(soon + 5 * MINUTE) == 0
    assert Shortage.objects.get().over_at == soon + 5 * MINUTE
    decisions.cancel(seats[0].pk, by=places.user(), now=soon, reason="double_entry")
    assert escalation.watch_shortages(soon + 6 * MINUTE) == 1
    assert (alarms(), Shortage.objects.count()) == (2, 2)


def test_a_shortage_is_over_when_the_shift_begins_and_no_news_when_it_was_filled(shift):
    soon = DAWN - HOUR
    escalation.watch_shortages(soon)
    held, _now = claim("messages", soon)
    assert [found.missing for found in gather(held, soon).values()] == [2]
    Post.objects.update(taken=2)
    assert gather(held, soon) == {}
    escalation.watch_shortages(DAWN)
    assert Shortage.objects.get().over_at == DAWN


def test_seats_of_an_agency_are_not_the_communitys_shortage(shift):
    Post.objects.update(agency=places.organisation())
    assert escalation.watch_shortages(DAWN - HOUR) == 0


# -- the pages ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(db, settings):
    """A shift in an hour and a half; one holder was reminded long ago and says nothing, two wait in line."""
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1"
    found = Desk(seats=1, starts_in=timedelta(minutes=80))
    found.seat = signups.sign_up(found.post.pk, make.volunteer(found.home).pk, now=found.now)
    SignUp.objects.update(changed_at=found.now - 5 * HOUR)
    sweep(found.now)
    Message.objects.filter(kind="reminder").update(status="sent", channel="sms", sent_at=found.now - HOUR)
    return found


def test_the_desk_says_that_somebody_does_not_answer_and_asks_the_next_with_one_tap(desk):
    heir = signups.sign_up(desk.post.pk, make.volunteer(desk.home).pk, now=desk.now)
    browser, address = desk.as_lead(), f"/desk/calls/{desk.call.pk}/risks/"
    assert address in text(browser.get(f"/desk/calls/{desk.call.pk}/"))
    page = text(browser.get(address))
    assert (desk.seat.volunteer.user.name in page, f"/desk/sign-ups/{desk.seat.pk}/replace/" in page) == (True, True)
    answer = browser.post(f"/desk/sign-ups/{desk.seat.pk}/replace/", {"back": address})
    assert (answer.status_code, answer["Location"]) == (303, address)
    heir.refresh_from_db()
    assert heir.status == "invited"
    browser.get(address)  # says once what was done
    assert desk.seat.volunteer.user.name not in text(browser.get(address))


def test_the_roster_says_what_each_was_told_and_whether_it_arrived(desk):
    page = desk.as_lead().get(f"/desk/shifts/{desk.shift.pk}/")
    assert [bool(line.told) for line in page.context["lines"]] == [True]
    assert text(places.client(desk.holder("point_lead")).get(f"/desk/shifts/{desk.shift.pk}/")).count("sms") == 0


def test_the_person_answers_with_one_tap_from_the_pass(desk):
    browser = places.client(desk.seat.volunteer.user, proved=False)
    address = f"/s/{desk.seat.pk}/"
    assert 'value="sure"' in text(browser.get(address))
    assert browser.post(f"{address}answer/", {"answer": "sure"}).status_code == 302
    assert 'value="sure"' not in text(browser.get(address))
    assert at_risk(desk.call, timezone.now()) == []


def test_over_rest_the_person_answers_and_the_lead_replaces(desk):
    lead, holder = Api(desk.lead), Api(desk.seat.volunteer.user)
    (found,) = lead.get(f"call-ups/{desk.call.pk}/at-risk/").json()["seats"]
    assert (found["sign_up"], found["risk"]) == (desk.seat.pk, "silent")
    assert told(holder.post(f"sign-ups/{desk.seat.pk}/replace/")) == (403, "not_your_role")
    assert holder.post(f"sign-ups/{desk.seat.pk}/will-come/").status_code == 200
    assert lead.get(f"call-ups/{desk.call.pk}/at-risk/").json()["seats"] == []
    assert lead.post(f"sign-ups/{desk.seat.pk}/replace/").json()["status"] == "cancelled"


def test_one_seat_at_risk_and_thirty_take_as_many_queries(desk, queries_of):
    browser, address = desk.as_lead(), f"/desk/calls/{desk.call.pk}/risks/"
    browser.get(address)
    few = queries_of(lambda: browser.get(address))
    Post.objects.update(seats=30)
    for _seat in range(29):
        signups.sign_up(desk.post.pk, make.volunteer(desk.home).pk, now=desk.now)
    SignUp.objects.update(changed_at=desk.now - 5 * HOUR)
    sweep(desk.now)
    Message.objects.filter(kind="reminder").update(status="sent", channel="sms", sent_at=desk.now - HOUR)
    assert len(at_risk(desk.call, timezone.now())) == 30
    assert queries_of(lambda: browser.get(address)) == few
