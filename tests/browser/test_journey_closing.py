"""Afterwards: a volunteer's own data, consent and being forgotten on the phone; the incident closed out on the desk."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from communities.models import User
from staffing.actions import closeouts
from staffing.models import CloseOut, SignUp
from tests.browser.conftest import DESK, picture, violations
from tests.factories.incidents import Scene
from volunteers.models import ServiceRecord

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "zh-hans": {
        "agree": "同意：结束后留在名单上",
        "forget": "删除我的身份",
        "gone": "您的身份已删除",
        "stays": "姓名会保留",
        "sure": "我知道这无法恢复",
    },
    "en": {
        "agree": "Agree: staying on the list afterwards",
        "forget": "Forget me",
        "gone": "You are forgotten",
        "stays": "your name stays",
        "sure": "I know that this cannot be undone",
    },
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_incident_is_closed_and_each_person_decides_for_themselves(open_page, language, transactional_db):
    scene, words, short = Scene(), WORDS[language], language[:2]
    desk, second = (open_page(language, user=one, size=DESK) for one in (scene.lead, scene.second))
    ServiceRecord.objects.filter(sign_up=scene.seats[0].pk).update(needs_confirmation=True)
    SignUp.objects.filter(pk=scene.seats[0].pk).update(auto_checkout=True)
    desk.goto(reverse("corrections"))
    assert violations(desk) == []
    picture(desk, f"closing-hours-{short}")
    desk.locator("a[href$='/correct/']").click()
    expect(desk.locator("h1")).to_have_text({"zh-hans": "说明离开时间", "en": "Say when they left"}[language])
    desk.locator("button.primary").click()
    second.goto(reverse("corrections"))
    assert violations(second) == []
    picture(second, f"closing-hours-agree-{short}")
    second.locator("form[action*='/agree/'] button").click()
    expect(second.locator("form[action*='/agree/']")).to_have_count(0)

    desk.goto(f"{reverse('close_out_new')}?area={scene.area.pk}")
    desk.get_by_role("textbox").first.fill("四月疫情")
    desk.locator("[name=first]").fill("2022-04-02")
    desk.locator("[name=last]").fill("2022-04-05")
    desk.locator("button[formmethod=get]").click()
    expect(desk.locator(".figures b").first).to_have_text("4")
    assert violations(desk) == []
    picture(desk, f"closing-look-{short}")
    desk.locator("button.danger").click()
    second.goto(reverse("close_out", args=[CloseOut.objects.get().pk]))
    assert violations(second) == []
    picture(second, f"closing-agree-{short}")
    second.locator("button.danger").click()
    expect(second.locator("button.danger")).to_have_count(0)

    stays, goes = scene.people[0].user, scene.people[1].user
    phone = open_page(language, user=stays)
    phone.goto(reverse("my_data"))
    assert violations(phone) == []
    picture(phone, f"my-data-{short}")
    phone.get_by_role("button", name=words["agree"]).click()
    expect(phone.get_by_role("button", name=words["agree"])).to_have_count(0)
    expect(phone.locator(".notice.warn")).to_contain_text(words["stays"])

    other = open_page(language, user=goes, script=False)
    other.goto(reverse("my_data"))
    other.get_by_role("link", name=words["forget"]).click()
    picture(other, f"my-data-forget-{short}")
    other.get_by_label(words["sure"]).check()
    other.get_by_role("button", name=words["forget"]).click()
    expect(other.get_by_role("heading", level=1)).to_have_text(words["gone"])
    picture(other, f"my-data-gone-{short}")
    assert User.objects.get(pk=goes.pk).name == ""

    found = CloseOut.objects.get()
    closeouts.work(found.pk, found.purge_at)
    desk.goto(reverse("close_out", args=[found.pk]))
    assert violations(desk) == []
    picture(desk, f"closing-certificate-{short}")
    assert [bool(User.objects.get(pk=one.user_id).name) for one in scene.people] == [True, False, False]
    assert timezone.now() < found.purge_at
    desk.goto(reverse("close_outs"))
    assert violations(desk) == []
    picture(desk, f"closing-list-{short}")
