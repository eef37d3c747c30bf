"""A stairwell without a network: the taps wait on the phone, arrive once, and nothing stays behind."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from staffing.actions import beats, door_rounds
from staffing.models import BeatHolding, DoorRound, DoorVisit, HomeService
from tests.browser.conftest import DESK, picture, soon, violations
from tests.factories import communities as places
from tests.factories.doors import Yard, knock, tap

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = ["zh-hans", "en"]
MINUTE = timedelta(minutes=1)
WORDS = {
    "zh-hans": {
        "told": "已通知", "visit": "要上门", "vacant": "空户", "again": "没人应", "care": "照料", "offline": "离线，3条待传",
        "disputed": "两种说法", "undo": "撤销", "first": "3单元", "out": "退出", "round": "通知下楼",
    },
    "en": {
        "told": "Told", "visit": "Visit", "vacant": "Vacant", "again": "No answer", "care": "care",
        "offline": "Offline, 3 to send", "disputed": "Disputed", "undo": "Undo", "first": "3单元", "out": "Sign out",
        "round": "Come down",
    },
}  # fmt: skip


@pytest.fixture
def yard(transactional_db) -> Yard:
    now = timezone.now()
    return Yard(start=now - 30 * MINUTE, now=now - 90 * MINUTE)


def comes_true(page: Page, script: str, argument: object = None) -> None:
    """The promise of the script is asked for until it says yes."""
    for _moment in range(100):
        if page.evaluate(script, argument):
            return
        page.wait_for_timeout(100)
    raise AssertionError(script)


KEPT = """async () => {
  const pages = await (await caches.open("doors-pages")).keys();
  return pages.length >= 3 && !!navigator.serviceWorker.controller;
}"""


COUNTED = """async (done) => {
  const text = await (await caches.match(location.pathname)).text();
  return text.includes(`<span data-done>${done}</span>`);
}"""


def stairwell(page: Page, yard: Yard) -> None:
    """The page is open, and the phone has kept it."""
    page.goto(f"/doors/{yard.stairs[0].pk}/")
    comes_true(page, KEPT)


def press(page: Page, word: str) -> None:
    page.locator("[data-bar]").get_by_role("button", name=word, exact=True).click()


def room(page: Page, number: str):
    return page.locator(".flat", has=page.locator("b", has_text=re.compile(f"^{number}$")))


def kept(page: Page) -> tuple[int, int]:
    """Pages and taps on the phone."""
    return tuple(
        page.evaluate(
            """async () => {
              const cache = await caches.open("doors-pages");
              const taps = await new Promise((done) => {
                const asked = indexedDB.open("doors", 1);
                asked.onupgradeneeded = () => asked.result.createObjectStore("taps", { keyPath: "place", autoIncrement: true });
                asked.onsuccess = () => {
                  const all = asked.result.transaction("taps").objectStore("taps").getAll();
                  all.onsuccess = () => { asked.result.close(); done(all.result.length); };
                };
              });
              return [(await cache.keys()).length, taps];
            }"""
        )
    )


def all_sent(page: Page) -> None:
    """The chip is hidden before a tap is kept, too: only an empty list says that the tap has arrived."""
    for _moment in range(100):
        if DoorVisit.objects.exists() and kept(page)[1] == 0:
            break
        page.wait_for_timeout(100)
    assert kept(page)[1] == 0
    expect(page.locator("[data-chip]")).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_taps_made_without_a_network_wait_survive_a_reload_and_arrive_once(open_page, yard, language):
    words, person, other = WORDS[language], yard.helper(), yard.helper()
    page = open_page(language, user=person.user)
    page.goto("/doors/")
    picture(page, f"doors-list-{language}")
    assert violations(page) == []
    stairwell(page, yard)
    press(page, words["told"])
    expect(room(page, "601")).to_have_attribute("data-state", "notified")
    expect(room(page, "602")).to_have_attribute("aria-current", "true")
    all_sent(page)

    page.context.set_offline(True)
    press(page, words["vacant"])
    press(page, words["visit"])
    picture(page, f"doors-need-{language}", whole=False)
    press(page, "照料" if language == "zh-hans" else "care")
    press(page, words["again"])
    expect(page.locator("[data-chip]")).to_have_text(words["offline"])
    picture(page, f"doors-offline-{language}")
    assert violations(page) == []
    page.reload()
    expect(page.locator("[data-chip]")).to_have_text(words["offline"])
    expect(room(page, "603")).to_have_attribute("data-state", "home_service")
    expect(room(page, "502")).to_have_attribute("aria-current", "true")
    expect(page.locator("[data-undo-word]")).to_contain_text("501")
    assert DoorVisit.objects.count() == 1
    knock(other, tap(yard.door("602"), "notified", timezone.now()))

    page.context.set_offline(False)
    all_sent(page)
    expect(room(page, "602")).to_contain_text(words["disputed"])
    found = DoorVisit.objects.filter(by=person.user).order_by("made_at")
    assert list(found.values_list("door__door__number", "outcome", "need")) == [
        ("601", "notified", ""),
        ("602", "vacant", ""),
        ("603", "home_service", "care"),
        ("501", "no_answer", ""),
    ]
    assert HomeService.objects.get().need == "care"
    page.reload()
    picture(page, f"doors-disputed-{language}")
    assert violations(page) == []
    press(page, words["told"])
    expect(page.locator("[data-chip]")).to_be_hidden()
    comes_true(page, COUNTED, 4)
    page.context.set_offline(True)
    page.reload()
    expect(room(page, "502")).to_have_attribute("data-state", "notified")


def test_a_tap_is_taken_back_before_and_after_it_was_sent(open_page, yard):
    page = open_page("en", user=yard.helper().user)
    stairwell(page, yard)
    page.context.set_offline(True)
    press(page, "Told")
    page.locator("[data-undo]").get_by_role("button").click()
    expect(room(page, "601")).to_have_attribute("data-state", "pending")
    page.context.set_offline(False)
    press(page, "Told")
    all_sent(page)
    page.locator("[data-undo]").get_by_role("button").click()
    expect(room(page, "601")).to_have_attribute("data-state", "pending")
    expect(page.locator("[data-chip]")).to_be_hidden()
    for _moment in range(50):  # the taking back may be on its way still
        if DoorVisit.objects.filter(undone_at=None).exists():
            page.wait_for_timeout(100)

    assert DoorVisit.objects.count() in {1, 2}  # the first may have been under way already
    assert not DoorVisit.objects.filter(undone_at=None).exists()
    assert yard.door("601").outcome == "pending"


def test_the_same_taps_sent_again_after_a_lost_answer_are_taken_once(open_page, yard):
    page = open_page("en", user=yard.helper().user)
    stairwell(page, yard)
    lost = []

    def lose(route) -> None:
        """The server has it, the phone never hears so."""
        if not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.route("**/doors/sync/", lose)
    press(page, "Told")
    for _moment in range(50):
        if not lost:
            page.wait_for_timeout(100)
    assert DoorVisit.objects.count() == 1
    expect(page.locator("[data-chip]")).to_contain_text("1 to send")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-chip]")).to_be_hidden()

    assert DoorVisit.objects.count() == 1


def test_nothing_stays_on_the_phone_when_the_beat_has_gone_or_the_person_signs_out(open_page, yard):
    person = yard.helper()
    page = open_page("en", user=person.user)
    stairwell(page, yard)
    assert kept(page)[0] >= 3
    page.context.set_offline(True)
    beats.take_back(BeatHolding.objects.get().pk, by=yard.lead, now=timezone.now())
    press(page, "Told")
    page.context.set_offline(False)
    page.wait_for_url("**/doors/")
    expect(page.locator("[data-refused]")).to_contain_text("not yours")
    path = f"/doors/{yard.stairs[0].pk}/"
    comes_true(page, "async (path) => !(await (await caches.open('doors-pages')).match(path))", path)

    again = yard.helper()
    page = open_page("en", user=again.user)
    stairwell(page, yard)
    page.route("**/doors/sync/", lambda route: route.abort())
    press(page, "Told")
    expect(page.locator("[data-chip]")).to_contain_text("1 to send")
    page.goto("/accounts/logout/")
    expect(page.locator("[data-waiting-taps]")).to_be_visible()
    page.locator("main form button").last.click()
    page.wait_for_url(lambda url: "logout" not in url)
    page.goto("/accounts/login/")
    assert page.evaluate("async () => [(await caches.keys()).length, (await indexedDB.databases()).length]") == [0, 0]


def test_who_signs_in_next_does_not_send_or_see_what_another_left(open_page, yard):
    first, second = yard.helper(), yard.helper()
    page = open_page("en", user=first.user)
    stairwell(page, yard)
    page.context.set_offline(True)
    press(page, "Told")
    expect(page.locator("[data-chip]")).to_contain_text("1 to send")
    key = places.client(second.user).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": page.url}])
    page.context.set_offline(False)
    page.goto(f"/doors/{yard.stairs[0].pk}/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-chip]")).to_be_hidden()

    assert kept(page)[1] == 0
    assert not DoorVisit.objects.filter(by=second.user).exists()


def test_a_kept_page_is_not_shown_after_its_time(open_page, yard):
    page = open_page("en", user=yard.helper().user)
    stairwell(page, yard)
    page.evaluate(
        """async (path) => {
          const cache = await caches.open("doors-pages"), old = await cache.match(path);
          await cache.put(path, new Response(await old.text(), { headers: { "Content-Type": "text/html", "X-Doors-Until": "1" } }));
        }""",
        f"/doors/{yard.stairs[0].pk}/",
    )
    page.context.set_offline(True)
    page.reload()

    expect(page.get_by_role("heading")).to_have_text("There is no network.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_script_a_tap_is_a_form(open_page, yard, language):
    words = WORDS[language]
    page = open_page(language, user=yard.helper().user, script=False)
    page.goto(f"/doors/{yard.stairs[0].pk}/")
    press(page, words["told"])
    press(page, words["visit"])
    press(page, "照料" if language == "zh-hans" else "care")
    room(page, "101").click()
    press(page, words["again"])

    assert soon(lambda: yard.door("101").outcome == "no_answer")
    assert [yard.door(number).outcome for number in ("601", "602")] == ["notified", "home_service"]
    page.get_by_role("button", name=words["undo"]).click()
    assert soon(lambda: yard.door("101").outcome == "pending")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_deals_watches_decides_and_closes(open_page, yard, language):
    first, second = yard.helper(), yard.helper()
    doors = yard.doors()
    for place, door in enumerate(doors[:33]):
        said = (
            ("home_service", "care") if place % 9 == 4 else ("vacant", None) if place % 9 == 8 else ("notified", None)
        )
        knock(first, tap(door, said[0], yard.start + place * MINUTE / 2, said[1]))
    knock(second, tap(doors[8], "notified", yard.start + 20 * MINUTE), tap(doors[35], "no_answer", yard.start + MINUTE))
    desk = open_page(language, user=yard.lead, size=DESK)
    for name, path in [
        ("rounds", f"/desk/doors/?area={yard.area.pk}"),
        ("round", f"/desk/doors/{yard.round.pk}/"),
        ("homes", f"/desk/homes/?area={yard.area.pk}"),
        ("new", f"/desk/doors/new/?area={yard.area.pk}"),
        ("list", f"/desk/door-lists/{yard.home.pk}/"),
    ]:
        desk.goto(path)
        picture(desk, f"doors-desk-{name}-{language}")
        assert violations(desk) == [], name
        desk.set_viewport_size({"width": 390, "height": 844})
        picture(desk, f"doors-desk-{name}-phone-{language}")
        assert desk.evaluate("document.documentElement.scrollWidth") <= 390, name
        desk.set_viewport_size(DESK)

    desk.goto(f"/desk/doors/{yard.round.pk}/")
    desk.locator("#words form button[value=notified]").first.click()
    desk.goto(f"/desk/doors/{yard.round.pk}/close/")
    picture(desk, f"doors-desk-close-{language}")
    assert violations(desk) == []
    desk.get_by_role("textbox").fill("两户出门在外")
    desk.locator("main form button").first.click()
    desk.wait_for_url(f"**/desk/doors/{yard.round.pk}/")

    assert DoorRound.objects.get().closed_at
    assert door_rounds.to_forget(timezone.now()) == []
