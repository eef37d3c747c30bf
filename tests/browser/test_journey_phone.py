"""From the link in the chat to a seat in under a minute; and "I cannot come", which asks the reserve."""

import gzip
import time
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from communities.messages import links
from communities.states import RoleName
from staffing.actions.signups import withdraw
from staffing.models import SignUp
from tests.browser.conftest import picture, violations
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.phone import NAME, PHONE, TYPED, Scene, places_of
from volunteers.models import ServiceRecord

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = ["zh-hans", "en"]
FIRST_LOAD = 60 * 1024


@pytest.fixture
def scene(transactional_db):
    return Scene(seats=9)


@dataclass
class Thumb:
    """Taps, counted. Typing counts as one tap into the field."""

    page: Page
    taps: int = 0
    began: float = field(default_factory=time.monotonic)

    def tap(self, selector: str) -> None:
        self.taps += 1
        self.page.locator(selector).first.click()

    def type(self, selector: str, text: str) -> None:
        self.taps += 1
        self.page.locator(selector).fill(text)


def from_the_link_to_a_seat(page: Page, scene: Scene, texts, shots: str = "") -> Thumb:
    thumb = Thumb(page)
    page.goto(scene.page)
    thumb.tap(".bar .primary")
    thumb.type("#id_name", NAME)
    thumb.type("#id_phone", TYPED)
    thumb.tap("button[value=code]")
    page.wait_for_selector("[role=status].ok")
    thumb.type("#id_code", texts.code(PHONE))
    thumb.tap(f"label:has([name=home][value='{scene.west.pk}'])")
    thumb.tap("label:has([name=fit])")
    thumb.tap("label:has([name=consent])")
    if shots:
        picture(page, f"phone-sign-up-{shots}")
    thumb.tap(".bar .primary")
    page.wait_for_selector(".ticket")
    return thumb


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_link_in_the_chat_to_a_seat_in_nine_taps_and_under_a_minute(scene, open_page, texts, language):
    page = open_page(language)
    thumb = from_the_link_to_a_seat(page, scene, texts, language)
    assert thumb.taps == 9
    assert time.monotonic() - thumb.began < 60
    seat = SignUp.objects.get()
    assert (seat.status, page.url.rsplit("/", 2)[1]) == ("confirmed", str(seat.pk))
    expect(page.locator(".ticket .no")).to_contain_text(str(seat.seat_no))
    picture(page, f"phone-pass-{language}")
    assert violations(page) == []


def test_without_script_it_is_the_same_seat(scene, open_page, texts):
    from_the_link_to_a_seat(open_page("en", script=False), scene, texts)
    assert places_of(scene.call) == [(NAME, "confirmed")]


def test_with_the_keyboard_alone_it_is_the_same_seat(scene, open_page, texts):
    page = open_page("en")
    page.goto(scene.form)
    page.locator("#id_name").focus()
    for text in (NAME, TYPED):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    expect(page.locator("button[value=code]")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status].ok")
    page.locator("#id_code").focus()
    page.keyboard.type(texts.code(PHONE))
    page.locator("[name=home]").first.focus()
    page.keyboard.press("ArrowDown")
    page.locator("[name=fit]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector(".ticket")
    assert places_of(scene.call) == [(NAME, "confirmed")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_are_focused_on_top_and_lose_nothing(scene, open_page, language):
    page = open_page(language)
    page.goto(scene.form)
    page.fill("#id_name", NAME)
    page.fill("#id_phone", TYPED)
    page.fill("#id_code", "40817")
    page.click(".bar .primary")
    expect(page.locator(".summary")).to_be_focused()
    expect(page.locator("#id_name")).to_have_value(NAME)
    picture(page, f"phone-sign-up-errors-{language}")
    assert violations(page) == []
    page.locator(".summary a").first.click()
    expect(page.locator("[name=home]").first).to_be_in_viewport()


@pytest.mark.parametrize("script", [True, False])
def test_i_cannot_come_asks_the_reserve_who_takes_the_seat_with_one_tap(scene, open_page, texts, script):
    holder = scene.fill(scene.post, scene.other)[0]
    reserve = scene.take(scene.post)
    page = open_page("en", user=holder.volunteer.user, script=script)
    page.goto("/my/")
    page.click("a[href$='/cannot/']")
    expect(page.locator(".card").first).to_contain_text("is offered to the next in line at once")
    picture(page, "phone-cannot-en")
    page.click(".bar .primary")
    page.wait_for_url("**/my/")
    reserve.refresh_from_db()
    assert reserve.status == "invited"

    asked = open_page("en", script=script)
    asked.goto(link_of(reserve))
    asked.click("button[value=come]")
    expect(asked.locator("h1")).to_contain_text("you are expected")
    reserve.refresh_from_db()
    assert (reserve.status, reserve.seat_no) == ("confirmed", holder.seat_no)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_cannot_come_taps_twice_the_reserve_once_and_the_leader_reads_a_calm_line(scene, open_page, language):
    holder = scene.fill(scene.post)[0]
    reserve = scene.take(scene.post)
    told = open_page(language, user=places.lead(scene.community, RoleName.POINT_LEAD))
    told.goto(f"/p/{scene.first.pk}/")
    expect(told.locator(".notice")).to_have_count(0)
    missing = told.locator("#missing .tone.bad").count()

    mine = Thumb(open_page(language, user=holder.volunteer.user))
    mine.page.goto(f"/s/{holder.pk}/")
    mine.tap("a[href$='/cannot/']")
    sentence = mine.page.locator("main .card p").first
    expect(sentence).to_contain_text(
        {"en": "is offered to the next in line at once", "zh-hans": "马上让给下一位候补"}[language]
    )
    picture(mine.page, f"phone-cannot-{language}")
    mine.tap(".bar .primary")
    mine.page.wait_for_url("**/my/")
    told.reload()
    expect(told.locator(".notice.off")).to_contain_text(reserve.volunteer.name)
    assert violations(told) == []
    picture(told, f"board-cannot-{language}", whole=False)

    reserve.refresh_from_db()
    asked = Thumb(open_page(language))
    asked.page.goto(link_of(reserve))
    expect(asked.page.locator("progress")).to_be_visible()  # the time that is left to answer
    asked.tap("button[value=come]")
    told.reload()
    expect(told.locator(".notice.off")).to_contain_text({"en": "has the seat", "zh-hans": "顶上了"}[language])
    assert (mine.taps, asked.taps, told.locator("#missing .tone.bad").count()) == (2, 1, missing)


def link_of(signup: SignUp) -> str:
    return f"/a/{links.make(links.Purpose.OFFER, signup.pk, signup.respond_by)}"


def the_pages(scene: Scene):
    """Every page of a volunteer, each in a state in which much is on it."""
    person = scene.neighbour()
    make.consent(person)
    person.user.name = "安示例"
    person.user.save()
    seat = scene.take(scene.post, person)
    day_after = make.shift(scene.site, scene.call, start=scene.second.ends_at + timedelta(days=2), leader=scene.leader)
    full = make.post(day_after, 1, role=scene.marshal)
    holder = scene.take(full)
    line = scene.take(full, person)
    later = make.post(
        make.shift(scene.site, scene.call, start=scene.first.starts_at.replace(hour=21)), 1, role=scene.marshal
    )
    other_holder, reserve = scene.take(later), scene.take(later)
    withdraw(other_holder.pk, now=timezone.now())
    reserve.refresh_from_db()
    ServiceRecord.objects.create(
        volunteer=person, sign_up=1, community=scene.community, kind="volunteer", what="核酸检测 · 信息录入",
        where="西苑10号点", started_at=timezone.now(), ended_at=timezone.now(), minutes=390,
    )  # fmt: skip
    assert holder.status == "confirmed"
    return person.user, {
        "home": "/",
        "call": scene.page,
        "my": "/my/",
        "me": "/me/",
        "history": "/me/history/",
        "leave": "/me/leave/",
        "calls": "/calls/",
        "pass-own": f"/s/{seat.pk}/",
        "waitlist": f"/s/{line.pk}/",
        "cannot-own": f"/s/{seat.pk}/cannot/",
        "form-known": f"{scene.form}?again=1",
        "answer": link_of(reserve),
    }


STRANGER = {"home", "call", "answer"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_an_accessibility_violation_or_scrolls_sideways(scene, open_page, language):
    user, pages = the_pages(scene)
    mine, stranger = open_page(language, user=user), open_page(language)
    found = {}
    for name, path in pages.items():
        page = stranger if name in STRANGER else mine
        assert page.goto(path).status == 200
        picture(page, f"phone-{name}-{language}")
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        found[name] = violations(page) + ([("sideways", page.url)] if wide else [])
    assert found == {name: [] for name in pages}


def test_large_text_on_a_small_phone_scrolls_down_only(scene, open_page):
    user, pages = the_pages(scene)
    page = open_page("en", user=user, size={"width": 320, "height": 700})
    wide = []
    for name, path in pages.items():
        page.goto(f"{path}{'&' if '?' in path else '?'}size=large")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(name)
    assert wide == []


def test_the_first_load_is_under_sixty_kilobytes(scene, open_page):
    user, pages = the_pages(scene)
    sizes = {}
    for name, path in pages.items():
        page = open_page("zh-hans", user=None if name in STRANGER else user)
        bodies = []
        page.on("response", lambda response, bodies=bodies: bodies.append(response))
        page.goto(path, wait_until="networkidle")
        sizes[name] = sum(len(gzip.compress(body.body(), 6)) for body in bodies if body.ok)
    assert [name for name, size in sizes.items() if not 10_000 < size < FIRST_LOAD] == []


def test_the_live_number_follows_without_touching_what_is_typed(scene, open_page):
    page = open_page("en")
    page.goto(scene.page)
    expect(page.locator(".fill .hit")).to_have_text("18")
    scene.take()
    page.evaluate("htmx.trigger(document.querySelector('.fill'), 'every', {}, false)")
    expect(page.locator(".fill .hit")).to_have_text("17")
