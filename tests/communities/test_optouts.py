"""Topics that people want no more of: ended by one click in an e-mail (RFC 8058), by a page, or under "Me"."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from communities.actions.optouts import choose, no_more
from communities.messages import links
from communities.messages.delivery import deliver
from communities.messages.kinds import KINDS, Context, Kind
from communities.messages.outbox import Note, post
from communities.models import Message, OptOut
from communities.states import Topic
from tests.factories import communities as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(monkeypatch, settings):
    settings.SMS_GATEWAY_URL = ""

    def read(messages, now):
        return {one.id: Context(emergency=True) for one in messages}

    news = Kind("news", read, lambda _: "subject", lambda _: "text", own_duty=False, topic=Topic.NEWS)
    monkeypatch.setitem(KINDS, "news", news)
    monkeypatch.setitem(KINDS, "calls", Kind("calls", read, lambda _: "s", lambda _: "t", topic=Topic.CALLS))
    monkeypatch.setitem(KINDS, "duty", Kind("duty", read, lambda _: "s", lambda _: "your shift"))


def told(user, *kinds):
    now = timezone.now()
    post([Note(kind, f"{kind}{Message.objects.count()}", 1, now, reader=user.pk) for kind in kinds])
    deliver("messages", now)
    return list(Message.objects.order_by("pk").values_list("status", flat=True))


def link(letter) -> str:
    return re.fullmatch(r"<(http\S+)>", letter.extra_headers["List-Unsubscribe"])[1]


def path(letter) -> str:
    return "/" + link(letter).split("/", 3)[3]


def test_an_e_mail_says_how_to_end_its_topic_but_one_about_a_duty_does_not():
    told(make.user(email="demo@example.org"), "news", "duty")
    news, duty = sorted(mail.outbox, key=lambda one: one.subject, reverse=True)
    assert news.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert news.body.endswith(link(news))
    assert "List-Unsubscribe" not in duty.extra_headers
    assert duty.body == "your shift"


def test_one_click_of_the_mail_program_ends_the_topic_without_a_cookie():
    user = make.user(email="demo@example.org")
    told(user, "news")
    mail_program = Client(enforce_csrf_checks=True)
    answer = mail_program.post(path(mail.outbox[0]), {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, list(OptOut.objects.values_list("user", "topic"))) == (200, [(user.pk, "news")])
    assert mail_program.post(path(mail.outbox[0]), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert told(user, "news", "calls", "duty")[1:] == ["cancelled", "sent", "sent"]


def test_opening_the_link_changes_nothing_and_asks():
    told(make.user(email="demo@example.org"), "news")
    answer = Client().get(path(mail.outbox[0]))
    assert (answer.status_code, OptOut.objects.count()) == (200, 0)
    assert b"<form" in answer.content


def test_a_link_is_good_for_a_year_and_for_nothing_else():
    user = make.user(email="demo@example.org")
    told(user, "news", "duty")
    now = timezone.now()
    news, duty = Message.objects.order_by("pk")
    old = links.make("no_more", news.pk, now - timedelta(minutes=2))
    ours = links.make("no_more", duty.pk, now + timedelta(days=1))
    other = links.make("seat", news.pk, now + timedelta(days=1))
    token = path(next(one for one in mail.outbox if one.subject == "subject")).split("/")[2]
    forged = ("A" if token[0] != "A" else "B") + token[1:]
    assert [Client().post(f"/u/{one}/").status_code for one in (old, ours, other, forged, "x")] == [410] + [404] * 4
    assert OptOut.objects.count() == 0


def test_under_me_topics_are_chosen_and_come_back():
    user = make.user()
    client = make.client(user)
    assert client.post("/me/", {"do": "topics", "topic": ["rides"]}).status_code == 302
    assert set(user.opt_outs.values_list("topic", flat=True)) == {"calls", "news", "teams", "together"}
    assert (
        client.post(
            "/me/", {"do": "topics", "topic": ["rides", "news", "calls", "teams", "together", "nonsense"]}
        ).status_code
        == 302
    )
    assert user.opt_outs.count() == 0


def test_what_was_not_wanted_and_is_again_stands_in_the_history():
    user = make.user()
    no_more(user, [Topic.NEWS, Topic.NEWS], now=timezone.now())
    choose(user, list(Topic), now=timezone.now())
    events = OptOut._meta.get_field("events").related_model
    assert list(events.objects.order_by("pgh_id").values_list("pgh_label", "topic")) == [
        ("insert", "news"),
        ("delete", "news"),
    ]
