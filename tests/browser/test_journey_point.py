"""The point lead at ten past six: who is here, on the way, missing; one tap, a walk-in, the nearest reserve, and off."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from communities.models import Message
from communities.states import RoleName
from staffing.actions.signups import Entry, sign_up
from staffing.models import SignUp
from tests.browser.conftest import picture, violations
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SOON = timedelta(minutes=20)
TAP_ALL = """(pause) => [...document.querySelectorAll("form[action*='/in/']")].forEach((form, number) =>
    setTimeout(() => document.querySelector(`form[action='${form.getAttribute("action")}'] button`).click(), number * pause))"""


def tally(page: Page, missing: int, coming: int, here: int) -> None:
    for tone, number in (("bad", missing), ("info", coming), ("ok", here)):
        expect(page.locator(f".tally .{tone} .num")).to_have_text(str(number))


def tapped(page: Page, signup: SignUp) -> None:
    page.click(f"form[action$='/in/{signup.pk}/'] button")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_point_is_complete_before_the_round_begins(open_page, language, transactional_db):
    desk = Desk(seats=5, starts_in=SOON)
    names = ("安演示", "白演示", "陈演示")
    people = [make.volunteer(desk.home, user=places.user(name)) for name in names]
    entry = Entry(channel="desk", by=desk.lead, on_behalf=True)
    seats = [sign_up(desk.post.pk, person.pk, now=timezone.now(), entry=entry) for person in people]
    missing, coming, early = seats
    SignUp.objects.filter(pk=coming.pk).update(on_my_way_at=timezone.now())
    SignUp.objects.filter(pk=early.pk).update(status="checked_in", checked_in_at=timezone.now())
    reserve = make.volunteer(desk.home, user=places.user("邓演示"))
    lead = places.lead(desk.area, RoleName.POINT_LEAD)
    desk.shift.leader = lead
    desk.shift.save()

    page = open_page(language, user=lead)
    page.goto(reverse("boards"))  # with one board near, it is that
    tally(page, missing=3, coming=1, here=1)
    picture(page, f"point-begin-{language[:2]}")
    assert violations(page) == []
    tapped(page, missing)
    tally(page, missing=2, coming=1, here=2)
    tapped(page, coming)
    tally(page, missing=2, coming=0, here=3)

    page.click(f"a[href='{reverse('walk_in', args=[desk.shift.pk])}']")
    page.fill("#id_name", "方演示")
    page.fill("#id_phone", "120 0099 0007")
    picture(page, f"point-walk-in-{language[:2]}")
    page.click(".bar .primary")
    tally(page, missing=1, coming=0, here=4)

    expect(page.locator("#missing")).to_contain_text("邓演示")
    page.click("#missing form[action*='/call/'] button")
    expect(page.locator("#missing form[action*='/call/']")).to_have_count(0)
    asked = SignUp.objects.get(volunteer=reserve)
    assert Message.objects.filter(reader=reserve.user, target=asked.pk).exists()
    phone = open_page(language, user=reserve.user)
    phone.goto(reverse("ticket", args=[asked.pk]))
    phone.click("button[value=come]")
    expect(phone.locator(".ticket")).to_be_visible()
    phone.click("button[value=on_my_way]")

    page.reload()
    tally(page, missing=0, coming=1, here=4)
    tapped(page, asked)
    tally(page, missing=0, coming=0, here=5)
    page.click(f"form[action='{reverse('board_do', args=[desk.shift.pk, 'start'])}'] button")
    expect(page.locator(f"form[action='{reverse('board_do', args=[desk.shift.pk, 'finish'])}']")).to_be_visible()
    picture(page, f"point-complete-{language[:2]}")
    assert violations(page) == []
    desk.shift.refresh_from_db()
    assert desk.shift.status == "running"


@pytest.mark.parametrize("pause", [0, 90])
def test_taps_one_upon_the_other_are_all_counted_and_shown(open_page, transactional_db, pause):
    desk = Desk(seats=5, starts_in=SOON)
    entry = Entry(channel="desk", by=desk.lead, on_behalf=True)
    for _person in range(5):
        sign_up(desk.post.pk, make.volunteer(desk.home).pk, now=timezone.now(), entry=entry)
    page = open_page("en", user=places.lead(desk.area, RoleName.POINT_LEAD))
    page.goto(reverse("board", args=[desk.shift.pk]))
    page.evaluate(TAP_ALL, pause)
    tally(page, missing=0, coming=0, here=5)
    assert SignUp.objects.filter(status="checked_in").count() == 5
