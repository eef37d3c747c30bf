"""The style page and the script in a real browser, under the content security policy."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from config.templatetags import redvest
from tests.browser.conftest import close

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FRAGMENT = f"""<section id="gap" {redvest.poll("/gap", 1, "8f21")}>
  <p>still needed 23</p><input id="typed" aria-label="note"></section>"""


@pytest.fixture
def page(chromium: Browser, live_server) -> Iterator[Page]:
    context = chromium.new_context(base_url=live_server.url, locale="en-GB", viewport={"width": 390, "height": 844})
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda line: page.problems.append(line.text) if "Content Security" in line.text else None)
    yield page
    close(context)
    assert page.problems == []


def put(page: Page, html: str) -> None:
    page.goto("/styleguide/?lang=en")
    page.evaluate("html => { main.innerHTML = html; htmx.process(main); }", html)


def answering(page: Page, path: str, *answers: tuple[int, str]) -> list[str]:
    """Answer requests for the path one after the other, the last one for ever; returns the growing list of asks."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.headers.get("if-none-match", ""))
        status, body = answers[min(len(asked), len(answers)) - 1]
        route.fulfill(status=status, body=body, content_type="text/html")

    page.route(f"**{path}", answer)
    return asked


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_style_page_has_no_accessibility_violation(page: Page, theme, language):
    page.goto(f"/styleguide/?lang={language}&theme={theme}")
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("size", ["normal", "large"])
def test_the_style_page_never_scrolls_sideways(page: Page, width, size):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/styleguide/?lang=en&size={size}")
    outside = """width => [...document.querySelectorAll("main *")]
      .filter(part => !part.closest(".scroll, .flush, .sr") && part.getBoundingClientRect().right > width + 1)
      .map(part => part.tagName + "." + part.className + " " + part.textContent.trim().slice(0, 20))"""
    assert page.evaluate(outside, width) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_error_summary_has_the_focus(page: Page):
    page.goto("/styleguide/?lang=en")
    expect(page.locator(".summary")).to_be_focused()


def test_a_poll_without_news_touches_nothing(page: Page):
    asked = answering(page, "/gap", (304, ""))
    put(page, FRAGMENT)
    page.fill("#typed", "half a sen")
    page.evaluate("document.getElementById('gap').mark = 'same element'")
    with page.expect_response("**/gap"), page.expect_response("**/gap"):
        pass
    assert set(asked) == {'"8f21"'}
    expect(page.locator("#typed")).to_be_focused()
    assert page.input_value("#typed") == "half a sen"
    assert page.evaluate("document.getElementById('gap').mark") == "same element"


def test_a_poll_with_news_replaces_the_fragment(page: Page):
    answering(page, "/gap", (200, '<section id="gap">still needed 22</section>'))
    put(page, FRAGMENT)
    expect(page.locator("#gap")).to_have_text("still needed 22")


def test_a_failing_poll_keeps_the_old_numbers_and_asks_less_often(page: Page):
    asked = answering(page, "/gap", (500, "<h1>broken</h1>"))
    put(page, FRAGMENT)
    page.wait_for_timeout(6500)
    expect(page.locator("#gap p")).to_have_text("still needed 23")
    assert 1 <= len(asked) <= 3


def test_a_failed_post_says_that_the_server_could_not_be_reached(page: Page):
    answering(page, "/in/31", (503, "busy"))
    put(page, '<form method="post" action="/in/31" hx-post="/in/31"><button class="btn">Check in</button></form>')
    page.click("#main button")
    expect(page.locator("#main [role=alert]")).to_contain_text("The server could not be reached.")
    expect(page.locator("#main form button")).to_have_text("Check in")
    expect(page.locator("#main form button")).not_to_have_attribute("aria-busy", "true")


def test_two_taps_are_one_submit_and_the_button_shows_that_it_works(page: Page):
    waiting: list[Route] = []
    page.route("**/in/31", lambda route: waiting.append(route))
    form = '<form method="post" action="/in/31" hx-post="/in/31" hx-target="this" hx-swap="outerHTML">'
    put(page, f'{form}<button class="btn">Check in</button></form>')
    page.click("#main button")
    expect(page.locator("#main button")).to_have_attribute("aria-busy", "true")
    page.evaluate("document.querySelector('#main form').requestSubmit()")
    page.wait_for_timeout(200)
    assert len(waiting) == 1
    waiting[0].fulfill(status=200, body="<p>here since 05:07</p>", content_type="text/html")
    expect(page.locator("#main")).to_have_text("here since 05:07")


def test_a_refusal_with_its_reason_is_shown_in_place(page: Page):
    answering(page, "/rides/7", (409, "<li id='ride'>just taken</li>"))
    form = '<form method="post" hx-post="/rides/7" hx-target="closest li" hx-swap="outerHTML"><button>Claim</button></form>'
    put(page, f"<ul><li>{form}</li></ul>")
    page.click("#main button")
    expect(page.locator("#ride")).to_have_text("just taken")


def test_a_redirect_answered_to_htmx_loads_the_whole_page(page: Page):
    page.route("**/in/31", lambda route: route.fulfill(status=303, headers={"Location": "/accounts/login/"}))
    put(page, '<form method="post" hx-post="/in/31"><button>Check in</button></form>')
    page.click("#main button")
    page.wait_for_url("**/accounts/login/")


def test_a_confirmation_opens_as_a_dialog_and_closes_again(page: Page):
    answering(page, "/cancel", (200, "<h2>Cancel?</h2><a class='btn' href='/back' data-close>Keep it</a>"))
    put(page, '<a class="btn" href="/cancel" hx-get="/cancel" hx-target="#dialog">Cancel this shift</a>')
    page.click("#main a")
    expect(page.locator("#dialog")).to_be_visible()
    page.click("#dialog a")
    expect(page.locator("#dialog")).to_be_hidden()
    page.click("#main a")
    expect(page.locator("#dialog")).to_be_visible()


def test_a_toast_lands_in_its_place_and_leaves_unless_it_is_used(page: Page):
    toast = '<div hx-swap-oob="beforeend:#toasts"><div class="toast"><button class="btn">Undo</button></div></div>'
    answering(page, "/in/31", (200, f"<p>here</p>{toast}"))
    page.clock.install()
    put(page, '<form method="post" hx-post="/in/31" hx-target="this" hx-swap="outerHTML"><button>In</button></form>')
    page.click("#main button")
    page.focus("#toasts button")
    page.clock.run_for(9_000)
    expect(page.locator("#toasts .toast")).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    page.clock.run_for(3_000)
    expect(page.locator("#toasts .toast")).to_have_count(0)


def test_a_code_can_be_asked_for_again_after_the_wait(page: Page):
    page.clock.install()
    answering(
        page, "/code", (200, '<button class="btn" data-wait="46" data-waiting="Again in %s s">Get a code</button>')
    )
    put(page, '<a href="/code" hx-get="/code" hx-target="#main">again</a>')
    page.click("#main a")
    button = page.locator("#main button")
    expect(button).to_have_text("Again in 46 s")
    page.clock.run_for(46_500)
    expect(button).to_have_text("Get a code")
    expect(button).to_be_enabled()


def test_a_link_is_copied(page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/styleguide/?lang=en")
    button = page.locator("[data-copy]")
    button.click()
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "https://example.org/c/xz2"


def test_the_switches_work_without_script(chromium: Browser, live_server):
    context = chromium.new_context(base_url=live_server.url, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.click("text=Large text")
    page.goto("/accounts/login/code/")
    assert page.get_attribute("html", "data-size") == "large"
    page.click("header >> text=中文")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    close(context)
