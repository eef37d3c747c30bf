"""Another system is connected at the desk: its secret once, a test that arrives, one that does not and is sent again."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from communities.actions import webhooks
from communities.messages.webhooks import deliver
from communities.models import Webhook, WebhookDelivery
from communities.states import HookStatus, Level, RoleName
from tests.browser.conftest import DESK, picture, violations
from tests.factories import communities as places

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "zh-hans": {
        "add": "添加 Webhook", "name": "名称", "address": "地址", "topic": "管控状态", "make": "添加并显示密钥",
        "secret": "密钥（只显示这一次）", "have": "已记下", "test": "发送测试", "arrived": "已送到", "lost": "已放弃发送",
        "again": "重发第", "waiting": "等待发送", "rotate": "换新密钥…", "new": "生成新密钥", "off": "停用",
        "on": "启用", "delete": "删除…", "sure": "删除",
    },
    "en": {
        "add": "Add a webhook", "name": "Name", "address": "Address", "topic": "zone statuses",
        "make": "Add it, and show the secret", "secret": "The secret, shown this once", "have": "I have it",
        "test": "Send a test", "arrived": "arrived", "lost": "given up", "again": "Send no.", "waiting": "waiting",
        "rotate": "New secret…", "new": "Make a new secret", "off": "Switch off", "on": "Switch on",
        "delete": "Delete…", "sure": "Delete it",
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def calm(monkeypatch):
    """What is to be told is told when the test says so."""
    monkeypatch.setattr("communities.nudges.nudge", lambda *_args: False)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_another_system_is_connected(transactional_db, open_page, language, receiver):
    city, words = places.area(Level.CITY, name="太原市", name_en="Taiyuan"), WORDS[language]
    keeper = places.lead(city, RoleName.SYSTEM_ADMIN)
    page = open_page(language, user=keeper, size=DESK)
    page.goto("/desk/webhooks/")
    page.get_by_role("link", name=words["add"]).click()
    picture(page, f"webhook-new-{language}")
    assert violations(page) == []
    page.get_by_label(words["name"]).fill("街道大屏")
    page.get_by_label(words["address"]).fill(f"{receiver.origin}/in")
    page.get_by_label(words["topic"]).check()
    page.get_by_role("button", name=words["make"]).click()
    expect(page.get_by_label(words["secret"])).to_have_value(Webhook.objects.get().secret)
    picture(page, f"webhook-secret-{language}")
    assert violations(page) == []
    page.get_by_role("link", name=words["have"]).click()
    page.get_by_role("button", name=words["test"]).click()
    rows = page.locator("#told ~ ul, section[aria-labelledby=told] li")
    expect(rows.filter(has_text=words["waiting"])).to_have_count(1)
    deliver()
    page.reload()
    expect(page.locator("section[aria-labelledby=told]").get_by_text(words["arrived"], exact=True)).to_be_visible()

    hook = Webhook.objects.get()
    test = webhooks.ping(hook.pk, by=keeper, now=timezone.now())
    lost = {"status": HookStatus.PARKED, "attempts": 9, "answer": 500, "reason": "http 500", "tried_at": timezone.now()}
    WebhookDelivery.objects.filter(pk=test.pk).update(**lost)
    plain = open_page(language, user=keeper, script=False)
    plain.goto("/desk/webhooks/")
    picture(plain, f"webhooks-phone-{language}")
    plain.get_by_role("link", name="街道大屏").click()
    expect(plain.get_by_text(words["lost"], exact=True).last).to_be_visible()
    picture(plain, f"webhook-phone-{language}")
    plain.get_by_role("button", name=words["again"]).click()
    expect(plain.get_by_text(words["waiting"], exact=True)).to_be_visible()

    page.goto(f"/desk/webhooks/{hook.pk}/")
    picture(page, f"webhook-{language}")
    assert violations(page) == []
    page.get_by_role("button", name=words["off"]).click()
    expect(page.get_by_role("button", name=words["on"])).to_be_visible()
    picture(page, f"webhook-off-{language}")
    assert violations(page) == []
    page.get_by_role("link", name=words["rotate"]).click()
    picture(page, f"webhook-rotate-{language}")
    page.get_by_role("button", name=words["new"]).click()
    expect(page.get_by_label(words["secret"])).not_to_have_value(hook.secret)
    page.goto(f"/desk/webhooks/{hook.pk}/")
    page.get_by_role("link", name=words["delete"]).click()
    page.get_by_role("button", name=words["sure"]).click()
    page.wait_for_url("**/desk/webhooks/")
    assert not Webhook.objects.exists()
