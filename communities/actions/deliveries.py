"""What a provider says later about messages it took."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from communities.messages import dead_ends
from communities.messages.addresses import readers
from communities.messages.claims import hold
from communities.models import Delivery, Message
from communities.rules.retries import again
from communities.signals import message_posted
from communities.states import MessageStatus

log = logging.getLogger(__name__)

# From left to right only. What was cancelled or expired is not in the row, and stays so.
STEPS = [
    MessageStatus.SCHEDULED,
    MessageStatus.SENDING,
    MessageStatus.SENT,
    MessageStatus.FAILED,
    MessageStatus.DELIVERED,
    MessageStatus.ACKNOWLEDGED,
]
ADVANCE = """
    update communities_message m
    set status = x.status, channel = %(channel)s, claimed_until = null, sent_at = coalesce(m.sent_at, x.at)
    from unnest(%(ids)s::bigint[], %(statuses)s::text[], %(instants)s::timestamptz[]) as x (id, status, at)
    where m.id = x.id and array_position(%(steps)s, m.status::text) < array_position(%(steps)s, x.status)
      and (x.status <> 'failed' or m.channel in ('', %(channel)s))
    returning m.id, m.attempts
"""
RECORD = """
    insert into communities_delivery (message_id, channel, status, attempt, ref, reason, at)
    select x.id, %(channel)s, x.status, greatest(x.attempt, 1), x.ref, x.reason, x.at
    from unnest(%(ids)s::bigint[], %(attempts)s::int[], %(statuses)s::text[], %(refs)s::text[],
        %(instants)s::timestamptz[], %(reasons)s::text[]) as x (id, attempt, status, ref, at, reason)
    on conflict (message_id, channel, attempt) do update
    set status = excluded.status, ref = excluded.ref, reason = excluded.reason, at = excluded.at
"""


@dataclass(frozen=True, slots=True)
class Report:
    """`id` is the key the message went out with: "message:channel". `reason` is why it failed."""

    id: str
    ref: str
    status: MessageStatus
    at: datetime
    reason: str = "not delivered"

    @property
    def channel(self) -> str:
        return self.id.partition(":")[2]

    @property
    def message(self) -> int | None:
        number = self.id.partition(":")[0]
        return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None


def record(reports: Iterable[Report], channel: str = "sms") -> int:
    """Note what the provider of this channel reports; returns how many told something new. In any order, any number of times: nothing goes back."""
    furthest: dict[int, Report] = {}
    for report in reports:
        if report.message is None or report.channel != channel:
            log.warning("A report about something that is no message of ours")
        elif report.message not in furthest or further(report, furthest[report.message]):
            furthest[report.message] = report
    return write(channel, furthest) if furthest else 0


def further(report: Report, other: Report) -> bool:
    return STEPS.index(report.status) > STEPS.index(other.status)


@transaction.atomic
def write(channel: str, reports: dict[int, Report]) -> int:
    """Two statements for any number; locked in order, so that a sender settling the same messages cannot deadlock."""
    with connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit = off")  # a lost report changes nothing for anybody
        hold(cursor, reports)
        values: dict[str, Any] = {"channel": channel, "steps": [str(step) for step in STEPS], "ids": list(reports)}
        cursor.execute(ADVANCE, values | columns(list(reports.values())))
        moved = dict(cursor.fetchall())
        told = [reports[pk] for pk in moved]
        attempts: dict[str, Any] = {"ids": list(moved), "attempts": list(moved.values())}
        cursor.execute(RECORD, {"channel": channel} | attempts | columns(told))
    lost = {pk: moved[pk] for pk in moved if reports[pk].status == MessageStatus.FAILED}
    dead_ends.arrived([pk for pk in moved if pk not in lost], channel)
    if lost:
        dead_ends.note([(pk, channel, reports[pk].reason) for pk in lost], timezone.now())
        go_another_way(channel, lost, timezone.now())
    return len(moved)


def go_another_way(channel: str, lost: dict[int, int], now: datetime) -> None:
    """What did not arrive is sent over a channel of the reader that has not failed for it, as long as it is news.

    `lost`: attempts by message.
    """
    rows = list(Message.objects.failed(now).filter(pk__in=lost).exclude(reader=None))
    ways = readers({row.reader_id for row in rows if row.reader_id}, now)
    tried = set(Delivery.objects.filter(message__in=rows).values_list("message", "channel"))
    for row in rows:
        others = [way for way in ways[row.reader_id or 0].ways if way != channel and (row.pk, way) not in tried]
        if step := again(lost[row.pk], channel, [channel, *others], for_good=True):
            row.status, row.channel, row.due_at = MessageStatus.SCHEDULED, step.channel, now
    Message.objects.bulk_update(rows, ["status", "channel", "due_at"])
    for queue in sorted({row.queue for row in rows if row.status == MessageStatus.SCHEDULED}):
        transaction.on_commit(lambda queue=queue: message_posted.send(sender=Message, queue=queue), robust=True)  # type: ignore[misc]


def columns(reports: list[Report]) -> dict[str, list[object]]:
    return {
        "statuses": [report.status for report in reports],
        "refs": [report.ref[:80] for report in reports],
        "instants": [report.at for report in reports],
        "reasons": [report.reason[:120] if report.status == MessageStatus.FAILED else "" for report in reports],
    }
