"""Red vests at dawn: handed out with one tap, one forgotten, found at the desk; and the lead who hands over."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from staffing.actions import attendance, equipment, signups
from staffing.models import Equipment, Shift
from tests.browser.conftest import DESK, picture, violations
from tests.factories import communities as places
from tests.factories import staffing as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "zh-hans": {
        "give": "给安演示发放所需物品", "all": "给在场的2人全部发放", "back": "安演示全部归还", "out": "待归还", "off": "核销",
        "change": "更换", "save": "保存", "stands": "替补负责人", "low": "不足", "hand": "现在交给安演示负责",
    },
    "en": {
        "give": "Hand out what 安演示 needs", "all": "Hand out to all 2 who are here", "back": "安演示 gives everything back",
        "out": "To bring back", "off": "Write off", "change": "Change", "save": "Save", "stands": "Stands in",
        "low": "low", "hand": "Hand over to 安演示 now",
    },
}  # fmt: skip


@pytest.fixture
def point(transactional_db):
    """A shift that runs now: three are there, one of them has left, and things to hand out."""
    area, now = places.area(name="保利香樟社区", name_en="Poly Xiangzhang"), timezone.now()
    lead, leader = places.lead(area), places.user("邓演示")
    call = make.call(area, starts_at=now, ends_at=now + make.BLOCK)
    shift = make.shift(places.site(area), call, start=now, leader=leader)
    post = make.post(shift, 3, role=make.role("data_entry", risky=True))
    kinds = [
        (equipment.Kind("红马甲", "Red vest", everybody=True, low=20), 20),
        (equipment.Kind("口罩", "Mask", comes_back=False, each=2, everybody=True), 300),
        (equipment.Kind("对讲机", "Radio"), None),
    ]
    for kind, stock in kinds:
        equipment.keep(area.pk, kind, stock=stock, by=lead, now=now)
    for name in ("安演示", "柏演示", "曹演示"):
        person = make.volunteer(user=places.user(name))
        seat = signups.sign_up(post.pk, person.pk, now=now - timedelta(minutes=5))
        attendance.check_in(seat.pk, by=lead, now=now)
        if name == "曹演示":
            equipment.hand_out_usual(seat.pk, by=lead, now=now)
            attendance.check_out(seat.pk, by=lead, now=now)
    Shift.objects.update(status="running")
    return Shift.objects.get(), lead


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_things_go_out_and_come_back_and_the_lead_hands_over(open_page, language, point):
    (shift, lead), words = point, WORDS[language]
    board = f"/p/{shift.pk}/"
    page = open_page(language, user=shift.leader)
    page.goto(board)
    picture(page, f"equipment-board-{language}")
    assert violations(page) == []
    page.get_by_role("button", name=words["give"]).click()
    expect(page.get_by_role("button", name=words["give"])).to_have_count(0)

    page.goto(f"{board}equipment/")
    picture(page, f"equipment-point-{language}")
    assert violations(page) == []
    page.get_by_role("button", name=words["back"]).click()
    expect(page.get_by_role("button", name=words["back"])).to_have_count(0)

    plain = open_page(language, user=shift.leader, script=False)
    plain.goto(f"{board}equipment/")
    row = plain.get_by_role("listitem").filter(has_text="柏演示")
    row.get_by_role("button").click()
    expect(plain.get_by_role("listitem").filter(has_text="柏演示").get_by_role("button")).to_have_count(1)
    plain.get_by_role("listitem").filter(has_text="柏演示").get_by_role("link").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("柏演示")
    picture(plain, f"equipment-person-{language}")

    who = open_page(language, user=shift.sign_ups.get(volunteer__user__name="曹演示").volunteer.user)
    who.goto("/my/")
    expect(who.get_by_role("heading", name=words["out"])).to_be_visible()

    desk = open_page(language, user=lead, size=DESK)
    desk.goto("/desk/equipment/")
    expect(desk.get_by_text(words["low"], exact=True)).to_be_visible()
    picture(desk, f"equipment-desk-{language}")
    assert violations(desk) == []
    lost = desk.get_by_role("listitem").filter(has_text="曹演示")
    lost.get_by_role("button", name=words["off"]).click()
    expect(desk.get_by_text("曹演示")).to_have_count(0)
    desk.goto(f"/desk/equipment/{Equipment.objects.get(name='口罩').pk}/")
    picture(desk, f"equipment-thing-{language}")
    assert violations(desk) == []

    page.goto(board)
    page.locator("#charge").get_by_role("link", name=words["change"]).click()
    page.get_by_label(words["stands"]).select_option(label="安演示")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.locator("#charge")).to_contain_text("安演示")
    page.goto(f"{board}deputy/")
    picture(page, f"deputy-{language}")
    assert violations(page) == []
    page.get_by_role("button", name=words["hand"]).click()
    page.wait_for_url("**/my/")
    shift = Shift.objects.select_related("leader").get(pk=shift.pk)
    assert (shift.leader.name, shift.deputy) == ("安演示", None)
