"""A notice from its template to the people; the end of a topic by a link; a message shown by the browser."""

import json
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from communities.channels.push import vapid
from communities.messages import links
from communities.models import Message, OptOut
from staffing.actions import broadcasts
from staffing.models import Broadcast
from tests.browser.conftest import DESK, picture, violations
from tests.factories import communities as places
from tests.factories import staffing as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = broadcasts.Words("明早有大风", "Strong wind", "请收好帐篷。", "Please take the tents down.")


@pytest.mark.parametrize(("language", "script"), [("zh-hans", True), ("en", False)])
def test_a_lead_writes_sees_tries_and_sends_a_notice(open_page, language, script, settings, transactional_db):
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1"
    here = places.area(name="香樟社区", name_en="Camphor")
    lead, reader = places.lead(here), make.volunteer(community=here)
    broadcasts.keep_template(here.pk, "大风", WORDS, by=lead, now=timezone.now())
    page = open_page(language, user=lead, size=DESK, script=script)
    page.goto(f"/desk/broadcasts/?area={here.pk}")
    assert not script or violations(page) == []
    page.click("a[href*='template=']")
    page.fill("#id_text", "{nobody}")
    page.click("form .primary")
    expect(page.locator("#id_text_error")).to_be_visible()
    assert not script or violations(page) == []
    page.fill("#id_text", "{name}，请收好帐篷。")
    page.check("input[name=urgency][value=emergency]")
    page.fill("#id_reason", "大风红色预警")
    picture(page, f"desk-notice-new-{language[:2]}")
    page.click("form .primary")
    expect(page.locator(".lead b")).to_have_text("1")
    assert not script or violations(page) == []
    picture(page, f"desk-notice-{language[:2]}")
    page.click("form[action$='/try/'] button")
    page.click("form[action$='/send/'] button")
    expect(page.locator("form[action$='/stop/'] button")).to_be_visible()
    assert not script or violations(page) == []
    assert Broadcast.objects.get().status == "sent"
    assert Message.objects.get(kind="broadcast").reader == reader.user
    page.set_viewport_size({"width": 390, "height": 844})
    picture(page, f"desk-notice-sent-{language[:2]}")


def test_a_link_ends_a_topic_with_one_tap_and_nothing_before(open_page, transactional_db):
    here = places.area()
    lead, reader = places.lead(here), make.volunteer(community=here)
    found = broadcasts.write(here.pk, broadcasts.Notice(WORDS), by=lead, now=timezone.now())
    message = Message.objects.create(
        kind="broadcast", key="x", target=found.pk, reader=reader.user, due_at=timezone.now(), status="sent"
    )
    page = open_page("en")
    page.goto(re.sub(r"^\w+://[^/]+", "", links.no_more(message.pk, timezone.now())))
    assert violations(page) == []
    assert not OptOut.objects.exists()
    page.click("main form button")
    expect(page.locator(".notice.ok")).to_be_visible()
    assert OptOut.objects.get().topic == "news"


def test_a_browser_shows_what_is_pushed_once_for_each_message(open_page, settings, live_server, transactional_db):
    page = open_page("en", user=make.volunteer(places.compound()).user)
    page.context.grant_permissions(["notifications"], origin=live_server.url)
    page.goto("/me/")
    expect(page.locator("[data-push]")).to_be_visible()
    assert page.locator("[data-push]").get_attribute("data-key") == vapid.public_key(settings.VAPID_PRIVATE_KEY)
    assert violations(page) == []
    page.evaluate(
        "navigator.serviceWorker.getRegistration('/push/').then((found) => found.active || new Promise(setTimeout))"
    )
    devices, known = page.context.new_cdp_session(page), []
    devices.on("ServiceWorker.workerRegistrationUpdated", lambda told: known.extend(told["registrations"]))
    devices.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    place = next(one for one in known if one["scopeURL"].endswith("/push/"))
    told = {
        "title": "香樟社区：大风",
        "body": "请收好帐篷。",
        "tag": "7:push",
        "url": f"{live_server.url}/my/messages/",
    }
    for _repeat in range(2):
        where = {"origin": f"{live_server.url}/", "registrationId": place["registrationId"]}
        devices.send("ServiceWorker.deliverPushMessage", {**where, "data": json.dumps(told)})
    page.wait_for_timeout(500)
    shown = page.evaluate(
        "navigator.serviceWorker.getRegistration('/push/').then((found) => found.getNotifications())"
        ".then((all) => all.map((one) => [one.title, one.body, one.tag]))"
    )
    assert shown == [["香樟社区：大风", "请收好帐篷。", "7:push"]]
