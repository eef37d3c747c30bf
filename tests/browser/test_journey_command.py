"""The district looks at its communities before dawn, finds the worst, has people lent to it, and reports at eight."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from communities.states import Level, RoleName, ZoneLevel
from staffing.models import Lending, Pledge, Post, SignUp, Takeover
from staffing.web import command_desk
from tests.browser.conftest import DESK, PHONE, picture, soon, violations
from tests.factories import communities as places
from tests.factories import staffing as make
from volunteers.models import ServiceRecord

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# name, English name, zone, posts, named, pledged, people lent there without a post
COMMUNITIES = [
    ("红寺社区", "Hongsi Community", None, 32, 15, 5, 0),
    ("东岗社区", "Donggang Community", ZoneLevel.LOCKDOWN, 74, 47, 6, 0),
    ("香樟社区", "Xiangzhang Community", ZoneLevel.LOCKDOWN, 106, 83, 8, 2),
    ("平阳社区", "Pingyang Community", ZoneLevel.PRECAUTION, 58, 46, 5, 0),
    ("汾滨社区", "Fenbin Community", ZoneLevel.CONTROLLED, 92, 80, 3, 0),
    ("双塔社区", "Shuangta Community", ZoneLevel.PRECAUTION, 64, 58, 2, 0),
    ("学府社区", "Xuefu Community", ZoneLevel.PRECAUTION, 88, 83, 2, 0),
    ("文华苑社区", "Wenhuayuan Community", None, 40, 40, 0, 7),
    ("并州社区", "Bingzhou Community", None, 46, 46, 0, 0),
    ("神堂社区", "Shentang Community", ZoneLevel.PRECAUTION, 70, 70, 0, 0),
]
WORDS = {
    "zh-hans": {
        "lend": "提出借人…",
        "ask": "问两个社区",
        "give": "同意，文华苑社区借出",
        "take": "同意，红寺社区接收",
        "over": "接管这块看板…",
        "take_over": "接管",
        "back": "交还看板",
    },
    "en": {
        "lend": "Propose to lend…",
        "ask": "Ask both communities",
        "give": "Yes, Wenhuayuan Community lends them",
        "take": "Yes, Hongsi Community takes them",
        "over": "Take this board over…",
        "take_over": "Take it over",
        "back": "Give the board back",
    },
}


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    monkeypatch.setattr(command_desk, "SECONDS", 0)


class Night:
    """The subdistrict of the mock-up, ten hours before its round."""

    def __init__(self):
        self.now = timezone.now()
        self.start = (self.now + 10 * HOUR).replace(minute=30, second=0, microsecond=0)
        places.policies()
        self.city = places.area(Level.CITY, name="太原市", name_en="Taiyuan")
        self.street = places.area(Level.SUBDISTRICT, self.city, name="龙城街道", name_en="Longcheng Subdistrict")
        self.above = places.grant(RoleName.SUBDISTRICT_LEAD, self.street, places.user("韩立新")).user
        self.mayor = places.grant(RoleName.CITY_COMMAND, self.city, places.user("方演示")).user
        self.roles = [make.role(slug, name=name, name_en=en) for slug, name, en in (("door_knocker", "敲门", "Door caller"), ("queue_marshal", "维序", "Marshal"), ("data_entry", "录入", "Data entry"))]  # fmt: skip
        self.areas = [self.community(*row) for row in COMMUNITIES]
        self.short, self.rich = self.areas[0], self.areas[7]
        self.leads = [places.lead(area) for area in (self.short, self.rich)]
        self.served()

    def community(self, name, name_en, zone, need, named, pledged, free):
        area = places.area(parent=self.street, name=name, name_en=name_en)
        home = places.compound(area, name="示范家园")
        if zone:
            places.zone(zone, since=self.now - DAY, compound=home)
        call = make.call(area, starts_at=self.start, ends_at=self.start + make.BLOCK, published_at=self.now - 3 * HOUR)
        shift = make.shift(places.site(area, home if zone else None, name="1号点"), call, start=self.start)
        parts = [need // 2, need // 4, need - need // 2 - need // 4]
        posts = [make.post(shift, seats, role=role) for seats, role in zip(parts, self.roles, strict=True)]
        self.fill(posts, named, home)
        if pledged:
            post = next(post for post in posts if post.seats - post.taken >= pledged)
            unit = places.organisation(name="区教育局", name_en="District Education Office")
            Pledge.objects.create(post=post, organisation=unit, seats=pledged, due_at=self.start - HOUR)
            Post.objects.filter(pk=post.pk).update(pledged=pledged)
        for number in range(free):
            person = make.volunteer(home, kind="seconded", user=places.user(f"{'袁许邓沈马宋唐'[number]}演示"))
            make.lend(person, area, period=(self.now - DAY, self.now + 9 * DAY))
        return area

    def fill(self, posts, named, home):
        for post in posts:
            take = min(named, post.seats)
            named -= take
            SignUp.objects.bulk_create(
                SignUp(post=post, shift=post.shift, volunteer=make.volunteer(home), status="confirmed", seat_no=seat,
                       period=(self.start, self.start + make.BLOCK))
                for seat in range(1, take + 1)
            )  # fmt: skip
            Post.objects.filter(pk=post.pk).update(taken=take, seats_given=take, last_seat=take)
            post.taken = take

    def served(self):
        for kind, number in (("volunteer", 14), ("seconded", 12), ("medical", 3)):
            for person in [make.volunteer(community=self.short) for _person in range(number)]:
                ServiceRecord.objects.create(
                    volunteer=person, sign_up=person.pk, community=self.short, kind=kind, what="x", where="x",
                    started_at=self.now - DAY, ended_at=self.now - DAY + HOUR, minutes=195,
                )  # fmt: skip


def shown(page: Page, name: str) -> None:
    picture(page, name)
    assert violations(page) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_the_worst_community_to_people_lent_and_the_report(open_page, language, transactional_db):
    words, night = WORDS[language], Night()
    page = open_page(language, user=night.above, size=DESK)
    page.goto("/desk/command/")
    expect(page.locator("tbody tr")).to_have_count(10)
    expect(page.locator("tbody tr").first).to_have_attribute("aria-selected", "true")
    shown(page, f"command-board-{language}")
    page.goto("/desk/command/?theme=dark")
    shown(page, f"command-board-dark-{language}")
    page.goto("/desk/command/?theme=light")
    phone = open_page(language, user=night.above, size=PHONE)
    phone.goto("/desk/command/")
    shown(phone, f"command-phone-{language}")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    page.get_by_role("link", name=words["lend"]).first.click()
    expect(page.locator("input[name=p]")).to_have_count(7)
    page.locator("input[name=reason]").fill("红寺明早还缺人")
    shown(page, f"command-lend-{language}")
    page.get_by_role("button", name=words["ask"]).click()
    found = soon(Lending.objects.first)
    shown(page, f"command-lending-{language}")
    for lead, verb in zip(night.leads, ("take", "give"), strict=True):
        desk = open_page(language, user=lead, size=DESK)
        desk.goto("/desk/lendings/")
        shown(desk, f"command-lendings-{verb}-{language}")
        desk.goto(f"/desk/lendings/{found.pk}/")
        desk.get_by_role("button", name=words[verb]).click()
        shown(desk, f"command-lending-{verb}-{language}")
    assert soon(lambda: Lending.objects.get().status == "agreed")
    assert found.people.filter(binds=True).count() == 7

    page.goto("/desk/command/report/")
    shown(page, f"command-report-{language}")
    assert len(page.pdf()) > 10_000
    page.goto("/desk/command/log/")
    shown(page, f"command-log-{language}")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_city_takes_a_board_over_and_gives_it_back(open_page, language, transactional_db):
    words, night = WORDS[language], Night()
    page = open_page(language, user=night.mayor, size=DESK)
    page.goto("/desk/command/")
    page.get_by_role("link", name=words["over"]).click()
    page.locator("input[name=reason]").fill("负责人联系不上")
    shown(page, f"command-take-over-{language}")
    page.get_by_role("button", name=words["take_over"], exact=True).click()
    assert soon(Takeover.objects.first).area == night.short
    page.goto("/desk/command/")
    shown(page, f"command-taken-over-{language}")
    page.get_by_role("button", name=words["back"]).click()
    assert soon(lambda: Takeover.objects.get().returned_at)
    expect(page.get_by_role("link", name=words["over"]).first).to_be_visible()


def test_without_script_the_board_works_the_same(open_page, transactional_db):
    night = Night()
    page = open_page("zh-hans", user=night.above, size=DESK, script=False)
    page.goto("/desk/command/?by=missing")
    page.get_by_role("link", name="平阳社区").click()
    expect(page.locator("#about h2")).to_have_text("平阳社区")
