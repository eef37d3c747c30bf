"""Messages in browsers: sealed as the RFCs say, handed to a push service, and forgotten where a browser is gone."""

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.db import connection

from communities.actions import browsers
from communities.actions.browsers import Subscription
from communities.channels import push
from communities.channels.push import sealing, vapid
from communities.channels.push.sealing import Keys, padded, seal, unpadded
from communities.errors import Invalid
from communities.messages.delivery import deliver
from communities.messages.kinds import KINDS, Context, Kind
from communities.messages.outbox import Note, post
from communities.models import Browser, DeadEnd, Delivery, Message
from deploy.keys import vapid_key
from tests.factories import communities as make
from tests.factories.staffing import NIGHT
from tests.pushing import serving

KEY = vapid_key()


def test_what_is_sealed_is_the_example_of_rfc_8291():
    ours = vapid.private_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    theirs = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    keys = Keys(padded(theirs), padded("BTBZMqHH6r4Tts7J_aSIgg"))
    text, salt = b"When I grow up, I want to be a watermelon", padded("DGv6ra1nlYgDCS1FRnbzlw")
    assert unpadded(seal(text, keys, ours=ours, salt=salt)) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_text_longer_than_a_record_is_refused():
    keys = Keys(sealing.point(ec.generate_private_key(ec.SECP256R1()).public_key()), b"x" * 16)
    assert len(seal(b"x" * sealing.MOST, keys)) == sealing.RECORD
    with pytest.raises(ValueError, match="too long"):
        seal(b"x" * (sealing.MOST + 1), keys)


@pytest.mark.parametrize(
    ("endpoint", "fine"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("https://web.push.apple.com/x", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://me@fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com@127.0.0.1/x", False),
        ("https://fcm.googleapis.com.example.org/x", False),
        ("https://notfcm.googleapis.com/x", False),
        ("https://127.0.0.1/x", False),
        ("https://169.254.169.254/x", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_a_subscription_reaches_nothing_but_a_push_service(endpoint, fine):
    assert push.allowed(endpoint) is fine


@pytest.fixture
def service(settings):
    settings.VAPID_PRIVATE_KEY, settings.SMS_GATEWAY_URL = KEY, ""
    with serving(vapid.public_key(KEY)) as found:
        settings.PUSH_ORIGINS = [found.origin]
        yield found


def contexts(messages, now):
    return {one.id: Context() for one in messages}


@pytest.fixture(autouse=True)
def kinds(monkeypatch, settings):
    text = f"示范社区：安然，班次改了。\n是否能来：{settings.PUBLIC_URL}/a/abc\n" + "长" * 3000
    monkeypatch.setitem(KINDS, "duty", Kind("duty", contexts, lambda _: "示范社区：班次改了。", lambda _: text))


def reader(service, browsers_=1, **fields):
    found = make.user(**fields)
    mine = [service.browser() for _browser in range(browsers_)]
    for one in mine:
        browsers.show_in(found, Subscription(**one.subscription()), now=NIGHT)
    return found, mine


def told(user, key="1"):
    post([Note("duty", key, 1, NIGHT, reader=user.pk, expires_at=NIGHT + timedelta(days=3650))])
    deliver("messages", NIGHT)
    return Message.objects.get(key=key)


@pytest.mark.django_db
def test_who_has_no_text_messages_is_shown_them_in_every_browser(service, settings):
    user, mine = reader(service, 2)
    message = told(user)
    assert (message.status, message.channel) == ("sent", "push")
    for browser in mine:
        (shown,) = browser.shown.values()
        assert (shown["title"], shown["tag"]) == ("示范社区：班次改了。", f"{message.pk}:push")
        assert (shown["url"], shown["body"][:9]) == (f"{settings.PUBLIC_URL}/a/abc", "示范社区：安然，班")
    assert {(one["Topic"], one["Urgency"], one["TTL"]) for one in service.asked} == {
        (str(message.pk), "high", str(push.LONGEST))
    }
    assert not mail.outbox


@pytest.mark.django_db
def test_a_repeat_after_a_crash_takes_the_place_of_the_first(service):
    user, (browser,) = reader(service)
    message = told(user)
    Message.objects.update(status="scheduled")
    deliver("messages", NIGHT)
    assert (browser.pushes, list(browser.shown)) == (2, [f"{message.pk}:push"])


@pytest.mark.django_db
def test_a_browser_that_is_gone_is_forgotten_and_e_mail_takes_its_place(service):
    user, (left, gone) = reader(service, 2, email="demo@example.org")
    gone.gone = True
    assert told(user).channel == "push"
    assert Browser.objects.count() == 1
    left.gone = True
    message = told(user, "2")
    assert message.status == "sent"
    assert message.channel == "email"
    assert Browser.objects.count() == 0
    assert DeadEnd.objects.get().channel == "push"
    assert [one.to for one in mail.outbox] == [["demo@example.org"]]
    assert list(Delivery.objects.filter(message=message).values_list("channel", "status", "reason")) == [
        ("push", "failed", "no browser"),
        ("email", "sent", ""),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("status", [500, 429, 403])
def test_a_push_service_that_is_out_of_order_is_tried_again(service, status):
    user, (browser,) = reader(service)
    service.status = status
    message = told(user)
    assert (message.status, message.deliveries.get().reason) == ("scheduled", f"http {status}")
    service.status = 0
    deliver("messages", message.due_at)
    assert (Message.objects.get().status, browser.pushes) == ("sent", 1)


@pytest.mark.django_db
def test_a_browser_belongs_to_whom_it_was_given_last_and_goes_when_told(service, settings):
    first, (browser,) = reader(service)
    second, told_ = make.user(), browser.subscription()
    client = make.client(second)
    assert client.post("/push/", json.dumps(told_), content_type="application/json").status_code == 204
    assert Browser.objects.get().user == second
    with connection.cursor() as cursor:
        cursor.execute("select subscription from communities_browser")
        assert told_["endpoint"] not in cursor.fetchone()[0]
    gone = {"endpoint": told_["endpoint"], "gone": True}
    assert make.client(first).post("/push/", json.dumps(gone), content_type="application/json").status_code == 204
    assert Browser.objects.count() == 1
    assert client.post("/push/", json.dumps(gone), content_type="application/json").status_code == 204
    assert Browser.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        '{"endpoint": "https://127.0.0.1/", "p256dh": "x", "auth": "x"}',
        '{"endpoint": "https://fcm.googleapis.com/x", "p256dh": "eA", "auth": "eA"}',
        '{"endpoint": "https://fcm.googleapis.com/x"}',
    ],
)
def test_what_is_no_subscription_is_refused(body):
    assert make.client(make.user()).post("/push/", body, content_type="application/json").status_code == 400
    assert Browser.objects.count() == 0


@pytest.mark.django_db
def test_one_person_has_twenty_browsers_at_most(service):
    user, _mine = reader(service)
    keys = service.browser().subscription()
    for number in range(browsers.MOST + 3):
        one = Subscription(f"{service.origin}/push/x{number}", keys["p256dh"], keys["auth"])
        browsers.show_in(user, one, now=NIGHT + timedelta(minutes=number))
    assert Browser.objects.count() == browsers.MOST
    with pytest.raises(Invalid):
        browsers.show_in(user, Subscription("https://example.org/", keys["p256dh"], keys["auth"]), now=NIGHT)
