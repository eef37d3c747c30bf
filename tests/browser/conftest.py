"""A real Chromium in front of the real server: phones and desks, in both languages, with and without script."""

import os
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from communities.models import User
from staffing.queries import kept_calls
from tests.communities.conftest import clean_redis, texts  # noqa: F401
from tests.factories import communities as places

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in the thread of the test

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PATIENCE = 20_000  # milliseconds, for a machine that does other things, too
LOCALES = {"zh-hans": "zh-CN", "en": "en-GB"}
PICTURES = os.environ.get("PICTURES")  # a folder to keep screenshots in

type Open = Callable[..., Page]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_server, settings, texts) -> Iterator[Open]:  # noqa: F811
    """`open_page(language, user=…, size=DESK, script=False)`: a fresh browser, signed in as the user if there is one."""
    settings.DEMO = True
    settings.PUBLIC_URL = live_server.url
    kept_calls.SEEN.clear()
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_one(
        language: str = "en", *, user: User | None = None, size: dict[str, int] = PHONE, script: bool = True
    ) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            locale=LOCALES[language],
            viewport=size,
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}])
        if user:
            key = places.client(user).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if "Content Security" in line.text else None)
        return page

    yield open_one
    for context in contexts:
        close(context)
    assert problems == []


def close(context: BrowserContext) -> None:
    """What a test found stands, however long Chromium takes to forget a window: once it was more than two minutes."""
    try:
        with at_most(20):
            context.close()
    except TimeoutError:
        warnings.warn("Chromium did not close a window within 20 s", stacklevel=2)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raises TimeoutError within the block; the limit of the whole test waits meanwhile."""

    def enough(*_signal: object) -> None:
        raise TimeoutError

    theirs = signal.signal(signal.SIGALRM, enough)
    left, _every = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, left)
        signal.signal(signal.SIGALRM, theirs)


def soon[Found](look: Callable[[], Found], seconds: float = 10) -> Found:
    """What is found as soon as it is true: what a tap does is done a moment after the tap."""
    end = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def violations(page: Page) -> list[object]:
    """What axe finds, and where. A page that is just giving way to another is looked at once that is there."""
    page.wait_for_load_state()
    try:
        found = Axe().run(page).response["violations"]
    except Error:
        page.wait_for_timeout(1000)
        page.wait_for_load_state()
        found = Axe().run(page).response["violations"]
    return [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]


def picture(page: Page, name: str, *, whole: bool = True) -> None:
    """Keep a screenshot, when a folder for them is named."""
    if PICTURES:
        tall = page.evaluate("document.documentElement.scrollHeight")
        size = page.viewport_size or PHONE
        if whole and tall > size["height"]:
            page.set_viewport_size({"width": size["width"], "height": tall})
        page.screenshot(path=Path(PICTURES) / f"{name}.png")
        page.set_viewport_size(size)
