"""The admin site in a real browser: its scripts live under the content policy, and its pages are usable."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from communities.states import Level, RoleName
from staffing.actions.signups import sign_up
from staffing.models import Shift, SignUp
from tests.browser.conftest import DESK, PHONE
from tests.factories import communities as places
from tests.factories import staffing as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def here():
    return places.area(parent=places.area(Level.DISTRICT), name="示范社区")


@pytest.fixture
def lead(here):
    return places.grant(RoleName.COMMUNITY_LEAD, here, places.user(is_staff=True)).user


@pytest.fixture
def post(here):
    start = timezone.now() + timedelta(hours=20)
    return make.post(make.shift(places.site(here, name="东门"), start=start), seats=2)


PAGES = ["", "staffing/shift/", "staffing/shift/add/", "staffing/signup/", "volunteers/volunteer/"]
PAGES += ["communities/compound/import/", "communities/compound/export/", "communities/message/"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_open_without_a_word_from_the_content_policy(language, lead, post, open_page):
    page = open_page(language, user=lead, size=DESK)
    for path in PAGES:
        page.goto(f"/admin/{path}")
        page.wait_for_load_state("networkidle")
        expect(page.locator("#content")).to_be_visible()


def test_filters_menus_and_choices_work_under_the_content_policy(lead, post, here, open_page):
    make.volunteer(community=here, user=places.user("找得到"))
    page = open_page("en", user=lead, size=DESK)

    page.goto("/admin/staffing/shift/")
    page.locator(".filter-open-button").click()
    expect(page.get_by_role("button", name="Apply Filters")).to_be_visible()
    page.goto("/admin/staffing/signup/add/")
    page.locator(".select2-selection").nth(0).click()
    page.get_by_role("option").filter(has_text="东门").click()
    page.locator(".select2-selection").nth(1).click()
    page.get_by_role("option", name="找得到").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state("networkidle")

    assert SignUp.objects.values_list("post", "status").get() == (post.pk, "confirmed")


def test_cancelling_a_shift_says_whom_it_meets_and_then_does_it(lead, post, open_page):
    sign_up(post.pk, make.volunteer().pk, now=timezone.now())
    page = open_page("zh-hans", user=lead, size=DESK)

    page.goto(f"/admin/staffing/shift/{post.shift_id}/change/")
    page.get_by_role("link", name="整个取消").click()
    expect(page.get_by_text("会告诉1人取消了")).to_be_visible()
    page.get_by_label("原因").fill("下雨")
    page.get_by_role("button", name="整个取消").click()
    page.wait_for_load_state("networkidle")

    assert Shift.objects.values_list("status", "cancel_reason").get() == ("cancelled", "下雨")


def test_the_language_is_chosen_in_the_menu(lead, open_page):
    page = open_page("zh-hans", user=lead, size={"width": 1440, "height": 900})

    page.goto("/admin/")
    page.get_by_text("unfold_more").last.click()
    page.get_by_role("link", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_nothing_sticks_out_on_a_phone(lead, post, open_page):
    page = open_page("zh-hans", user=lead, size=PHONE)
    for path in ("", "staffing/shift/"):
        page.goto(f"/admin/{path}")
        page.wait_for_load_state("networkidle")

        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
