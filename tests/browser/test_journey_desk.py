"""From the alarm to a published call within a few taps; the board at ten past six; the same without script."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from communities.states import RoleName
from staffing.actions.signups import Entry, sign_up
from staffing.models import CallUp, Post, Shift, SignUp
from tests.browser.conftest import DESK, PHONE, picture, soon, violations
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = ["zh-hans", "en"]
SOON = timedelta(minutes=12)


@pytest.fixture
def desk(transactional_db):
    return Desk(seats=4)


def seated(desk, post: Post | None = None, **columns) -> SignUp:
    person = make.volunteer(desk.home)
    entry = Entry(channel="desk", by=desk.lead, on_behalf=True)
    signup = sign_up((post or desk.post).pk, person.pk, now=timezone.now(), entry=entry)
    SignUp.objects.filter(pk=signup.pk).update(**columns)
    return signup


def crowd(desk) -> None:
    """17 points with a few people, so that the pages look like a night."""
    roles = [make.role(slug, name=name, name_en=english) for slug, name, english in ROLES]
    for index in range(1, 17):
        shift = desk.point(places.site(compound=desk.home, no=index, name=f"{index}号点", name_en=f"Point {index}"))
        for role in roles:
            post = make.post(shift, role=role, seats=1 + (role.slug == "knock"))
            if (index + role.pk) % 3:
                seated(desk, post)


ROLES = [("entry", "录入", "Data entry"), ("queue", "维序", "Marshal"), ("knock", "敲门", "Door caller")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_alarm_to_a_published_call_in_a_few_taps(open_page, language, transactional_db):
    desk = Desk()
    CallUp.objects.update(status="closed")
    for _each in range(4):
        places.site(compound=desk.home)
    role = make.role("knock", name="敲门", name_en="Door caller")
    page = open_page(language, user=desk.lead, size=PHONE)
    taps = 0

    def tap(selector: str) -> None:
        nonlocal taps
        taps += 1
        page.locator(selector).first.click()

    page.goto(reverse("desk"))
    tap("main header .primary")
    page.fill("#id_title", "明早核酸，招人")
    page.fill("#id_activity", "第3轮核酸检测")
    tap("form .primary")
    page.fill(f"#id_seats_{role.pk}", "3")
    page.fill("#id_briefing", "先洗手，再穿戴")
    tap("form .primary")
    tap(".steps .primary")

    expect(page.locator(".chip.ok").first).to_be_visible()
    call = CallUp.objects.latest("pk")
    assert [call.status, call.shifts.filter(status="open").count(), taps] == ["open", 10, 4]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_reads_well_in_both_languages_on_a_desk_and_on_a_phone(open_page, desk, language, size):
    crowd(desk)
    page = open_page(language, user=desk.lead, size=size)
    page.goto(reverse("call_desk", args=[desk.call.pk]))

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, f"desk-{'phone-' if size == PHONE else ''}{language[:2]}", whole=size == DESK)


PAGES = [
    "desk",
    "call_new",
    "call_shifts",
    "call_share",
    "call_edit",
    "call_cancel",
    "call_copy_day",
    "shifts_new",
    "gate_sheet",
    "call_poster",
]
OF_SHIFT = [
    "roster",
    "shift_move",
    "shift_copy",
    "shift_cancel",
    "shift_brief",
    "post_new",
    "walk_in",
    "board_qr",
    "board",
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_the_desk_has_an_accessibility_violation_or_scrolls_sideways(open_page, desk, language):
    signup = seated(desk)
    places.policies()
    district = desk.holder(RoleName.DISTRICT_LEAD)
    page = open_page(language, user=desk.lead, size=PHONE)
    addresses = [reverse(name, args=[] if name in ("desk", "call_new") else [desk.call.pk]) for name in PAGES]
    addresses += [reverse(name, args=[desk.shift.pk]) for name in OF_SHIFT]
    addresses += [reverse(name, args=[desk.post.pk]) for name in ("post_find", "post_add", "pledge_new")]
    addresses += [reverse(name, args=[signup.pk]) for name in ("signup_decline", "signup_cancel", "signup_move")]
    addresses += [reverse(name) for name in ("people", "person_new", "pledges", "zones", "boards")]
    addresses += [
        reverse("person", args=[signup.volunteer.enrolments.get().pk]),
        reverse("history", args=["call", desk.call.pk]),
    ]

    found = [(address, *trouble) for address in addresses if (trouble := troubles(page, address))]
    assert found == []
    other = open_page(language, user=district, size=DESK)
    assert troubles(other, reverse("zone_set", args=[desk.home.pk])) == []


def troubles(page: Page, address: str) -> list[object]:
    answer = page.goto(address)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*violations(page), *(["sideways"] if wide else []), *([answer.status] if answer.status != 200 else [])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_board_checks_in_with_one_tap_and_undoes_it_from_the_toast(open_page, language, transactional_db):
    desk = Desk(seats=6, starts_in=SOON)
    late, coming = seated(desk), seated(desk, on_my_way_at=timezone.now())
    seated(desk, status="checked_in", checked_in_at=timezone.now())
    make.volunteer(desk.home)
    page = open_page(language, user=places.lead(desk.area, RoleName.POINT_LEAD))
    page.goto(reverse("board", args=[desk.shift.pk]))
    assert violations(page) == []
    picture(page, f"board-{language[:2]}", whole=False)
    number = page.locator(".tally .ok .num")

    page.locator(f"form[action$='/in/{late.pk}/'] button").click()
    expect(number).to_have_text("2")
    assert SignUp.objects.get(pk=late.pk).status == "checked_in"
    page.locator(".toast button").click()
    expect(number).to_have_text("1")
    assert [SignUp.objects.get(pk=one.pk).status for one in (late, coming)] == ["confirmed", "confirmed"]


def test_the_board_shows_by_itself_who_scanned_the_code(open_page, transactional_db):
    desk = Desk(seats=2, starts_in=SOON)
    signup = seated(desk)
    board = open_page("en", user=places.lead(desk.area, RoleName.POINT_LEAD))
    board.goto(reverse("board", args=[desk.shift.pk]))
    board.click(".bar .primary")
    address = board.locator("#code a").get_attribute("href")
    assert violations(board) == []
    picture(board, "board-code", whole=False)
    board.go_back()

    phone = open_page("en", user=signup.volunteer.user)
    phone.goto(address)
    assert violations(phone) == []
    phone.check("[name=fit]")
    phone.click(".primary")
    expect(phone.locator(".notice.ok")).to_be_visible()

    expect(board.locator(".tally .ok .num")).to_have_text("1", timeout=10_000)


def test_a_walk_in_takes_a_name_a_phone_and_two_taps(open_page, transactional_db):
    desk = Desk(seats=2, starts_in=SOON)
    page = open_page("en", user=places.lead(desk.area, RoleName.POINT_LEAD))
    page.goto(reverse("board", args=[desk.shift.pk]))
    page.click(".bar .btn:nth-child(2)")
    page.fill("#id_name", "Demo Volunteer 07")
    page.fill("#id_phone", "120 0099 0007")
    page.click(".bar .primary")

    expect(page.locator(".tally .ok .num")).to_have_text("1")
    assert SignUp.objects.get().status == "checked_in"


def test_everything_works_without_script(open_page, transactional_db):
    desk = Desk(seats=2, starts_in=SOON)
    signup = seated(desk)
    page = open_page("en", user=desk.lead, script=False, size=DESK)
    page.goto(reverse("board", args=[desk.shift.pk]))
    page.click(f"form[action$='/in/{signup.pk}/'] button")
    assert page.locator(".tally .ok .num").inner_text() == "1"

    page.goto(reverse("roster", args=[desk.shift.pk]))
    page.fill("[name=seats]", "5")
    page.click("form[action$='/seats/'] button")
    assert soon(lambda: Post.objects.get().seats == 5)
    page.click("a[href$='/cancel/'].danger")
    assert re.search("tell [0-9]+ (person|people)", page.locator("button.danger").inner_text())
    page.fill("#id_reason", "rain")
    page.click("button.danger")
    assert soon(lambda: Shift.objects.get().status == "cancelled")


def test_the_desk_is_worked_by_keyboard(open_page, desk):
    page = open_page("en", user=desk.lead, size=DESK)
    page.goto(reverse("call_desk", args=[desk.call.pk]))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _step in range(40):
        page.keyboard.press("Tab")
        if "short" in page.evaluate("document.activeElement.className"):
            break
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("Who could stand here")
