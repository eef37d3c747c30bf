"""A call in waves with workers killed in the middle: nobody is asked twice, nobody is lost, and a stop is heard."""

import signal
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from communities.models import Message, User
from staffing.actions import waves
from staffing.actions.waves import RunPlan
from staffing.models import CallUp, WaveRun
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.processes.conftest import wait_for
from tests.processes.test_workers import app, leases_run_out, letters, states, tick  # noqa: F401
from volunteers.models import Enrolment, Volunteer

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
HOUR = timedelta(hours=1)


def city(count: int, seats: int) -> CallUp:
    """An urgent call of tomorrow, and so many people who agreed to be called at any hour."""
    cache.clear()
    community = places.area()
    start = timezone.now() + 30 * HOUR
    call = make.call(community, starts_at=start, ends_at=start + 4 * HOUR, urgent=True)
    make.post(make.shift(places.site(community), call, start=start), seats=seats)
    people = [User(name="王演示", is_active=True, urgent_calls=True) for _person in range(count)]
    for number, person in enumerate(people):
        person.phone = f"+8612{700_000_000 + number:09d}"
    volunteers = Volunteer.objects.bulk_create(
        [Volunteer(user=user, is_adult=True) for user in User.objects.bulk_create(people)]
    )
    Enrolment.objects.bulk_create([Enrolment(volunteer=one, community=community, channel="web") for one in volunteers])
    return call


def begin(call: CallUp) -> WaveRun:
    return waves.start(call.pk, RunPlan(groups=False), by=places.user(), now=timezone.now())


def test_a_worker_killed_in_the_middle_of_a_wave_loses_nobody_and_asks_nobody_twice(gateway, worker, beat):
    call = city(500, seats=100)
    run = begin(call)
    assert run.waves.get().people == 400
    gateway.box.room = 50
    victim = worker()
    tick("callup")
    wait_for(lambda: gateway.box.room <= -300)
    victim.kill(signal.SIGKILL)
    gateway.box.open.set()
    wait_for(lambda: len(gateway.box) == 350)
    assert states() == {"sending": 400}

    leases_run_out()
    worker()
    beat()
    wait_for(lambda: states() == {"sent": 400})
    assert set(letters(gateway.box).values()) == {1}
    assert len(letters(gateway.box)) == 400


def test_after_a_stop_nothing_leaves_though_a_slow_batch_is_on_its_way(gateway, worker):
    call = city(1500, seats=300)
    assert begin(call).waves.get().people == 1200
    gateway.faults.mode, gateway.faults.seconds = "slow", 1
    worker()
    tick("callup")
    wait_for(lambda: len(gateway.box) > 0)
    waves.stop(call.pk, by=places.user(), now=timezone.now())
    time.sleep(2)
    left = len(gateway.box)
    assert left < 1200
    wait_for(lambda: not states()["sending"])
    time.sleep(2)
    assert len(gateway.box) == left
    assert states() == {"sent": left, "cancelled": 1200 - left}
    assert Message.objects.filter(status="sent").count() == left


def test_the_clock_sends_the_next_wave_by_itself_and_two_clocks_send_it_once(gateway, worker, beat):
    call = city(200, seats=10)
    run = begin(call)
    worker()
    for name in ("first", "second"):
        beat(name)
    wait_for(lambda: states() == {"sent": 40})
    Message.objects.update(sent_at=timezone.now() - 3 * HOUR)
    WaveRun.objects.update(next_at=timezone.now())
    wait_for(lambda: run.waves.count() == 2)
    wait_for(lambda: not states()["scheduled"] + states()["sending"])
    assert set(letters(gateway.box).values()) == {1}
    assert len(letters(gateway.box)) == Message.objects.filter(kind="call_up").count()
