"""Drivers: from the roster to a ride that one of two claims, driven to the end, with nobody's name left."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from communities.states import RoleName
from staffing.actions.signups import Entry, sign_up
from staffing.models import Driver, Passenger, Ride
from tests.browser.conftest import DESK, picture, violations
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk
from volunteers.states import PersonKind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def seated(desk: Desk, names: list[str]) -> None:
    """Neighbours of another compound: they need a ride."""
    elsewhere = places.compound(desk.area, name="西苑", name_en="West Court")
    for name in names:
        person = make.volunteer(elsewhere, user=places.user(name))
        sign_up(desk.post.pk, person.pk, now=timezone.now(), entry=Entry(channel="desk", by=desk.lead, on_behalf=True))


def driver(desk: Desk, name: str) -> Driver:
    person = make.volunteer(kind=PersonKind.DRIVER, user=places.user(name))
    person.enrolments.all().delete()
    return Driver.objects.create(volunteer=person, area=desk.area, verified_at=timezone.now(), seats=4)


def on_duty(page: Page) -> None:
    page.goto(reverse("my_shifts"))
    page.click(f"main a[href='{reverse('rides')}']")
    page.click(f"form[action='{reverse('rides_duty')}'] button")
    expect(page.locator("h1 ~ .chip, header .chip, .chip.ok").first).to_be_visible()


@pytest.mark.parametrize(("language", "script"), [("zh-hans", True), ("en", False)])
def test_of_two_drivers_one_gets_the_ride_and_drives_it_to_the_end(open_page, language, script, transactional_db):
    desk = Desk(seats=4, starts_in=timedelta(hours=3))
    seated(desk, ["陈演示", "白演示"])
    first, second = driver(desk, "何演示"), driver(desk, "江演示")
    lead = open_page(language, user=desk.lead, size=DESK)
    lead.goto(reverse("roster", args=[desk.shift.pk]))
    lead.click(f"form[action='{reverse('shift_rides', args=[desk.shift.pk])}'] button")
    expect(lead.locator(".toast, .notice.ok").first).to_be_visible()
    ride = Ride.objects.get()

    mine, theirs = (open_page(language, user=one.volunteer.user, script=script) for one in (first, second))
    for page in (mine, theirs):
        on_duty(page)
    claim = f"form[action='{reverse('ride_claim', args=[ride.pk])}'] button"
    picture(mine, f"rides-offer-{language[:2]}")
    expect(mine.locator(".ride")).not_to_contain_text("演示")
    mine.click(claim)
    mine.wait_for_url("**/rides/?mine")
    expect(mine.locator(".ride")).to_contain_text("演示")
    picture(mine, f"rides-mine-{language[:2]}")
    theirs.click(claim)
    expect(theirs.locator("body")).to_contain_text({"zh-hans": "接走", "en": "taken"}[language])
    picture(theirs, f"rides-gone-{language[:2]}")
    for page in (mine, theirs) if script else ():
        assert violations(page) == []

    for step in ("set-out", "picked-up", "done"):
        mine.click(f"form[action='{reverse('ride_step', args=[ride.pk, step])}'] button")
        expect(mine.locator(f"form[action$='/{step}/']")).to_have_count(0)
    expect(mine.locator(".ride")).to_have_count(0)
    ride.refresh_from_db()
    assert (ride.status, ride.driver, ride.dispatches) == ("done", first, 1)
    assert not Passenger.objects.exists()

    lead.goto(reverse("rides_desk"))
    expect(lead.locator("main")).to_contain_text("1")
    picture(lead, f"rides-desk-{language[:2]}")
    assert violations(lead) == []
    dispatcher = open_page(language, user=places.lead(desk.area, RoleName.AUDITOR), size=DESK)
    dispatcher.goto(f"/desk/reports/rides/?area={desk.area.pk}")
    expect(dispatcher.locator("tbody tr").first).to_contain_text("1")
