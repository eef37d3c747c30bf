"""A call told to 5,000 people in one wave: when the first message leaves, when all are queued, and what a stop stops."""

import json
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from bench import world
from bench.figures import Figure, at_most, exactly
from bench.reminders import gateway
from bench.system import GATEWAY_PORT, HOME, System
from communities.models import Message, User
from staffing.actions import waves
from staffing.actions.waves import RunPlan
from staffing.models import CallUp

PEOPLE = 5_000
POINTS, SEATS = 50, 25  # one in four comes, so all of them are asked at once
PACE = "500"  # messages a second that the gateway takes, where the wave is stopped
ROUNDS = 3
PATIENCE = 120  # seconds


def run(system: System) -> Iterator[Figure]:
    with gateway(system):
        yield from reached(system)
        yield from stopped(system)


def reached(system: System) -> Iterator[Figure]:
    """From pressing the button; the worker waits for it, as it does on a real system."""
    first, queued, all_sent = [], [], []
    with worker(system):
        for _round in range(ROUNDS):
            call, lead = audience()
            before = counts()["received"]
            begin = time.time()
            waves.start(call.pk, RunPlan(groups=False), by=lead, now=timezone.now())
            queued.append(time.time() - begin)
            wait_for(lambda: counts()["received"] >= before + PEOPLE)  # noqa: B023
            first.append(first_after(begin) - begin)
            all_sent.append(counts()["last"] - begin)
    found = counts()
    yield at_most("callup.first", sorted(first)[ROUNDS // 2], "s", bar=1, note=f"of {PEOPLE} people")
    yield at_most("callup.queued", sorted(queued)[ROUNDS // 2], "s", bar=10, note="all of them in the outbox")
    yield Figure("callup.sent", sorted(all_sent)[ROUNDS // 2], "s", note="all of them at the gateway").tell()
    yield exactly("callup.once", found["received"], found["distinct"], "messages at the gateway")
    yield exactly("callup.all", found["distinct"], PEOPLE * ROUNDS, "people")


def stopped(system: System) -> Iterator[Figure]:
    """The gateway takes 500 a second; in the middle somebody presses stop."""
    late = []
    with worker(system, SMS_PER_SECOND=PACE):
        for _round in range(ROUNDS):
            call, lead = audience()
            before = counts()["received"]
            waves.start(call.pk, RunPlan(groups=False), by=lead, now=timezone.now())
            wait_for(lambda: counts()["received"] >= before + 1200)  # noqa: B023
            waves.stop(call.pk, by=lead, now=timezone.now())
            at = time.time()
            wait_for(lambda: not Message.objects.filter(status__in=["scheduled", "sending"]).exists())
            time.sleep(3)
            late.append(max(0.0, counts()["last"] - at))
            sent = Message.objects.filter(target=call.pk, status="sent").count()
            yield exactly("callup.stop.told", counts()["received"] - before, sent, "messages")
    yield at_most("callup.stop", max(late), "s", bar=2, note="from the stop to the last message at the gateway")


def audience() -> tuple[CallUp, User]:
    """A call that lacks as many people as come of 5,000, all of whom may be called at night."""
    where = world.place()
    call = world.call(where)
    CallUp.objects.filter(pk=call.pk).update(urgent=True)
    world.posts(where, call, shifts=POINTS, seats=SEATS)
    people = world.people(where, PEOPLE, languages=("zh-hans", "en"))
    User.objects.filter(pk__in=[person.user_id for person in people]).update(urgent_calls=True)
    cache.clear()
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    return call, world.lead(where)


@contextmanager
def worker(system: System, **environment: str) -> Iterator[None]:
    """The worker for calls, ready."""
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "-Q", "callup", "-c", "1"]
    command += ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    log = system.folder / "callup.log"
    log.unlink(missing_ok=True)
    child = system.crew.start("callup", command, folder=HOME, environment=system.environment | environment, log=log)
    try:
        wait_for(lambda: log.exists() and " ready." in log.read_text())
        yield
    finally:
        child.process.terminate()
        system.crew.wait(child)


def counts() -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{GATEWAY_PORT}/counts") as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def first_after(instant: float) -> float:
    """When the gateway got the first message after the instant, in seconds since 1970."""
    with urllib.request.urlopen(f"http://127.0.0.1:{GATEWAY_PORT}/first/{instant}") as answer:
        return float(json.load(answer)["first"])


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("it did not happen")
        time.sleep(0.02)
