"""Telling other systems: claim what is due for each, call outside any transaction, write down what became of it.

A worker may die at any step: what it had in hand is due again when its lease is over, and is told under the same id.
Each receiver is called by one worker at a time, and a slow one holds nobody else up.
"""

import json
import logging
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import connection, transaction

from communities.channels import webhook as channel
from communities.channels.webhook import GONE, Answer, Call
from communities.messages.happenings import SOURCES, address
from communities.messages.webhooks_off import park, switch_off
from communities.models import Webhook
from communities.queries.clock import database_now
from communities.rules.webhooks import REST, again, hopeless, kind_of
from communities.states import HookStatus, OffReason

log = logging.getLogger(__name__)
BUDGET = 20.0  # seconds
RECEIVERS = 8  # called side by side
HANDFUL = 20  # for one receiver at a time
LEASE = timedelta(minutes=2)

FREE = """
    update communities_webhookdelivery set status = 'waiting', claimed_until = null
    where status = 'sending' and claimed_until < %s
"""
# Whoever has waited longest first. A receiver that somebody is calling is left to them.
CLAIM = """
    with receiver as (
        select w.id from communities_webhook w
        cross join lateral (
            select due_at from communities_webhookdelivery d
            where d.webhook_id = w.id and d.status = 'waiting' and d.due_at <= %(now)s
            order by d.due_at limit 1
        ) oldest
        where w.active and not exists (
            select from communities_webhookdelivery d where d.webhook_id = w.id and d.status = 'sending'
        )
        order by oldest.due_at limit %(receivers)s
    ),
    taken as (
        select owed.* from receiver cross join lateral (
            select d.id, d.happening_id from communities_webhookdelivery d
            where d.webhook_id = receiver.id and d.status = 'waiting' and d.due_at <= %(now)s
            order by d.due_at, d.id limit %(handful)s for update skip locked
        ) owed
    )
    update communities_webhookdelivery d
    set status = 'sending', claimed_until = %(now)s + %(lease)s, attempts = attempts + 1
    from taken join communities_happening h on h.id = taken.happening_id
        left join communities_area a on a.id = h.area_id
    where d.id = taken.id
    returning d.id, d.webhook_id, d.attempts, h.id, h.topic, h.target, h.state, h.version, h.at, a.id, a.code, h.data
"""
# Only what this worker still holds.
SETTLE = """
    update communities_webhookdelivery d
    set status = x.status, due_at = coalesce(x.due_at, d.due_at), answer = x.answer, reason = x.reason, claimed_until = null,
        attempts = d.attempts - x.free::int, tried_at = case when x.free then d.tried_at else %s end
    from unnest(%s::bigint[], %s::int[], %s::text[], %s::timestamptz[], %s::int[], %s::text[], %s::bool[])
        as x (id, attempts, status, due_at, answer, reason, free)
    where d.id = x.id and d.attempts = x.attempts and d.status = 'sending'
"""
LET_REST = """
    update communities_webhookdelivery set due_at = %s where webhook_id = %s and status = 'waiting' and due_at < %s
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery in the hands of one worker; `attempts` counts this one."""

    id: int
    webhook: int
    attempts: int
    happening: int
    topic: str
    target: int
    state: str
    version: int | None
    at: datetime
    area: int | None
    code: str | None
    data: dict[str, Any]

    @property
    def name(self) -> str:
        """The same for every receiver and every attempt."""
        return f"hap_{self.happening}"

    def body(self) -> bytes:
        told = {
            "id": self.name,
            "type": kind_of(SOURCES[self.topic].noun, self.state),
            "at": self.at.isoformat(),
            "area": {"id": self.area, "code": self.code},
            "data": self.data | {"state": self.state} | ({"version": self.version} if self.version else {}),
            "url": address(self.topic, self.target),
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Group:
    """What one receiver is told in one go."""

    webhook: Webhook
    claimed: Sequence[Claimed]
    now: datetime

    def tell(self) -> list[Answer]:
        hook = self.webhook
        former = hook.former_secret if hook.former_until and hook.former_until > self.now else ""
        calls = [Call(one.id, one.name, one.body()) for one in self.claimed]
        return channel.tell(hook.url, [secret for secret in (hook.secret, former) if secret], calls)


def deliver(now: datetime | None = None, *, budget: float = BUDGET) -> Counter[str]:
    """Tell what is due until nothing is, or until `budget` seconds are used; returns how many ended in which state.

    Without `now` the database's clock decides. May run in any number of processes at once.
    """
    counts: Counter[str] = Counter()
    end, flying = monotonic() + budget, dict[Future[list[Answer]], Group]()
    with ThreadPoolExecutor(RECEIVERS) as pool:
        while True:
            if monotonic() < end:
                for group in claim(now or database_now(), RECEIVERS - len(flying)):
                    flying[pool.submit(group.tell)] = group
            if not flying:
                return counts
            for landed in wait(flying, return_when=FIRST_COMPLETED).done:
                counts.update(settle(flying.pop(landed), landed, now or database_now()))


def claim(now: datetime, receivers: int) -> list[Group]:
    """At most `receivers` groups, ours for two minutes."""
    given: dict[str, Any] = {"now": now, "receivers": receivers, "handful": HANDFUL, "lease": LEASE}
    with connection.cursor() as cursor:
        cursor.execute(FREE, [now])
        cursor.execute(CLAIM, given)
        rows = [Claimed(*row[:11], json.loads(row[11] or "{}")) for row in cursor.fetchall()]  # type: ignore[call-arg]
    by_hook: defaultdict[int, list[Claimed]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.happening):
        by_hook[row.webhook].append(row)
    hooks = Webhook.objects.in_bulk(by_hook) if by_hook else {}
    return [Group(hooks[pk], some, now) for pk, some in by_hook.items()]


@dataclass(frozen=True, slots=True)
class Settled:
    claimed: Claimed
    status: HookStatus
    due_at: datetime | None
    answer: Answer


def settle(group: Group, landed: Future[list[Answer]], now: datetime) -> Iterable[str]:
    """Write down what became of the group, in some few statements; returns the states."""
    try:
        answers = {answer.id: answer for answer in landed.result()}
    except Exception:  # a mistake of ours: kept for a corrected version to send
        log.exception("Webhook %d cannot be told", group.webhook.pk)
        answers = {one.id: Answer(one.id, None, "error") for one in group.claimed}
    found = [outcome(one, answers[one.id], now) for one in group.claimed]
    write(group.webhook.pk, found, now)
    return [one.status.value for one in found]


def outcome(claimed: Claimed, answer: Answer, now: datetime) -> Settled:
    if answer.arrived:
        return Settled(claimed, HookStatus.ARRIVED, None, answer)
    if not answer.begun:
        return Settled(claimed, HookStatus.WAITING, now, answer)
    wait_for = again(claimed.attempts, random.random())  # noqa: S311
    if wait_for is None or answer.status == GONE:
        return Settled(claimed, HookStatus.PARKED, None, answer)
    return Settled(claimed, HookStatus.WAITING, now + wait_for, answer)


@transaction.atomic
def write(webhook_id: int, found: Sequence[Settled], now: datetime) -> None:
    """The webhook is locked first, as whoever switches it off does; one that has been taken away took these with it."""
    hook = Webhook.objects.select_for_update(no_key=True).filter(pk=webhook_id).first()
    if hook is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [now, *columns(found)])
        if any(one.answer.begun and one.answer.status is None for one in found):
            cursor.execute(LET_REST, [now + REST, hook.pk, now + REST])
    if not hook.active:
        park(hook.pk)
    elif any(one.answer.status == GONE for one in found):
        switch_off(hook.pk, OffReason.GONE, now)
    elif any(one.answer.arrived for one in found):
        Webhook.objects.filter(pk=hook.pk).exclude(failing_since=None).update(failing_since=None)
    elif any(one.answer.begun for one in found):
        failed(hook, now)


def failed(hook: Webhook, now: datetime) -> None:
    Webhook.objects.filter(pk=hook.pk, failing_since=None).update(failing_since=now)
    if hopeless(hook.failing_since, now):
        switch_off(hook.pk, OffReason.FAILING, now)


def columns(found: Sequence[Settled]) -> list[list[object]]:
    return [
        [one.claimed.id for one in found],
        [one.claimed.attempts for one in found],
        [one.status for one in found],
        [one.due_at for one in found],
        [one.answer.status for one in found],
        [one.answer.reason for one in found],
        [not one.answer.begun for one in found],
    ]
