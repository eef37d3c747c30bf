"""From the alarm to the link in the chat: nothing but an empty community, and at most twelve taps."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from staffing.demo import catalogue
from staffing.models import CallUp
from staffing.states import CallStatus
from tests.browser.conftest import DESK, picture, violations
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


def figures(page: Page) -> list[str]:
    return page.locator(".figures b").all_inner_texts()


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
    assert figures(page) == ["17", "106", "22", "84"]
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
