"""From the alarm to the link in the chat: nothing but an empty community, and at most twelve taps."""

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from staffing.demo import catalogue
from staffing.models import CallUp, DemandPlan
from staffing.states import CallStatus
from tests.browser.conftest import DESK, PHONE, picture, violations
from tests.browser.test_journey_phone import Thumb
from tests.factories import communities as places

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = ["zh-hans", "en"]
NAMES = {"zh-hans": ("东苑", "西苑"), "en": ("East Court", "West Court")}
GAP = {"zh-hans": "还差93人", "en": "93 people still needed"}


@pytest.fixture
def lead(transactional_db):
    catalogue.norms()
    places.policies()
    return places.lead(places.area(name="香樟社区", name_en="Xiangzhang Community"))


def figures(page: Page) -> Locator:
    return page.locator(".figures b")


def fill_in(thumb: Thumb, language: str) -> None:
    for row, (name, residents, households) in enumerate(
        zip(NAMES[language], ("4300", "3700"), ("1850", "1592"), strict=True)
    ):
        thumb.type(f"[name=n{row}-name]", name)
        thumb.type(f"[name=n{row}-residents]", residents)
        thumb.type(f"[name=n{row}-households]", households)
    thumb.type("[name=available]", "22")


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_alarm_to_the_link_in_twelve_taps(open_page, lead, language):
    page = open_page(language, user=lead, size=DESK)
    page.goto(reverse("desk"))
    thumb = Thumb(page)
    thumb.tap(".side a[href^='/desk/plan/']")
    fill_in(thumb, language)
    expect(page.locator(".figures .hit b")).to_have_text("84")
    expect(figures(page)).to_have_text(["17", "106", "22", "84"])
    assert violations(page) == []
    picture(page, f"plan-{language[:2]}")
    thumb.tap("#result button.primary")
    expect(page.locator("h1")).to_contain_text("1")
    picture(page, f"plan-steps-{language[:2]}")
    assert violations(page) == []
    thumb.tap("label:has(#insured)")
    thumb.tap("main form .primary")
    thumb.tap("main form .primary")

    expect(page.locator(".notice.warn")).to_have_count(0)
    call = CallUp.objects.get()
    expect(page.get_by_text(f"/c/{call.slug}/").first).to_be_visible()
    expect(page.locator(".qr")).to_be_visible()
    expect(page.locator(f"[lang={language[:2]}]", has_text=call.slug).first).to_contain_text(GAP[language])
    picture(page, f"plan-share-{language[:2]}")
    assert (call.status, thumb.taps) == (CallStatus.OPEN, 12)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan_follows_what_is_typed_without_taking_the_cursor_away(open_page, lead, language):
    page = open_page(language, user=lead, size=DESK)
    page.goto(reverse("plan_new"))
    fill_in(Thumb(page), language)
    page.locator("#d-1 summary").click()
    first = page.locator("#d-1 input").first
    first.click()
    page.keyboard.type("10", delay=40)
    expect(page.locator("#d-1 .hit")).to_be_visible()  # a number wants a reason
    expect(first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("one more gate", delay=40)
    expect(page.locator(".figures b").first).to_have_text("18")
    expect(page.locator("#result s").first).to_have_text("9")
    assert page.evaluate("document.activeElement.value") == "one more gate"
    picture(page, f"plan-changed-{language[:2]}")


def test_without_script_the_button_computes(open_page, lead):
    page = open_page("en", user=lead, size=DESK, script=False)
    page.goto(reverse("plan_new"))
    fill_in(Thumb(page), "en")
    page.locator("button[value=compute]").click()
    expect(figures(page)).to_have_text(["17", "106", "22", "84"])


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_around_the_plan_has_an_accessibility_violation_or_scrolls_sideways(open_page, lead, language, size):
    page = open_page(language, user=lead, size=size)
    page.goto(reverse("plan_new"))
    fill_in(Thumb(page), language)
    expect(page.locator(".figures .hit b")).to_have_text("84")
    page.locator("#result button.primary").click()
    page.wait_for_url("**/desk/plans/*/")
    plan = DemandPlan.objects.get()
    found = {}
    for address in (
        reverse("rounds"),
        reverse("norms"),
        reverse("norm", args=[plan.norm_id]),
        reverse("plan", args=[plan.pk]),
        reverse("plan_change", args=[plan.pk]),
    ):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found[address] = [*violations(page), *(["sideways"] if wide else [])]
        picture(page, f"{address.strip('/').replace('/', '-')}-{language[:2]}-{size['width']}")
    assert found == {address: [] for address in found}
