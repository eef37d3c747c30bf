"""Sealing a compound: the community proposes, the district sees the consequences and sets it, the lead repairs the roster."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from communities.actions.proposals import Wish, propose
from communities.actions.zones import Decree, Target, set_zone
from communities.models import ZoneProposal, ZoneStatus
from communities.states import RoleName
from staffing.actions import rechecks
from staffing.actions.signups import Entry, sign_up
from staffing.demo import catalogue
from staffing.models import SignUp, ZoneRecheck
from tests.browser.conftest import DESK, PHONE, picture, soon, violations
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = ["zh-hans", "en"]
DAY = timedelta(days=1)


@pytest.fixture
def desk(transactional_db):
    catalogue.policies()
    desk = Desk(seats=8)
    make.role("data_entry", name="信息录入", name_en="Data entry")
    for number, name, name_en in ((1, "东苑", "East Court"), (2, "西苑", "West Court"), (3, "南苑", "South Court")):
        compound = places.compound(desk.area, name=name, name_en=name_en)
        history(desk, compound, number)
    type(desk.home).objects.filter(pk=desk.home.pk).update(name="香樟苑", name_en="Camphor Court")
    desk.home.refresh_from_db()
    return desk


def history(desk, compound, number) -> None:
    """A few changes in the last two weeks."""
    steps = [("precaution", 9), ("controlled", 6), ("lockdown", 2)][:number]
    for level, days in steps:
        set_zone(
            Target(compound=compound.pk),
            Decree(level, desk.now - days * DAY, "示范区指挥部", f"{40 + days}号"),
            by=desk.lead,
            now=desk.now - days * DAY,
        )


def crowd(desk) -> None:
    """Residents, neighbours from outside, a resident who serves elsewhere, and somebody on duty."""
    away = make.post(make.shift(places.site(desk.area), start=desk.start), 3, role=make.role("runner", name="物资"))
    homes = [desk.home, desk.home, desk.home, None, None, None]
    seats = [seat(desk, desk.post, home) for home in homes]
    seat(desk, away, desk.home)
    SignUp.objects.filter(pk=seats[-1].pk).update(status="checked_in", checked_in_at=timezone.now())


def seat(desk, post, home):
    entry = Entry(channel="desk", by=desk.lead, on_behalf=True)
    return sign_up(post.pk, make.volunteer(home, community=desk.area).pk, now=timezone.now(), entry=entry)


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_a_proposal_to_a_repaired_roster(open_page, desk, language):
    crowd(desk)
    set_zone(
        Target(compound=desk.home.pk),
        Decree("precaution", desk.now - timedelta(hours=20), "示范区指挥部", "41号"),
        by=desk.lead,
        now=desk.now,
    )
    rechecks.run(ZoneRecheck.objects.latest("pk").pk, timezone.now())
    lead = open_page(language, user=desk.lead, size=DESK)
    lead.goto(reverse("zone_propose", args=[desk.home.pk]) + "?level=lockdown&reason=round_result")
    assert violations(lead) == []
    lead.click("[name=do][value=look]")
    expect(lead.locator("#effect")).to_be_visible()
    assert violations(lead) == []
    lead.click("[name=do][value=set]")
    assert soon(ZoneProposal.objects.first).status == "proposed"
    assert violations(lead) == []

    district = open_page(language, user=desk.holder(RoleName.DISTRICT_LEAD), size=DESK)
    district.goto(reverse("zones"))
    assert violations(district) == []
    picture(district, f"zones-{language[:2]}")
    district.click("[aria-labelledby=waits] a")
    assert violations(district) == []
    picture(district, f"zone-proposal-{language[:2]}")
    district.fill("#id_issuer", "示范区指挥部")
    district.fill("#id_notice_no", "42号")
    district.click("form .primary")
    expect(district.locator("[aria-labelledby=repair]")).to_be_visible()
    assert ZoneStatus.objects.filter(compound=desk.home).latest("pk").level == "lockdown"

    recheck = ZoneRecheck.objects.latest("pk")
    rechecks.run(recheck.pk, timezone.now())
    lead.goto(reverse("repair_list", args=[recheck.pk]))
    assert violations(lead) == []
    picture(lead, f"repair-list-{language[:2]}")
    expect(lead.locator(".stats dd")).to_have_text(["7", "3", "2", "1", "1"])
    lead.locator("a.solid[href*='/find/']").first.click()
    expect(lead.locator("h1")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_setting_a_zone_shows_the_consequences_before_the_button(open_page, desk, language):
    crowd(desk)
    page = open_page(language, user=desk.holder(RoleName.DISTRICT_LEAD), size=DESK, script=False)
    page.goto(reverse("zone_set", args=[desk.home.pk]))
    page.check("[name=level][value=lockdown]")
    page.fill("#id_issuer", "示范区指挥部")
    page.fill("#id_notice_no", "42号")
    page.click("[name=do][value=look]")
    picture(page, f"zone-set-{language[:2]}")
    expect(page.locator(".stats dd")).to_have_text(["7", "3", "2", "1", "1"])
    page.click("[name=do][value=set]")

    assert soon(lambda: ZoneStatus.objects.order_by("pk").values_list("compound", flat=True).last() == desk.home.pk)


@pytest.mark.parametrize("language", LANGUAGES)
def test_zones_and_passes_read_well_on_a_phone(open_page, desk, language):
    crowd(desk)
    propose(Target(compound=desk.home.pk), Wish("controlled", desk.now), by=desk.lead, now=desk.now)
    page = open_page(language, user=desk.lead, size=PHONE)
    for name in ("zones", "passes", "pass_new"):
        page.goto(reverse(name))
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        picture(page, f"{name}-phone-{language[:2]}")
