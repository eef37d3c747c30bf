"""A lead publishes a day of a rota and gives somebody the day off; supplies are brought; a crew's checklist is filled in."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from communities.states import RoleName
from staffing.actions import on_call, rotas, supplies
from staffing.actions.on_call import CrewPlan
from staffing.actions.rotas import RotaPlan
from staffing.actions.supplies import Wish
from staffing.models import RotaDay, SignUp, SupplyRequest
from staffing.states import SupplyNeed, Trade
from tests.browser.conftest import DESK, picture, soon, violations
from tests.factories import communities as places
from tests.factories import staffing as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "zh-hans": {
        "publish": "发布",
        "day_off": "准假休息",
        "bring": "我来送",
        "go": "我出发了",
        "there": "已送到门口",
        "bad": "有问题",
    },
    "en": {
        "publish": "Publish",
        "day_off": "Give the day off",
        "bring": "I bring it",
        "go": "I'm on my way",
        "there": "It is at the door",
        "bad": "Not in order",
    },
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_rota_supplies_and_a_crew_on_call(open_page, language, transactional_db):
    words, now, area = WORDS[language], timezone.now(), places.area()
    lead = places.lead(area, RoleName.TASKFORCE_LEAD)
    day = timezone.localtime(now).date() + timedelta(days=1)
    points = [
        places.site(area, kind="checkpoint", name=f"{no}号卡口", name_en=f"Checkpoint {no}", no=no) for no in (1, 2)
    ]
    call = make.call(area, title="卡口值守", title_en="Checkpoint duty", ends_at=now + timedelta(days=30))
    for person in [make.seconded(area) for _person in range(15)]:
        person.secondments.update(period=(now - timedelta(days=1), now + timedelta(days=13)))
    role = make.role("checkpoint", max_block_minutes=480)
    rota = rotas.begin(
        area.pk, RotaPlan(call.pk, role.pk, dict.fromkeys((p.pk for p in points), 2), day), by=lead, now=now
    )
    rotas.enlist(rota.pk, None, day=day, by=lead, now=now)

    page = open_page(language, user=lead, size=DESK)
    page.goto(f"/desk/rotas/{rota.pk}/?day={day}")
    page.get_by_role("button", name=words["publish"]).first.click()
    expect(page.locator(".chip.ok").first).to_be_visible()
    picture(page, f"desk-rota-{language.split('-')[0]}")
    assert violations(page) == []
    seat = SignUp.objects.confirmed().order_by("pk").first()
    member = rota.members.get(volunteer=seat.volunteer)
    page.goto(f"/desk/rotas/people/{member.pk}/?day={day}")
    assert violations(page) == []
    page.get_by_role("button", name=words["day_off"]).click()
    expect(page.get_by_role("table")).to_be_visible()
    picture(page, f"desk-rota-people-{language.split('-')[0]}")
    assert violations(page) == []
    seat.refresh_from_db()
    assert (RotaDay.objects.get().day, seat.status) == (day, "cancelled")

    station = make.shift(places.site(area, kind="supply_station", name="物资点", name_en="Supply station"), start=now)
    post = make.post(station, 1, role=make.role("supply_aide"), taken=1, seats_given=1)
    carrier = make.volunteer(community=area)
    SignUp.objects.create(
        post=post, shift=station, volunteer=carrier, status="confirmed", seat_no=1, period=(now, station.ends_at)
    )
    wish = Wish(
        SupplyNeed.INFANT, now + timedelta(hours=3), 2, places.compound(area, name="示范家园").pk, "3号楼2单元502"
    )
    supplies.ask(area.pk, wish, by=lead, now=now)
    phone = open_page(language, user=carrier.user)
    phone.goto("/supplies/")
    assert violations(phone) == []
    phone.get_by_role("button", name=words["bring"]).click()
    expect(phone.get_by_text("3号楼2单元502")).to_be_visible()
    picture(phone, f"supplies-{language.split('-')[0]}")
    assert violations(phone) == []
    phone.get_by_role("button", name=words["go"]).click()
    phone.get_by_role("button", name=words["there"]).click()
    expect(phone.get_by_text("3号楼2单元502")).to_have_count(0)
    assert soon(lambda: SupplyRequest.objects.get().status == "delivered")
    page.goto(f"/desk/supplies/?area={area.pk}")
    assert violations(page) == []

    plan = CrewPlan(places.organisation().pk, Trade.POWER, "供电保障班", "电工演示", "+8612009000088", "配电室")
    crew = on_call.register(area.pk, plan, by=lead)
    duty = on_call.plan(crew.pk, points[0].pk, now - timedelta(hours=1), now + timedelta(hours=9), by=lead, now=now)
    page.goto(f"/desk/on-call/{duty.pk}/")
    page.get_by_role("textbox").fill("温度偏高")
    page.get_by_role("button", name=words["bad"]).click()
    expect(page.get_by_text("温度偏高")).to_be_visible()
    picture(page, f"desk-on-call-{language.split('-')[0]}")
    assert violations(page) == []
    page.goto(f"/desk/?area={area.pk}")
    assert violations(page) == []
