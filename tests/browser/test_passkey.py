"""A passkey as second factor and as the only thing one needs, in a real browser, under the content security policy."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import close
from tests.factories import communities as make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.communities.pages"),
]
PASSWORD = "a-long-password"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(chromium: Browser, live_server) -> Iterator[Page]:
    """A browser with a finger on its reader."""
    context = chromium.new_context(base_url=live_server.url, locale="en-GB", viewport={"width": 390, "height": 844})
    context.set_default_timeout(10_000)
    page = context.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Content Security" in line.text else None)
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield page
    close(context)
    assert problems == []


def enter_password(page: Page) -> None:
    page.goto("/accounts/login/?lang=en&next=/desk/")
    page.locator("[name=login]").fill("lead@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_set_up_and_then_opens_the_desk(page: Page):
    lead = make.grant(area=make.area(), user_=make.user(email="lead@example.org", password=PASSWORD)).user
    enter_password(page)
    page.wait_for_url("**/accounts/2fa/?next=**")
    page.goto("/accounts/2fa/webauthn/add/")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button").first.click()
    page.wait_for_url("**/webauthn/add/**")
    page.locator("[name=name]").fill("My phone")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/**")
    page.goto("/desk/")
    expect(page.locator("body")).to_have_text(str(lead.pk))

    page.context.clear_cookies()
    enter_password(page)
    page.wait_for_url("**/accounts/2fa/authenticate/**")
    page.locator("#mfa_webauthn_authenticate").click()
    page.wait_for_url("**/desk/")
    expect(page.locator("body")).to_have_text(str(lead.pk))
