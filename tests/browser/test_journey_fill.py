"""The lead has the open seats filled: reads why, pins one, does not want another, adopts; a neighbour reads why it is her."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from communities.messages import links
from staffing.actions import solving
from staffing.models import Filling, Move, SignUp
from tests.browser.conftest import DESK, PHONE, picture, violations
from tests.factories import communities as places
from tests.factories import staffing as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "zh-hans": {
        "fill": "帮我排满", "work": "开始算", "stop": "停下，保留目前最好的", "pin": "定住", "dont": "不要",
        "again": "按我的改动重算", "adopt": "采用", "undo": "全部撤回", "no": "我来不了", "why": "为什么是你",
    },
    "en": {
        "fill": "Fill the rest for me", "work": "Work it out", "stop": "Stop, and keep the best so far", "pin": "Pin",
        "dont": "Don't", "again": "Work it out again with my changes", "adopt": "Adopt", "undo": "Take it all back",
        "no": "I can't come", "why": "Why you",
    },
}  # fmt: skip
NAMES = ("任演示", "马演示", "潘演示", "崔演示", "高演示", "曹演示")


def shown(page: Page, name: str) -> None:
    picture(page, name)
    assert violations(page) == []


def village():
    """17 seats at three points, six neighbours, two people lent by a unit, a compound that nobody may enter."""
    now = timezone.now()
    start = now + timedelta(hours=30)
    here = places.area(name="香樟社区", name_en="Xiangzhang Community")
    east, west = (places.compound(here, name=name) for name in ("示范东苑小区", "示范西苑小区"))
    places.zone("lockdown", compound=west, since=now - timedelta(days=1))
    call = make.call(here, starts_at=start, ends_at=start + make.BLOCK)
    marshal = make.role("queue_marshal", name="维持秩序", name_en="Queue marshal")
    clerk = make.role("data_entry", name="录入", name_en="Data entry")
    clerk.prefers.add(make.qualification("typing", name="手机打字快", name_en="Types fast"))
    spray = make.role("disinfection", name="消杀", name_en="Disinfection")
    spray.requires.add(
        make.qualification("sprayer", name="消杀培训", name_en="Disinfection training", self_declared=False)
    )
    for number, home in ((5, east), (9, east), (14, west)):
        shift = make.shift(
            places.site(here, home, name=f"{number}号点", name_en=f"Point {number}", no=number), call, start=start
        )
        make.post(shift, 3, role=marshal)
        make.post(shift, 1, role=clerk)
        if home == west:
            make.post(shift, 1, role=spray)
    for name in NAMES:
        person = make.volunteer(east, user=places.user(name))
        if name == "任演示":
            make.held(person, "typing")
            make.served(person, times=3, until=now - timedelta(days=40))
    make.volunteer(west, user=places.user("温演示"))
    unit = places.organisation(name="示范住建局", name_en="Demo Construction Bureau")
    for name in ("郑演示", "冯演示"):
        lent = make.volunteer(east, user=places.user(name), kind="seconded")
        make.lend(lent, here, organisation=unit, period=(now - timedelta(days=1), now + timedelta(days=9)))
    return here, call


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_rest_is_filled_with_reasons_and_nobody_is_placed_unasked(open_page, language, transactional_db):
    words, (here, call) = WORDS[language], village()
    lead = places.lead(here)
    page = open_page(language, user=lead, size=DESK)
    page.goto(f"/desk/calls/{call.pk}/")
    page.get_by_role("link", name=words["fill"]).click()
    shown(page, f"fill-ask-{language}")
    page.get_by_role("button", name=words["work"]).click()
    expect(page.get_by_role("button", name=words["stop"])).to_be_visible()
    found = Filling.objects.get()
    shown(page, f"fill-working-{language}")
    solving.run(found.pk, timezone.now())
    expect(page.get_by_role("button", name=words["adopt"])).to_be_visible(timeout=10_000)  # it looks again by itself
    shown(page, f"fill-ready-{language}")

    pinned, banned = Move.objects.filter(filling=found, asked=True).order_by("pk")[:2]
    page.locator(f"#m{pinned.pk} button").first.click()
    expect(page.locator(f"#m{pinned.pk}.pinned")).to_be_visible()
    page.locator(f"#m{banned.pk} button").last.click()
    expect(page.locator(f"#m{banned.pk}.forbidden")).to_be_visible()
    shown(page, f"fill-marked-{language}")
    page.get_by_role("button", name=words["again"]).click()
    expect(page.get_by_role("button", name=words["stop"])).to_be_visible()
    solving.run(found.pk, timezone.now())
    page.goto(f"/desk/proposals/{found.pk}/")
    shown(page, f"fill-again-{language}")
    assert Move.objects.get(filling=found, volunteer=pinned.volunteer_id).mark == "pinned"

    page.get_by_role("button", name=words["adopt"]).click()
    expect(page.get_by_role("button", name=words["undo"])).to_be_visible()
    shown(page, f"fill-adopted-{language}")
    statuses = set(SignUp.objects.values_list("volunteer__kind", "status"))
    assert statuses == {("volunteer", "invited"), ("seconded", "confirmed")}

    asked = SignUp.objects.get(move__volunteer=pinned.volunteer_id)
    phone = open_page(language, size=PHONE, script=False)
    phone.goto(f"/a/{links.make(links.Purpose.SEAT, asked.pk, asked.period.upper)}")
    expect(phone.get_by_text(words["why"])).to_be_visible()
    picture(phone, f"fill-asked-{language}")
    phone.get_by_role("button", name=words["no"]).click()
    expect(phone.get_by_role("button", name=words["no"])).to_have_count(0)
    asked.refresh_from_db()
    assert asked.status == "declined"

    small = open_page(language, user=lead, size=PHONE, script=False)
    small.goto(f"/desk/proposals/{found.pk}/")
    picture(small, f"fill-phone-{language}")
    assert small.locator("body").bounding_box()["width"] <= PHONE["width"]
    small.goto(f"/desk/proposals/?area={here.pk}")
    picture(small, f"fill-list-{language}")
