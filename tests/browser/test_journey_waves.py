"""A lead calls people in waves: the numbers first, then live, then the stop; and what those who are asked see."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from communities.messages import links
from communities.models import Message
from staffing.actions import callups, replies, signups
from staffing.actions.reminders import sweep
from staffing.models import SignUp, WaveRun
from tests.browser.conftest import DESK, PHONE, picture, soon, violations
from tests.factories import staffing as make
from tests.staffing.desks import Desk

LANGUAGES = ["zh-hans", "en"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(transactional_db):
    cache.clear()
    found = Desk(seats=12, urgent=True, starts_in=timedelta(hours=20))
    people = [make.volunteer(found.home) for _person in range(60)]
    for person in people:
        person.user.urgent_calls = True
        person.user.save()
        make.consent(person)
    return found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wave_is_seen_in_numbers_started_watched_and_stopped(open_page, desk, language, size):
    page = open_page(language, user=desk.lead, size=size)
    name = f"desk-waves-{'phone-' if size == PHONE else ''}{language[:2]}"
    page.goto(reverse("call_desk", args=[desk.call.pk]))
    page.click(f"a[href$='/calls/{desk.call.pk}/waves/']")
    expect(page.locator(".gapbar .lead b")).to_have_text("48")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, f"{name}-preview")
    page.click("form .primary")
    expect(page.locator("#waves tbody tr")).to_have_count(1)
    assert violations(page) == []

    Message.objects.filter(pk__in=Message.objects.order_by("pk").values("pk")[:30]).update(
        status="delivered", sent_at=desk.now, channel="sms"
    )
    comer, other = [message.reader for message in Message.objects.filter(status="delivered").order_by("pk")[:2]]
    replies.come(desk.call.pk, by=comer, now=timezone.now())
    replies.not_this_time(desk.call.pk, by=other, now=timezone.now())
    expect(page.locator("#waves tbody td b")).to_have_text("1", timeout=10_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, name)
    page.click("#waves .danger")
    expect(page.locator(".notice.ok, .toast").first).to_be_visible()
    assert WaveRun.objects.get().status == "stopped"


def test_it_works_without_script(open_page, desk):
    page = open_page("en", user=desk.lead, size=DESK, script=False)
    page.goto(reverse("call_waves", args=[desk.call.pk]))
    page.fill("#id_per_seat", "2")
    page.click("button[name=again]")
    expect(page.locator(".gapbar .lead b")).to_have_text("24")
    page.click("form .primary")
    page.click("#waves .danger")
    assert soon(lambda: WaveRun.objects.get().status == "stopped")


def asked(desk) -> str:
    callups.call(desk.call.pk, by=desk.lead, now=desk.now)
    message = Message.objects.filter(kind="call_up", reader__isnull=False).order_by("pk")[0]
    return "/a/" + links.make(links.Purpose.COME, message.pk, desk.call.ends_at)


@pytest.mark.parametrize("language", LANGUAGES)
def test_yes_is_one_tap_from_the_message_and_the_late_are_asked_to_stay_in_reserve(open_page, desk, language):
    page = open_page(language)
    address = asked(desk)
    page.goto(address)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, f"phone-asked-{language[:2]}", whole=False)
    for _seat in range(12):
        signups.sign_up(desk.post.pk, make.volunteer(desk.home).pk, now=desk.now)
    page.click("button[value=come]")
    expect(page.locator("button[value=reserve]")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, f"phone-filled-{language[:2]}", whole=False)
    page.click("button[value=reserve]")
    expect(page.locator("h1")).to_be_visible()
    assert SignUp.objects.filter(status="waitlisted").count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lead_sees_who_does_not_answer_and_asks_the_next(open_page, language, transactional_db, settings):
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1"
    desk = Desk(seats=2, starts_in=timedelta(minutes=80))
    for _person in range(3):
        signups.sign_up(desk.post.pk, make.volunteer(desk.home).pk, now=desk.now)
    SignUp.objects.update(changed_at=desk.now - timedelta(hours=5))
    sweep(desk.now)
    Message.objects.filter(kind="reminder").update(status="sent", channel="sms", sent_at=desk.now - timedelta(hours=1))
    page = open_page(language, user=desk.lead, size=DESK)
    page.goto(reverse("call_desk", args=[desk.call.pk]))
    page.click("a[href$='/risks/']")
    assert violations(page) == []
    picture(page, f"desk-risks-{language[:2]}", whole=False)
    page.locator("form[action$='/replace/'] button").first.click()
    expect(page.locator("form[action$='/replace/'] button")).to_have_count(0)
    assert SignUp.objects.filter(status="invited").count() == 1

    phone = open_page(language, user=SignUp.objects.filter(status="confirmed").first().volunteer.user)
    phone.goto("/my/messages/")
    assert violations(phone) == []
    picture(phone, f"phone-messages-{language[:2]}", whole=False)
