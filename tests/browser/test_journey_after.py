"""Afterwards: the hours, a certificate that anybody can check, the reports, and the round again with who said so."""

from datetime import datetime, time, timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from communities.models import Message
from staffing.actions import attendance, decisions, plans, rounds, shifts, signups
from staffing.demo import catalogue
from staffing.models import CallUp, Post, Shift, SignUp
from staffing.queries.norms import nearest, norm_of
from staffing.rules.demand import Place
from staffing.states import Crewing, SignUpStatus
from tests.browser.conftest import DESK, PHONE, picture, soon, violations
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import BLOCK, TAIYUAN
from volunteers.models import Certificate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = ["zh-hans", "en"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Morning:
    """Yesterday's round: planned, called, served by six neighbours and a clerk of the staff."""

    def __init__(self):
        catalogue.norms()
        places.policies()
        self.area = places.area(name="香樟社区", name_en="Xiangzhang Community")
        self.home = places.compound(self.area, name="东苑", name_en="East Court", residents=900, households=300)
        self.lead, self.second = places.lead(self.area), places.lead(self.area)
        yesterday = timezone.localdate(timezone=TAIYUAN) - DAY
        self.start = datetime.combine(yesterday, time(5, 30), TAIYUAN)
        self.before = self.start - 10 * HOUR
        self.call = self.planned()
        self.people = [make.volunteer(self.home, user=places.user(name)) for name in ("安演示", "白演示", "陈演示", "邓演示", "方演示", "高演示")]  # fmt: skip
        clerk = make.volunteer(self.home, kind="community_staff", user=places.user("何演示"))
        seats = [self.seat(person) for person in (*self.people, clerk)]
        for number, seat in enumerate(seats):
            self.serve(seat, hours=2 + number % 3 / 2)

    def planned(self) -> CallUp:
        profile = nearest(self.area, "dense-estate")
        draft = plans.Draft(
            profile.pk, norm_of(profile), [Place(self.home.pk, 900, 300)], self.start, self.start + 2 * BLOCK,
            available=2, crewing=Crewing.TWO_CREWS,
        )  # fmt: skip
        one = rounds.begin(self.area.pk, "核酸检测", kind_en="Testing", by=self.lead)
        made = plans.save(one.pk, draft, by=self.lead, now=self.before)
        words = plans.Words(insured=True)
        plans.apply(made.pk, by=self.lead, now=self.before, words=words, publish=True)
        return CallUp.objects.get()

    def seat(self, person) -> SignUp:
        open_posts = Post.objects.with_room().filter(shift__call_up=self.call, shift__starts_at=self.start)
        post = open_posts.filter(role__slug__in=["data_entry", "queue_marshal", "door_knocker"]).order_by("pk").first()
        seat = signups.sign_up(post.pk, person.pk, now=self.before)
        SignUp.objects.filter(pk=seat.pk).update(created_at=self.before + seat.pk % 3 * HOUR)
        if seat.status == SignUpStatus.SIGNED_UP:
            decisions.confirm(seat.pk, by=self.lead, now=self.before)
        return seat

    def serve(self, seat: SignUp, hours: float) -> None:
        attendance.check_in(seat.pk, by=self.lead, now=self.start)
        if Shift.objects.get(pk=seat.shift_id).status != "running":
            shifts.start(seat.shift_id, by=self.lead, now=self.start)
        attendance.check_out(seat.pk, by=self.lead, now=self.start + hours * HOUR)


@pytest.fixture
def morning(transactional_db):
    cache.clear()
    return Morning()


def looked_at(page: Page, name: str, language: str) -> None:
    """No violation, nothing sideways, and a picture."""
    assert violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    picture(page, f"{name}-{language[:2]}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_hours_become_a_certificate_reports_and_the_next_round(open_page, morning, language):
    person = morning.people[0]
    phone = open_page(language, user=person.user)
    phone.goto(reverse("ticket", args=[person.sign_ups.get().pk]))
    phone.click("button[value=again]")
    phone.goto(reverse("my_record"))
    phone.click("main form .solid")
    assert soon(Certificate.objects.first).minutes == 120

    desk = open_page(language, user=morning.second, size=DESK)
    desk.goto(reverse("certificates"))
    looked_at(desk, "desk-certificates", language)
    desk.click("form[action$='/issue/'] button")
    given = soon(Certificate.objects.filter(status="issued").first)
    assert (given.status, Message.objects.get(kind="certificate_given").reader) == ("issued", person.user)
    phone.goto(reverse("my_record"))
    looked_at(phone, "phone-record", language)
    paper = phone.request.get(phone.locator("a[href$='.pdf']").first.get_attribute("href"))
    record = phone.request.get(reverse("record_file", args=["csv"]))
    assert (paper.headers["content-type"], record.ok) == ("application/pdf", True)
    anybody = open_page(language)
    anybody.goto(f"/v/{given.number}/")
    looked_at(anybody, "phone-certificate", language)

    reported(desk, morning, language)
    small = open_page(language, user=morning.lead)
    small.goto(reverse("report", args=["share"]))
    looked_at(small, "desk-report-phone", language)
    repeated(desk, morning, language)


def reported(desk: Page, morning: Morning, language: str) -> None:
    """From the list to a report with its picture, cut another way, and as a workbook that says the same."""
    desk.click(".side a[href^='/desk/reports/']")
    desk.wait_for_url("**/desk/reports/**")
    looked_at(desk, "desk-reports", language)
    desk.click("a[href^='/desk/reports/hours/']")
    day = f"{morning.start:%Y-%m-%d}"
    desk.fill("#id_from", day)
    desk.fill("#id_to", day)
    desk.click("main form .solid")
    expect(desk.locator("svg[role=img] title")).to_have_count(1)
    looked_at(desk, "desk-report-hours", language)
    for slug in ("share", "curve", "spread", "growth", "gaps", "service"):
        desk.goto(f"/desk/reports/{slug}/?from={day}&to={day}")
        looked_at(desk, f"desk-report-{slug}", language)
    desk.emulate_media(color_scheme="dark")
    desk.goto(f"/desk/reports/hours/?from={day}&to={day}")
    looked_at(desk, "desk-report-hours-dark", language)
    desk.emulate_media(color_scheme="light")
    desk.goto(f"/desk/reports/gaps/?from={day}&to={day}")
    seats = desk.locator("tbody tr").first.locator("td").first.inner_text()
    with desk.expect_download() as loading:
        desk.click("header .primary")
    rows = list(load_workbook(BytesIO(loading.value.path().read_bytes())).worksheets[0].iter_rows(values_only=True))
    assert str(rows[1][1]) == seats


def repeated(desk: Page, morning: Morning, language: str) -> None:
    """The round again, a day later, with who said they would come."""
    desk.goto(reverse("rounds"))
    expect(desk.locator("main li").first).to_contain_text("1")
    looked_at(desk, "desk-rounds", language)
    desk.click("form[action$='/repeat/'] .primary")
    desk.click("main form .primary")
    desk.click("main form .primary")
    again = CallUp.objects.exclude(pk=morning.call.pk).get()
    assert again.starts_at.astimezone(TAIYUAN).time() == time(5, 30)
    desk.goto(reverse("plan", args=[again.plan.pk]))
    desk.click("form[action$='/invite/'] button")
    expect(desk.locator(".notice.ok, .toast").first).to_be_visible()
    assert SignUp.objects.get(shift__call_up=again).volunteer == morning.people[0]


def test_the_numbers_for_everybody_are_readable_without_an_account(open_page, morning):
    page = open_page("zh-hans", size=PHONE)
    page.goto("/figures/")
    expect(page.locator("h1")).to_be_visible()
    looked_at(page, "phone-figures", "zh")
