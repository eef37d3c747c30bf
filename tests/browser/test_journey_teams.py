"""A task force is founded, its lead forms teams and sends one to a shift; an agency fills its seats; the lead hands over."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from communities.states import Level, RoleName
from staffing.actions import joint
from staffing.models import HandOver, SignUp, TaskForce, Team
from tests.browser.conftest import DESK, PHONE, picture, soon, violations
from tests.factories import communities as places
from tests.factories import staffing as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "zh-hans": {
        "found": "成立",
        "give": "分派",
        "look": "开始算",
        "form": "编成这2支队伍",
        "send": "派给这支队伍",
        "seat": "给这个位置",
        "note": "留下交接单",
    },
    "en": {
        "found": "Found it",
        "give": "Give it",
        "look": "Work it out",
        "form": "Form these 2 teams",
        "send": "Offer it to the team",
        "seat": "Give this seat",
        "note": "Leave the note",
    },
}


def shown(page: Page, name: str) -> None:
    picture(page, name)
    assert violations(page) == []


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_the_task_force_to_the_hand_over(open_page, language, transactional_db):
    words, now = WORDS[language], timezone.now()
    district = places.area(Level.DISTRICT, name="晋源区", name_en="Jinyuan District")
    here = places.area(parent=district, name="示范社区", name_en="Demo Community")
    home = places.compound(here, name="示范小区", name_en="Demo Compound")
    above = places.lead(district, RoleName.DISTRICT_LEAD)
    span = (now - timedelta(days=1), now + timedelta(days=9))
    people = [make.volunteer(home, kind="seconded", user=places.user(f"段演示{number}")) for number in range(8)]
    for number, person in enumerate(people):
        make.lend(person, here, period=span)
        if number % 2:
            make.held(person, "typing")
    police = places.organisation(name="示范公安分局", name_en="Demo Police")
    officer = places.grant(RoleName.AGENCY_LEAD, organisation=police).user
    site = places.site(here, name="1号卡口", name_en="Checkpoint 1", kind="checkpoint")
    shift = make.shift(site, start=now + timedelta(hours=10))
    make.post(shift, seats=6, role=make.role("checkpoint", name="卡口值守", name_en="Checkpoint duty"))
    (seats,) = joint.lay_out(
        shift.pk, [joint.Share(police.pk, make.role("police", name="公安", name_en="Police").pk, 2)], by=above, now=now
    )

    page = open_page(language, user=above, size=DESK, script=False)
    page.goto("/desk/task-forces/new/")
    page.locator("[name=area]").select_option(str(here.pk))
    page.locator("[name=name]").fill("卡口专班")
    page.locator("[name=purpose]").fill("昼夜值守")
    press(page, words["found"])
    page.locator("[name=user]").select_option(str(people[0].user_id))
    page.locator("[name=duty]").select_option("lead")
    press(page, words["give"])
    force, lead = soon(TaskForce.objects.first), people[0].user
    expect(page.locator("#people").locator("xpath=../..")).to_contain_text("段演示0")

    page = open_page(language, user=lead, size=DESK)
    page.goto("/desk/teams/propose/")
    page.locator("[name=name]").fill("卡口队")
    page.locator("[name=teams]").fill("2")
    press(page, words["look"])
    shown(page, f"teams-proposed-{language}")
    press(page, words["form"])
    expect(page.get_by_text("卡口队 2").first).to_be_visible()
    team = Team.objects.get(name="卡口队 1")
    page.goto(f"/desk/teams/{team.pk}/")
    shown(page, f"team-{language}")
    press(page, words["send"])
    assert soon(lambda: SignUp.objects.filter(shift=shift, status="confirmed").count() == 4)

    phone = open_page(language, user=officer, size=PHONE)
    phone.goto("/desk/joint/")
    shown(phone, f"joint-{language}")
    phone.goto(f"/desk/joint/{seats.pk}/")
    phone.locator("[name=name]").fill("警演示")
    phone.locator("[name=phone]").fill("12000009901")
    for box in ("is_adult", "consent"):
        phone.locator(f"[name={box}]").check()
    press(phone, words["seat"])
    expect(phone.get_by_text("警演示").first).to_be_visible()

    phone = open_page(language, user=lead, size=PHONE)
    phone.goto(f"/p/{shift.pk}/hand-over/")
    phone.locator("[name=text]").fill("扫码机充电器在抽屉里")
    press(phone, words["note"])
    expect(phone.get_by_text("扫码机充电器在抽屉里").first).to_be_visible()
    shown(phone, f"hand-over-{language}")
    assert HandOver.objects.get().written_by == lead
    page.goto(f"/desk/task-forces/{force.pk}/")
    shown(page, f"task-force-{language}")
