"""The chain list that has begun in the group: pasted, looked at, taken in; then the longer list as a difference."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from communities.models import User
from staffing.models import ChainRow, SignUp
from tests.browser.conftest import DESK, PHONE, picture, soon, violations
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = ["zh-hans", "en"]
ROLES = [
    ("door_knocker", "敲门", "Door caller"),
    ("queue_marshal", "维序", "Marshal"),
    ("driver", "司机", "Driver"),
]
LIST = """#接龙
香樟社区早上核酸志愿者
早5点半到12点，西苑东苑都缺人，会打字的优先

1. 林秀芬 西苑 6号楼 敲门
2. 彭浩 搬东西、维序都行
3. 西苑 5-1-302 沈安然 录入
4. 小宇妈妈
5. 韩立新+1 我和爱人一起
6. 郑国栋 东苑 2号楼，哪里缺去哪
7. 何雨桐 东苑 1号楼2单元 打字快
8. 曹雪梅 5点半可以
9、爱吃橘子🍊
10. 冯志强 12000000071 东苑 8号楼
11. 田小宇 西苑
12. 袁阿姨家两个人 西苑 3号楼
13. 许文静 做过三次了
14. 马思远 只能下半场
15. 崔师傅（西苑）有车
16. 潘玉兰 东苑
17. 3号楼老周 可以消毒
18. 沈安然 西苑 录入 刚才没发出去
19. 姜涛 替我妈报名
20. 还缺人吗？
21. 邓老师 录入"""
LONGER = (
    LIST.replace("8. 曹雪梅 5点半可以", "8. 曹雪梅 来不了了，孩子发烧").replace("2. 彭浩", "2. 彭浩 2人")
    + "\n22. 任欣怡 西苑 都可以\n23. 高铭 12000000072 东苑 4号楼"
)


@pytest.fixture
def desk(transactional_db):
    make.role("data_entry", name="录入", name_en="Data entry")
    desk = Desk(seats=6)
    west, east = places.compound(desk.area, name="香樟西苑"), places.compound(desk.area, name="香樟东苑")
    for slug, name, english in ROLES:
        make.post(desk.shift, seats=8, role=make.role(slug, name=name, name_en=english))
    known = [("林秀芬", west), ("沈安然", west), ("许文静", east), ("袁秀兰", west), ("袁玉芳", west), ("田小宇", west)]
    for name, home in known:
        make.volunteer(home, user=User.objects.create_user(name=name))
    make.volunteer(east, user=User.objects.create_user(name="冯志强", phone="+8612000000071"))
    return desk


def paste(page: Page, text: str) -> None:
    """As from the clipboard: the whole text at once."""
    page.locator("#text").focus()
    page.evaluate(
        """text => { document.execCommand("selectAll"); document.execCommand("insertText", false, text) }""", text
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_from_the_group_is_taken_in_and_the_longer_one_is_a_difference(open_page, desk, language):
    page = open_page(language, user=desk.lead, size=DESK)
    taps = 0

    def tap(selector: str) -> None:
        nonlocal taps
        taps += 1
        page.locator(selector).first.click()

    page.goto(reverse("call_desk", args=[desk.call.pk]))
    tap(f"a[href='{reverse('call_chain', args=[desk.call.pk])}']")
    tap("#text")
    paste(page, LIST)
    expect(page.locator(".stick .primary")).to_be_visible()
    assert violations(page) == []
    picture(page, f"chain-look-{language[:2]}")
    tap(".stick .primary")
    expect(page.locator("#piles .count").first).to_be_visible()
    assert taps == 3
    taken = SignUp.objects.alive().count()
    assert [taken, ChainRow.objects.asking().count()] == [18, 3]
    assert violations(page) == []
    picture(page, f"chain-taken-{language[:2]}")

    auntie = User.objects.get(name="袁秀兰").volunteer.pk
    tap(f"button[value='person-{auntie}']")
    expect(page.locator(f"button[value='person-{auntie}']")).to_have_count(0)
    assert ChainRow.objects.asking().count() == 2

    paste(page, LONGER)
    expect(page.locator(".stick .primary")).to_be_visible()
    assert violations(page) == []
    picture(page, f"chain-longer-{language[:2]}")
    tap("input[name=free]")
    tap(".stick .primary")
    expect(page.locator("#piles .count").first).to_be_visible()
    assert not SignUp.objects.alive().filter(volunteer__user__name="曹雪梅").exists()
    assert SignUp.objects.alive().count() == taken + 2 - 1 + 3
    assert taps == 6

    page.goto(reverse("chain_roster", args=[desk.call.pk]))
    expect(page.locator("[data-copy]").first).to_be_visible()
    assert violations(page) == []
    picture(page, f"chain-roster-{language[:2]}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_on_a_phone_and_without_script(open_page, desk, language):
    page = open_page(language, user=desk.lead, size=PHONE, script=False)
    page.goto(reverse("call_chain", args=[desk.call.pk]))
    page.fill("#text", LIST)
    page.locator("button[value=read]").click()
    picture(page, f"chain-phone-{language[:2]}")
    page.locator(".stick .primary").click()

    assert soon(lambda: ChainRow.objects.count() == 21)
    page = open_page(language, user=desk.lead, size=PHONE)
    page.goto(reverse("call_chain", args=[desk.call.pk]))
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
