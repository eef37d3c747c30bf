"""The nightly recount, offers taken unasked, and waking the workers."""

import time
from datetime import timedelta
from uuid import uuid4

import pytest
from redis import Redis

from communities import limits, nudges
from communities.models import Message
from communities.queries import health
from staffing import tasks
from staffing.actions import audit, automatic, offers, pledges, signups
from staffing.models import Post, SignUp
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT

HOUR = timedelta(hours=1)


@pytest.fixture
def busy_post():
    """A seat held, one given back and offered, a line, and a pledge."""
    post = make.post(seats=4)
    pledges.promise(post.pk, places.organisation().pk, 1, NIGHT + HOUR, by=places.user(), now=NIGHT)
    held = [signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT) for _person in range(5)]
    signups.withdraw(held[0].pk, now=NIGHT)
    return post


@pytest.mark.django_db
def test_what_the_actions_did_adds_up(busy_post):
    assert audit.recount() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("counter", "wrong"), [("taken", 0), ("waiting", 5), ("pledged", 0), ("free_seats", [2]), ("seats_given", 4)]
)
def test_a_counter_that_drifted_is_named(busy_post, counter, wrong):
    before = getattr(Post.objects.get(pk=busy_post.pk), counter)
    Post.objects.filter(pk=busy_post.pk).update(**{counter: wrong})
    (drift,) = audit.recount()
    assert before != wrong
    assert (drift.post, drift.counter) == (busy_post.pk, "free_seats" if counter == "seats_given" else counter)


@pytest.fixture
def offer():
    """A seat that has come free for somebody who wants it without being asked."""
    post = make.post(seats=1)
    holder = signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT)
    waiting = signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT, entry=signups.Entry(auto_accept=True))
    signups.withdraw(holder.pk, now=NIGHT)
    waiting.refresh_from_db()
    return waiting


@pytest.mark.django_db
def test_an_offer_is_taken_for_who_wanted_that_and_they_are_told_once(offer):
    assert list(automatic.unasked(NIGHT)) == [offer.pk]
    for _again in range(2):
        assert automatic.accept_for(offer.pk, NIGHT).status == "confirmed"
    assert list(automatic.unasked(NIGHT)) == []
    assert Message.objects.filter(reader=offer.volunteer.user, kind__in=["confirmed", "offered"]).count() == 1


@pytest.mark.django_db
def test_who_may_no_longer_take_it_is_asked_after_all(offer, time_machine):
    time_machine.move_to(NIGHT, tick=False)
    SignUp.objects.filter(pk=offer.pk).update(changed_at=NIGHT)
    other = make.post(make.shift(), seats=1)
    signups.sign_up(other.pk, offer.volunteer_id, now=NIGHT)
    assert automatic.accept_for(offer.pk, NIGHT).status == "invited"
    assert Message.objects.filter(reader=offer.volunteer.user, kind="offered").count() == 1
    assert list(automatic.unasked(NIGHT)) == []


@pytest.mark.django_db
def test_an_offer_that_has_run_out_is_left_to_pass_on(offer):
    late = offer.respond_by
    assert list(automatic.unasked(late)) == []
    assert automatic.accept_for(offer.pk, late).status == "invited"
    assert offers.expire(offer.pk, now=late).status == "expired"


@pytest.mark.django_db
def test_one_offer_that_is_refused_does_not_keep_the_others():
    done = []

    def act(pk):
        if pk == 1:
            raise offers.Refused("seat_taken")
        done.append(pk)

    tasks.each([1, 2], act)
    assert done == [2]


class Sent:
    name = "a task"

    def __init__(self):
        self.calls = []

    def apply_async(self, args, **options):
        self.calls.append((args, options["queue"]))


@pytest.fixture
def sent(monkeypatch, settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": f"redvest-{uuid4()}"}}
    monkeypatch.setattr(nudges, "resting_until", 0.0)
    nudges.last.clear()
    return Sent()


def test_one_nudge_waits_at_a_time_and_the_next_follows_once_it_has_begun(sent):
    assert [nudges.nudge(sent, "messages", "messages") for _post in range(3)] == [True, False, False]
    assert nudges.nudge(sent, "callup", "callup") is True
    nudges.begun("a task", "messages")
    assert nudges.nudge(sent, "messages", "messages") is True
    assert sent.calls == [(("messages",), "messages"), (("callup",), "callup"), (("messages",), "messages")]


def test_in_a_rush_a_process_nudges_at_once_and_then_a_moment_later_for_all_who_asked_meanwhile(sent, monkeypatch):
    asked = []
    monkeypatch.setattr(nudges, "nudge", lambda _task, queue, *_args: asked.append(queue))
    for _commit in range(50):
        nudges.soon(sent, "messages", "messages")
    nudges.soon(sent, "callup", "callup")
    assert asked == ["messages", "callup"]
    for _wait in range(200):
        if len(asked) == 3:
            break
        time.sleep(0.01)
    assert asked == ["messages", "callup", "messages"]
    time.sleep(2 * nudges.APART)
    nudges.soon(sent, "messages", "messages")
    assert asked == ["messages", "callup", "messages", "messages"]


def test_with_the_broker_away_nobody_waits_and_it_is_not_asked_again_at_once(sent, monkeypatch):
    away = Redis.from_url("redis://127.0.0.1:1/0")
    with monkeypatch.context() as patch:
        patch.setattr(limits, "client", lambda: away)
        assert nudges.nudge(sent, "messages") is False
    assert nudges.resting_until > 0
    assert nudges.nudge(sent, "messages") is False
    monkeypatch.setattr(nudges, "resting_until", 0.0)
    assert nudges.nudge(sent, "messages") is True


def test_a_worker_counts_as_seen_for_a_minute(sent):
    assert health.worker(NIGHT) is False
    health.mark_seen(NIGHT)
    minute = timedelta(minutes=1)
    assert [health.worker(NIGHT + after) for after in (minute, minute + timedelta(seconds=1))] == [True, False]
