"""Two who come together: asked on one phone by a number, answered on the other with one tap, ended again."""

from django.utils import timezone
from playwright.sync_api import expect

from communities.messages import links
from tests.browser.conftest import DESK, picture, violations
from tests.factories import communities as places
from tests.factories import staffing as make
from volunteers.actions import companions
from volunteers.models import Companionship


def test_two_neighbours_come_together_by_a_number_and_one_tap(open_page, transactional_db):
    here = places.area()
    wife = make.volunteer(community=here, user=places.user("李演示一"))
    husband = make.volunteer(community=here, user=places.user("王演示二"))
    child = make.volunteer(community=here, user=places.user("李演示三"))

    hers = open_page("zh-hans", user=wife.user)
    hers.goto("/me/companions/")
    hers.get_by_label("对方的志愿者编号").fill(husband.number)
    hers.get_by_role("button", name="问一下").click()
    expect(hers.get_by_text(husband.number)).to_be_visible()
    expect(hers.get_by_text("王演示二")).to_have_count(0)
    companions.look_up(timezone.now())
    asked = Companionship.objects.get()

    tap = open_page("zh-hans")
    tap.goto(f"/t/{links.make(links.Purpose.TOGETHER, asked.pk, asked.over_at)}/")
    picture(tap, "companion-question-zh")
    assert violations(tap) == []
    tap.get_by_role("button", name="同意 我们同行").click()
    expect(tap.get_by_role("heading", name="你和李演示一同行")).to_be_visible()

    companions.ask(child.pk, husband.number, now=timezone.now())
    companions.look_up(timezone.now())
    companions.ask(husband.pk, "1000000000", now=timezone.now())
    for language, size, name in (("zh-hans", None, "phone-zh"), ("en", None, "phone-en"), ("en", DESK, "desk-en")):
        his = open_page(language, user=husband.user, **({"size": size} if size else {}))
        his.goto("/me/companions/")
        expect(his.get_by_text("李演示一")).to_be_visible()
        picture(his, f"companions-{name}")
        assert violations(his) == []
    his.get_by_role("button", name="Yes we come together").click()
    expect(his.get_by_role("button", name="Not with 李演示三 any more")).to_be_visible()

    hers.reload()
    hers.get_by_role("button", name="不再和王演示二同行").click()
    expect(hers.get_by_text("已结束，不会告诉任何人。")).to_be_visible()
    assert Companionship.objects.together().count() == 1
