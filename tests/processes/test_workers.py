"""Every reminder has its effect once, none is lost, and none is sent for a shift that is cancelled or moved: with
workers killed, the broker away, two clocks and database connections cut (domain.md 4.5).
"""

import signal
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone
from kombu import pools

from communities.messages.outbox import Note, post
from communities.models import Message, User
from communities.queries import health
from staffing.actions import shift_moves, shifts, signups
from staffing.actions.reminders import sweep
from staffing.models import Post, SignUp
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.processes.conftest import wait_for
from volunteers.models import Volunteer

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
HOUR = timedelta(hours=1)


def crowd(count: int, start=None) -> Post:
    """A post full of people, whose reminder of two hours before is due now."""
    start = start or timezone.now() + 2 * HOUR - timedelta(seconds=1)
    place = make.post(make.shift(start=start), seats=count, taken=count, seats_given=count)
    first = User.objects.count() + 1
    people = [User(name="王演示", is_active=True) for _person in range(count)]
    for number, person in enumerate(people, first):
        person.phone = f"+8612{500_000_000 + number:09d}"
    users = User.objects.bulk_create(people)
    volunteers = Volunteer.objects.bulk_create([Volunteer(user=user, is_adult=True) for user in users])
    period = (place.shift.starts_at, place.shift.ends_at)
    SignUp.objects.bulk_create(
        SignUp(post=place, shift=place.shift, volunteer=one, status="confirmed", period=period, seat_no=seat)
        for seat, one in enumerate(volunteers, 1)
    )
    SignUp.objects.filter(post=place).update(changed_at=timezone.now() - 48 * HOUR)
    return place


def phones(place: Post) -> set[str]:
    return {user.phone for user in User.objects.filter(volunteer__sign_ups__post=place)}


def states() -> Counter[str]:
    return Counter(Message.objects.values_list("status", flat=True))


def letters(box) -> Counter[str]:
    """How many letters each phone got."""
    return Counter(letter.to for letter in box.newest(limit=10_000))


def once(*crowds: Post) -> Counter[str]:
    return Counter({phone: 1 for place in crowds for phone in phones(place)})


def leases_run_out() -> None:
    """As if two minutes had passed."""
    Message.objects.filter(status="sending").update(claimed_until=timezone.now() - HOUR)


def tick(queue: str = "messages") -> None:
    current_app.send_task("deliver", [queue], queue=queue)


@pytest.fixture(autouse=True)
def app(broker):
    """This process talks to the same broker as the workers."""
    old = current_app.conf.broker_url
    connect(broker.url)
    yield
    connect(old)


def connect(url: str) -> None:
    current_app.conf.broker_url = url
    pools.reset()
    current_app._pool = current_app.amqp._producer_pool = None


def test_a_killed_worker_leaves_no_message_behind_and_sends_none_twice(gateway, worker):
    staying, cancelled, moved = crowd(400), crowd(20), crowd(20)
    assert sweep(timezone.now()) == 440
    gateway.box.room = 50
    victim = worker()
    tick()
    wait_for(lambda: gateway.box.room == -300)  # one call of fifty answered, six on the wire, two not yet made
    victim.kill(signal.SIGKILL)
    gateway.box.open.set()
    wait_for(lambda: len(gateway.box) == 350)
    before = letters(gateway.box)
    assert len(before) == 350
    assert states()["sending"] == 440

    lead, start = places.user(), timezone.now() + 4 * HOUR
    shifts.cancel([cancelled.shift_id], by=lead, now=timezone.now(), reason="下雨")
    shift_moves.move(moved.shift_id, starts_at=start, ends_at=start + HOUR, by=lead, now=timezone.now())
    leases_run_out()
    worker()
    tick()
    wait_for(lambda: not states()["sending"] + states()["scheduled"])

    after = letters(gateway.box)
    assert {phone: count for phone, count in after.items() if phone in phones(staying)} == once(staying)
    for place in (cancelled, moved):  # one notice of the change, and no reminder that had not left before
        assert all(after[phone] == before[phone] + 1 for phone in phones(place))
    reminded = Message.objects.filter(kind="reminder", status="sent")
    assert reminded.filter(reader__volunteer__sign_ups__post=staying).count() == 400
    assert not reminded.exclude(reader__volunteer__sign_ups__post=staying).exists()


def test_with_the_broker_away_the_sign_up_stands_at_once_and_the_message_follows(gateway, broker, worker, beat):
    worker()
    current_app.send_task("heartbeat", queue="default")
    wait_for(lambda: health.worker(timezone.now()))
    current_app.send_task("heartbeat", queue="default", countdown=60)
    wait_for(lambda: broker.client().hlen("unacked") == 1)  # the worker holds something
    broker.kill()
    place = make.post(make.shift(start=timezone.now() + 30 * HOUR), seats=1)
    people = [make.volunteer() for _person in range(3)]
    begun = time.monotonic()
    for person in people:
        signups.sign_up(place.pk, person.pk, now=timezone.now())
    assert time.monotonic() - begun < 3
    assert Counter(SignUp.objects.values_list("status", flat=True)) == {"confirmed": 1, "waitlisted": 2}
    assert health.readiness(timezone.now()) == {"database": True, "broker": False, "worker": False}

    broker.start()
    beat()
    wait_for(lambda: states() == {"sent": 3})
    assert letters(gateway.box) == Counter(person.user.phone for person in people)
    wait_for(lambda: health.readiness(timezone.now()) == {"database": True, "broker": True, "worker": True})


def test_a_flushed_broker_loses_no_reminder(gateway, broker, worker, beat):
    place = crowd(30)
    sweep(timezone.now())
    tick()
    broker.kill()
    broker.start()
    worker()
    beat()
    wait_for(lambda: states() == {"sent": 30})
    assert letters(gateway.box) == once(place)


def test_two_clocks_and_two_workers_do_everything_once(gateway, worker, beat):
    place = crowd(60)
    asked = make.post(make.shift(start=timezone.now() + 30 * HOUR), seats=1)
    for _person in range(3):
        signups.sign_up(asked.pk, make.volunteer().pk, now=timezone.now() - 3 * HOUR)
    Message.objects.all().delete()
    signups.withdraw(SignUp.objects.get(post=asked, status="confirmed").pk, now=timezone.now() - 2.5 * HOUR)
    for name in ("first", "second"):
        worker()
        beat(name)
    wait_for(lambda: Message.objects.filter(kind="reminder", status="sent").count() == 60)
    wait_for(lambda: SignUp.objects.filter(post=asked, status="expired").count() == 1)
    wait_for(lambda: Message.objects.filter(kind="offered", status="sent").count() == 1)
    turns = Counter()
    wait_for(lambda: seen_again(turns, 3), 30)
    assert letters(gateway.box) == once(place) + Counter(
        {SignUp.objects.get(post=asked, status="invited").volunteer.user.phone: 1}
    )
    assert Counter(SignUp.objects.filter(post=asked).values_list("status", flat=True)) == {
        "cancelled": 1,
        "expired": 1,
        "invited": 1,
    }
    asked.refresh_from_db()
    assert (asked.taken, asked.waiting) == (1, 0)


def seen_again(turns: Counter, times: int) -> bool:
    """The clocks have gone round so often since we began to look."""
    seen = health.last_seen()
    if seen:
        turns[seen] += 1
    return len(turns) > times


def test_cut_database_connections_lose_and_double_nothing(gateway, worker, beat):
    place = crowd(500)
    gateway.faults.mode, gateway.faults.seconds = "slow", 0.1
    worker()
    beat()
    wait_for(lambda: len(gateway.box) > 0)
    stop = threading.Event()
    cutter = threading.Thread(target=cut_connections, args=[stop])
    cutter.start()
    wait_for(lambda: leases_run_out() or len(letters(gateway.box)) == 500)
    stop.set()
    cutter.join()
    wait_for(lambda: leases_run_out() or states() == {"sent": 500})
    assert letters(gateway.box) == once(place)


def cut_connections(stop: threading.Event) -> None:
    """Every database session but our own, again and again."""
    try:
        while not stop.wait(0.3):
            with connection.cursor() as cursor:
                cursor.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity "
                    "where datname = current_database() and pid <> pg_backend_pid() and pid <> all(%s)",
                    [[OUR_SESSION["pid"]]],
                )
    finally:
        connection.close()


OUR_SESSION = {"pid": 0}


@pytest.fixture(autouse=True)
def our_session(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        OUR_SESSION["pid"] = cursor.fetchone()[0]


def test_a_call_does_not_wait_behind_a_slow_batch_of_messages(gateway, worker, beat):
    crowd(400)
    sweep(timezone.now())
    gateway.faults.mode, gateway.faults.seconds = "slow", 3
    worker()
    beat()
    wait_for(lambda: states()["sending"] == 400)
    call = make.call(starts_at=timezone.now(), ends_at=timezone.now() + 40 * HOUR, urgent=True)
    make.post(make.shift(call_up=call, start=timezone.now() + 30 * HOUR), seats=5)
    reader = places.user(urgent_calls=True)
    post([Note("call_up", str(call.pk), call.pk, timezone.now(), reader=reader.pk, queue="callup")])
    wait_for(lambda: reader.phone in letters(gateway.box), 20)
    assert states()["sending"] > 0
