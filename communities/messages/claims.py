"""Taking due messages in hand, and writing down what became of them: two statements for any number of messages."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from communities.messages import dead_ends
from communities.messages.kinds import Claimed
from communities.states import MessageStatus

BATCH = 500
LEASE = timedelta(minutes=2)

# The two sets have an index each. A lease that ran out means that a sender died: the message is due again.
CLAIM = """
    with clock as (select coalesce(%(now)s, clock_timestamp()) as now),
    due as (
        select id from communities_message
        where status = 'scheduled' and queue = %(queue)s and due_at <= (select now from clock)
        order by due_at limit %(batch)s for update skip locked
    ),
    orphaned as (
        select id from communities_message
        where status = 'sending' and queue = %(queue)s and claimed_until < (select now from clock)
        order by claimed_until limit %(batch)s for update skip locked
    )
    update communities_message m
    set status = 'sending', claimed_until = clock.now + %(lease)s, attempts = attempts + 1
    from clock, (select id from orphaned union all select id from due limit %(batch)s) taken
    where m.id = taken.id
    returning m.id, m.kind, m.key, m.target, m.reader_id, m.robot_id, m.facts, m.channel, m.attempts, m.expires_at,
        clock.now
"""
# Only what this sender still holds: a callback may have been faster, or somebody else may have it by now.
SETTLE = """
    update communities_message m
    set status = x.status, channel = x.channel, due_at = coalesce(x.due_at, m.due_at), claimed_until = null,
        attempts = m.attempts - x.free::int, sent_at = case when x.status = 'sent' then %s else m.sent_at end
    from unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::timestamptz[], %s::bool[])
        as x (id, attempts, status, channel, due_at, free)
    where m.id = x.id and m.attempts = x.attempts and m.status = 'sending'
"""
RECORD = """
    insert into communities_delivery (message_id, channel, status, attempt, ref, reason, at)
    select x.id, x.channel, x.status, x.attempt, x.ref, x.reason, %s
    from unnest(%s::bigint[], %s::text[], %s::text[], %s::int[], %s::text[], %s::text[])
        as x (id, channel, status, attempt, ref, reason)
    where exists (select from communities_message m where m.id = x.id)
    on conflict (message_id, channel, attempt) do update
    set status = excluded.status, ref = excluded.ref, reason = excluded.reason, at = excluded.at
    where communities_delivery.status <> 'delivered'
      and (communities_delivery.ref = '' or communities_delivery.ref <> excluded.ref)
"""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one claimed message.

    `tried` is the channel it was handed to, `channel` the one it stays with or is tried over next. `free`: this was
    no attempt. `dead`: the provider says that there is no such address; `gone`: that these browsers are no more.
    """

    message: Claimed
    status: MessageStatus
    channel: str = ""
    due_at: datetime | None = None
    tried: str = ""
    free: bool = False
    ref: str = ""
    reason: str = ""
    dead: bool = False
    gone: tuple[str, ...] = ()


def claim(queue: str, now: datetime | None) -> tuple[list[Claimed], datetime]:
    """Up to 500 due messages, now ours for two minutes, and the instant by which they were found due.

    Without `now` the database's clock decides.
    """
    given: dict[str, Any] = {"now": now, "queue": queue, "batch": BATCH, "lease": LEASE}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, given)
        rows = cursor.fetchall()
    messages = [Claimed(*row[:6], json.loads(row[6]), *row[7:10]) for row in rows]  # type: ignore[call-arg]
    return messages, rows[0][10] if rows else now or timezone.now()


def settle(found: Sequence[Settled], now: datetime) -> None:
    """Write the outcomes. Tried again on a new connection, since forgetting them would mean to send again."""
    try:
        write(found, now)
    except OperationalError:
        connection.close()
        write(found, now)


@transaction.atomic
def write(found: Sequence[Settled], now: datetime) -> None:
    tried = [one for one in found if one.tried or one.status == MessageStatus.FAILED]
    with connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit = off")  # losing a mark repeats a call that the key makes harmless
        hold(cursor, (one.message.id for one in found))
        cursor.execute(SETTLE, [now, *columns(found)])
        cursor.execute(RECORD, [now, *record_columns(tried)])
    dead_ends.note([(one.message.id, one.tried, one.reason) for one in tried if one.dead], now)
    dead_ends.forget_browsers(endpoint for one in found for endpoint in one.gone)


def hold(cursor: Any, ids: Iterable[int]) -> None:
    """Lock the messages in the one order that all keep."""
    cursor.execute("select from communities_message where id = any(%s) order by id for no key update", [list(ids)])


def columns(found: Sequence[Settled]) -> list[list[object]]:
    return [
        [one.message.id for one in found],
        [one.message.attempts for one in found],
        [one.status for one in found],
        [one.channel or one.message.channel for one in found],
        [one.due_at for one in found],
        [one.free for one in found],
    ]


def record_columns(tried: Sequence[Settled]) -> list[list[object]]:
    return [
        [one.message.id for one in tried],
        [one.tried for one in tried],
        [MessageStatus.SENT if one.status == MessageStatus.SENT else MessageStatus.FAILED for one in tried],
        [one.message.attempts for one in tried],
        [one.ref for one in tried],
        [one.reason for one in tried],
    ]
