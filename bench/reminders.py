"""Reminders for 40,000 people: found and written to the outbox, rendered in two languages, handed to a gateway."""

import json
import statistics
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from bench import r3, world
from bench.figures import Figure, at_least, at_most, exactly
from bench.rush import Answers, Request, rush
from bench.system import GATEWAY_PORT, HOME, PORT, System
from communities.models import Message
from deploy.processes import Child
from staffing.actions.reminders import sweep
from staffing.models import Post, SignUp

COMMUNITIES, SHIFTS, SEATS = 100, 20, 20
DUE = COMMUNITIES * SHIFTS * SEATS
ROUNDS = 3
MEANWHILE = 300  # sign-ups while reminders go out
IDEAL = """
    insert into bench_message
        (kind, key, reader_id, target, facts, queue, status, due_at, expires_at, channel, attempts, created_at)
    select 'reminder', u.id::text, v.user_id, u.id, '{}', 'messages', 'scheduled', now(), now(), '', 0, now()
    from staffing_signup u join volunteers_volunteer v on v.id = u.volunteer_id
"""


def run(system: System) -> Iterator[Figure]:
    audience()
    yield from swept()
    with gateway(system):
        yield from delivered(system)
        yield from meanwhile(system)


def audience() -> None:
    """People who start in less than two hours, signed up days ago, half of them reading English."""
    start = timezone.now() + timedelta(minutes=110)
    for _community in range(COMMUNITIES):
        where = world.place()
        posts = world.posts(where, world.call(where, hours=1.8), shifts=SHIFTS, seats=SEATS, start=start)
        world.fill(posts, world.people(where, SHIFTS * SEATS, languages=("zh-hans", "en")))
    SignUp.objects.update(changed_at=timezone.now() - timedelta(days=3))
    run_sql("vacuum analyze")


def run_sql(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    found = work()
    return time.perf_counter() - begin, found


def emptied(table: str) -> None:
    run_sql(f"truncate {table} cascade")
    run_sql(f"vacuum analyze {table}")


def swept() -> Iterator[Figure]:
    """A sweep beside the same rows inserted without a question, turn by turn into tables that are alike."""
    run_sql("drop table if exists bench_message")
    run_sql("create table bench_message (like communities_message including all)")
    ideal, ours, found = [], [], 0
    for _round in range(ROUNDS):
        emptied("bench_message")
        ideal.append(timed(lambda: run_sql(IDEAL))[0])
        emptied("communities_message")
        seconds, found = timed(lambda: sweep(timezone.now()))
        ours.append(seconds)
    yield at_least(
        "reminders.sweep", DUE / statistics.median(ours), "rows/s", limit=DUE / statistics.median(ideal), part=0.3
    )
    yield exactly("reminders.sweep.found", found, DUE, "reminders")
    yield exactly("reminders.sweep.again", sweep(timezone.now()), 0, "reminders")


@contextmanager
def gateway(system: System) -> Iterator[None]:
    command = [sys.executable, "-m", "bench.gateway", str(GATEWAY_PORT)]
    child = system.crew.start(
        "gateway", command, folder=HOME, environment=system.environment, log=system.folder / "gateway.log"
    )
    time.sleep(1)
    try:
        yield
    finally:
        child.process.terminate()
        system.crew.wait(child)


def counts() -> dict[str, int]:
    with urllib.request.urlopen(f"http://127.0.0.1:{GATEWAY_PORT}/counts") as answer:
        found: dict[str, int] = json.load(answer)
    return found


def sender(system: System, niceness: int = 0) -> Child:
    """A worker's process."""
    command = [sys.executable, "-m", "bench.sender"]
    log = system.folder / "sender.log"
    log.unlink(missing_ok=True)
    return system.crew.start("sender", command, folder=HOME, environment=system.environment, log=log, niceness=niceness)


def told(system: System, child: Child) -> dict[str, Any]:
    system.crew.wait(child)
    found: dict[str, Any] = json.loads((system.folder / "sender.log").read_text().splitlines()[-1])
    return found


def delivered(system: System) -> Iterator[Figure]:
    run_sql(r3.TABLE)
    limit = DUE / timed(r3.deliver)[0]
    run_sql("vacuum analyze communities_message")
    found = told(system, sender(system))
    own = DUE / (found["seconds"] - found["gateway"])
    note = f"up to the gateway call; with it {DUE / found['seconds']:,.0f}"
    yield at_least("reminders.deliver", own, "messages/s", limit=limit, part=0.2, note=note)
    reached = counts()
    yield exactly("reminders.deliver.sent", found["counts"].get("sent", 0), DUE, "messages")
    yield exactly("reminders.deliver.once", reached["received"], reached["distinct"], "messages at the gateway")
    yield exactly("reminders.deliver.all", reached["distinct"], DUE, "people")


def meanwhile(system: System) -> Iterator[Figure]:
    """How long a sign-up takes while reminders go out, beside what it takes when nothing else runs."""
    with system.serving():
        idle = min(sign_ups().latency(0.95) for _round in range(2))
        Message.objects.update(status="scheduled", due_at=timezone.now(), attempts=0)
        child = sender(system, niceness=10)  # as the launcher starts workers
        wait_for_first(system)
        busy = sign_ups().latency(0.95)
        still = child.running
        child.process.terminate()
        system.crew.wait(child)
    note = "" if still else "the reminders were through before"
    yield at_most(
        "reminders.meanwhile",
        busy / idle,
        "x idle",
        bar=2,
        note=f"sign-up p95 {busy:.0f} ms, idle {idle:.0f} ms {note}",
    )


def wait_for_first(system: System) -> None:
    before = counts()["received"]
    while counts()["received"] == before:
        time.sleep(0.05)


def sign_ups() -> Answers:
    """A steady stream, four at a time, by bearer token."""
    where = world.place()
    people = world.people(where, MEANWHILE)
    posts: list[Post] = world.posts(where, world.call(where), shifts=20, seats=30)
    tokens = world.tokens([person.user for person in people], ["read", "sign-ups:write"])
    requests = [
        Request(
            "POST",
            "/api/v1/sign-ups/",
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            b'{"post": %d}' % posts[index % len(posts)].pk,
        )
        for index, token in enumerate(tokens)
    ]
    return rush("127.0.0.1", PORT, requests, 4).all_are({201: MEANWHILE})
