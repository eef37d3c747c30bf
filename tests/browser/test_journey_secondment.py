"""A unit uploads its people; they are matched to homes, offered, approved, received, agree, and are called back."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from communities.messages import links
from communities.states import Level, RoleName
from staffing.actions import decisions
from staffing.models import Secondment, SignUp
from tests.browser.conftest import DESK, PHONE, picture, soon, violations
from tests.factories import communities as places
from tests.factories import staffing as make
from volunteers.actions import imports
from volunteers.models import StaffImport

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "zh-hans": {
        "upload": "上传",
        "take": "导入",
        "offer": "派出去",
        "approve": "全部批准（3人）",
        "receive": "接收选中的",
        "agree": "我同意",
        "later": "24小时后召回",
        "report": "报到",
    },
    "en": {
        "upload": "Upload",
        "take": "Take it over",
        "offer": "Offer them",
        "approve": "Approve all 3",
        "receive": "Receive those ticked",
        "agree": "I agree",
        "later": "Call back in 24 hours",
        "report": "Report in",
    },
}
STAFF = (
    "工号,姓名,手机,住址,特长,科室\n"
    "A1,袁演示,12000007001,小店区示范东苑小区4号楼3单元,手机打字快,一科\n"
    "A2,许演示,12000007002,示范西苑小区2号楼,,二科\n"
    "A3,邓演示,12000007003,小店区丽景苑9号楼,,\n"
    "A4,沈演示,1200000,示范东苑小区,,\n"
    "A5,马演示,12000007005,示范东苑小区,,\n"
)


def shown(page: Page, name: str) -> None:
    picture(page, name)
    assert violations(page) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_the_list_to_duty_and_back(open_page, language, transactional_db, tmp_path: Path):
    words, now = WORDS[language], timezone.now()
    places.policies()
    xiaodian = places.area(Level.DISTRICT, name="小店区", name_en="Xiaodian District")
    here = places.area(parent=xiaodian, name="香樟社区", name_en="Xiangzhang Community")
    court, west = (places.compound(here, name=name) for name in ("示范东苑小区", "示范西苑小区"))
    for name in ("丽景苑一期", "丽景苑二期"):
        places.compound(places.area(parent=xiaodian), name=name)
    make.qualification("typing", name="手机打字快", name_en="Types fast")
    role = make.role("queue_marshal", name="维持秩序", name_en="Queue marshal")
    unit = places.organisation(name="示范统计局", name_en="Demo Statistics Office")
    officer = places.grant(RoleName.ORG_HR, organisation=unit, user_=places.user("蒋演示", is_demo=True)).user
    lead = places.lead(here)
    (tmp_path / "staff.csv").write_bytes(STAFF.encode("gb18030"))

    page = open_page(language, user=officer, size=DESK)
    page.goto("/desk/staff-lists/")
    page.locator("input[type=file]").set_input_files(tmp_path / "staff.csv")
    shown(page, f"secondment-upload-{language}")
    page.get_by_role("button", name=words["upload"]).click()
    found = soon(StaffImport.objects.first)
    shown(page, f"secondment-reading-{language}")
    imports.work(found.pk, now)
    page.goto(f"/desk/staff-lists/{found.pk}/")
    shown(page, f"secondment-report-{language}")
    page.get_by_role("button", name=words["take"]).click()
    imports.work(found.pk, now)
    page.goto(f"/desk/staff-lists/{found.pk}/")
    shown(page, f"secondment-taken-{language}")

    page.goto("/desk/lent/offer/")
    page.get_by_role("button", name=words["offer"]).click()
    shown(page, f"secondment-approve-{language}")
    page.get_by_role("button", name=words["approve"]).click()
    assert soon(lambda: Secondment.objects.filter(status="approved").count() == 3)

    sealed = places.compound(places.area(parent=xiaodian, name="红寺社区"), name="红寺村")
    places.zone("lockdown", since=now - timedelta(days=1), compound=sealed)
    shut_in, unknown = make.volunteer(sealed, user=places.user("田演示")), make.volunteer(user=places.user("林演示"))
    for person in (shut_in, unknown):
        make.lend(person, here, status="approved", period=(now, now + timedelta(days=14)), accepted_at=None, acknowledged_at=None, accepted_by=None)  # fmt: skip
    desk = open_page(language, user=lead, size=DESK)
    first = Secondment.objects.get(volunteer__user__name="袁演示")
    desk.goto(f"/desk/secondments/?p={first.pk}")
    shown(desk, f"secondment-receive-{language}")
    for box in desk.locator("#people input[name=p]").all():
        box.check()
    desk.get_by_role("button", name=words["receive"]).click()
    shown(desk, f"secondment-received-{language}")
    status = dict(Secondment.objects.values_list("volunteer__user__name", "status"))
    assert [status[name] for name in ("袁演示", "许演示", "马演示", "田演示")] == ["accepted"] * 3 + ["approved"]

    phone = open_page(language, size=PHONE)
    first.refresh_from_db()
    phone.goto(f"/d/{links.make(links.Purpose.SECONDMENT, first.pk, first.period.upper)}/")
    shown(phone, f"secondment-agree-{language}")
    phone.get_by_role("button", name=words["agree"]).click()
    expect(phone.get_by_role("button", name=words["agree"])).to_have_count(0)
    shown(phone, f"secondment-agreed-{language}")
    first.refresh_from_db()
    assert first.status == "active"

    start = now + timedelta(days=2)
    post = make.post(make.shift(places.site(here, name="5号点"), start=start), role=role)
    decisions.assign(post.pk, first.volunteer_id, by=lead, now=now)
    desk.goto(f"/desk/secondments/?tab=on&p={first.pk}")
    shown(desk, f"secondment-on-duty-{language}")
    page.goto("/desk/lent/?tab=on")
    shown(page, f"secondment-lent-{language}")
    page.goto(f"/desk/lent/{first.pk}/recall/")
    shown(page, f"secondment-recall-{language}")
    page.get_by_role("button", name=words["later"]).click()
    assert soon(lambda: SignUp.objects.get().status == "cancelled")
    desk.goto("/desk/secondments/?tab=back")
    shown(desk, f"secondment-back-{language}")
    page.goto("/desk/lent/feedback/")
    shown(page, f"secondment-feedback-{language}")
    assert (court.pk, west.pk) == (first.volunteer.residence_id, Secondment.objects.get(volunteer__user__name="许演示").volunteer.residence_id)  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_somebody_scans_the_code_at_the_door_and_reports_in(open_page, language, transactional_db):
    here = places.area(name="香樟社区", name_en="Xiangzhang Community")
    unit = places.organisation(name="示范统计局", name_en="Demo Statistics Office")
    desk = open_page(language, user=places.lead(here), size=DESK)
    desk.goto("/desk/secondments/code/")
    shown(desk, f"secondment-code-{language}")
    stranger = places.user("曹演示")
    phone = open_page(language, user=stranger)
    phone.goto(f"/r/{here.pk}/")
    shown(phone, f"secondment-report-in-{language}")
    phone.get_by_role("checkbox").check()
    phone.get_by_role("button", name=WORDS[language]["report"]).click()
    expect(phone.get_by_role("button", name=WORDS[language]["report"])).to_have_count(0)
    shown(phone, f"secondment-reported-{language}")
    found = Secondment.objects.get()
    assert (found.volunteer.user, found.organisation, found.on_the_spot) == (stranger, unit, True)
    desk.goto("/desk/secondments/")
    shown(desk, f"secondment-waits-{language}")
