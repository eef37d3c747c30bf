"""A second person's yes at the board, a reminder before a call opens, a no to a call, and an officer's promise."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from communities.messages import links
from communities.models import Message
from communities.states import RoleName
from staffing.actions import callups
from staffing.actions.signups import Entry, sign_up
from staffing.models import CallUp, Pledge, Reply, SignUp
from tests.browser.conftest import DESK, picture, violations
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk

LANGUAGES = ["zh-hans", "en"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def leader(desk):
    return places.lead(desk.area, RoleName.POINT_LEAD)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_check_out_is_tapped_by_one_and_agreed_by_another(open_page, language, transactional_db):
    desk = Desk(starts_in=timedelta(hours=-3))
    entry = Entry(channel="desk", by=desk.lead, on_behalf=True)
    signup = sign_up(desk.post.pk, make.volunteer(desk.home).pk, now=desk.now, entry=entry)
    SignUp.objects.update(status="checked_in", checked_in_at=desk.now - timedelta(hours=6))
    first, second = open_page(language, user=leader(desk)), open_page(language, user=leader(desk))
    address = reverse("board", args=[desk.shift.pk])

    first.goto(address)
    first.click(f"form[action$='/out/{signup.pk}/'] button")
    expect(first.locator("form[action*='/out/']")).to_have_count(0)
    assert first.locator("form[action*='/agree/']").count() == 0
    second.goto(address)
    assert violations(second) == []
    picture(second, f"board-second-yes-{language[:2]}", whole=False)
    second.click("form[action*='/agree/'] button")
    expect(second.locator(".tally .ok .num")).to_have_text("0")
    assert SignUp.objects.get().status == "completed"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_no_show_is_corrected_from_the_board(open_page, language, transactional_db):
    desk = Desk(starts_in=timedelta(hours=-3))
    entry = Entry(channel="desk", by=desk.lead, on_behalf=True)
    sign_up(desk.post.pk, make.volunteer(desk.home).pk, now=desk.now, entry=entry)
    SignUp.objects.update(status="no_show", seat_no=None)
    page = open_page(language, user=leader(desk))
    page.goto(reverse("board", args=[desk.shift.pk]))
    page.click("a[href*='/correct/']")
    assert violations(page) == []
    picture(page, f"board-correct-{language[:2]}", whole=False)
    page.click(".bar .primary")
    expect(page.locator(".notice.ok")).to_be_visible()
    assert SignUp.objects.get().proposals.get().kind == "correct"


@pytest.mark.parametrize("script", [True, False])
def test_a_volunteer_is_reminded_of_a_call_that_opens_later_and_may_change_their_mind(
    open_page, script, transactional_db
):
    soon = timezone.now() + timedelta(hours=3)
    call = make.call(starts_at=soon, ends_at=soon + timedelta(hours=4), sign_up_from=soon - timedelta(hours=1))
    make.post(make.shift(call_up=call, start=soon), seats=2)
    page = open_page("en", user=make.volunteer().user, script=script)
    page.goto(f"/c/{call.slug}/")
    assert not script or violations(page) == []
    picture(page, "phone-remind-en", whole=False)
    page.click(".bar .primary")
    expect(page.locator("button[name=undo]")).to_be_visible()
    assert Reply.objects.get().said == "remind_me"
    page.click("button[name=undo]")
    expect(page.locator(".bar .primary")).to_be_visible()
    assert not Reply.objects.exists()


def test_a_no_to_a_call_is_one_tap_from_the_message(open_page, transactional_db):
    desk = Desk()
    make.volunteer(desk.home)
    callups.call(desk.call.pk, by=desk.lead, now=desk.now)
    message = Message.objects.get(kind="call_up")
    page = open_page("en")
    page.goto("/a/" + links.make(links.Purpose.CALL, message.pk, desk.call.ends_at))
    assert violations(page) == []
    page.click(".answers button")
    expect(page.locator(".notice.ok")).to_be_visible()
    assert Reply.objects.get().said == "not_this_time"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_officer_finds_what_asks_them_and_promises_people(open_page, language, transactional_db):
    desk, unit = Desk(seats=4), places.organisation()
    CallUp.objects.update(organisation=unit)
    page = open_page(language, user=places.grant(RoleName.ORG_HR, organisation=unit).user, size=DESK)
    page.goto("/desk/")
    assert violations(page) == []
    picture(page, f"desk-pledges-asked-{language[:2]}", whole=False)
    page.click(f"a[href$='/posts/{desk.post.pk}/pledge/']")
    assert violations(page) == []
    due = timezone.localtime(desk.start - timedelta(hours=1), make.TAIYUAN)
    page.fill("#id_seats", "3")
    page.fill("#id_day", f"{due:%Y-%m-%d}")
    page.fill("#id_clock", f"{due:%H:%M}")
    page.click("form .primary")
    page.goto(reverse("pledges"))
    expect(page.locator(".hit").first).to_contain_text("3")
    assert (Pledge.objects.get().seats, Pledge.objects.get().organisation) == (3, unit)


def test_a_lead_asks_the_neighbours_with_the_one_red_button(open_page, transactional_db):
    desk = Desk()
    person = make.volunteer(desk.home)
    page = open_page("en", user=desk.lead, size=DESK)
    page.goto(reverse("call_desk", args=[desk.call.pk]))
    assert page.locator(".btn.primary").count() == 1
    page.click(".steps .primary")
    expect(page.locator(".notice.ok")).to_contain_text("1 person")
    assert Message.objects.get(kind="call_up").reader == person.user
