"""Gathering what waits for the evening: for each reader one digest, written together with the mark on its parts."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from communities.messages.digests import DIGEST, QUEUE
from communities.messages.outbox import Note, post
from communities.models import Message
from communities.states import MessageStatus

BATCH = 2000


def gather(now: datetime) -> int:
    """Everything that is due; returns how many digests were written. Run by two at once, each part is told once."""
    written = 0
    while done := some(now):
        written += done
    return written


@transaction.atomic
def some(now: datetime) -> int:
    """A batch: whole readers, as far as they are found in it."""
    due = Message.objects.due(now).filter(queue=QUEUE).order_by("due_at", "pk")
    rows = list(due.select_for_update(skip_locked=True, no_key=True)[:BATCH])
    stale = [row.pk for row in rows if row.expires_at and row.expires_at <= now]
    Message.objects.filter(pk__in=stale).update(status=MessageStatus.EXPIRED)
    fresh = [row for row in rows if row.pk not in set(stale)]
    Message.objects.filter(pk__in=[row.pk for row in fresh]).update(status=MessageStatus.GATHERED)
    notes = [note(parts, now) for parts in by_reader(fresh)]
    post(notes)
    return len(notes) or bool(stale)


def by_reader(rows: Sequence[Message]) -> Sequence[Sequence[Message]]:
    found: defaultdict[tuple[int | None, int | None], list[Message]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.pk):
        found[row.reader_id, row.robot_id].append(row)
    return list(found.values())


def note(parts: Sequence[Message], now: datetime) -> Note:
    """Its key is its first part, which is in no other digest. It is news as long as one of its parts is."""
    first, ends = parts[0], [part.expires_at for part in parts if part.expires_at]
    return Note(
        DIGEST.name,
        str(first.pk),
        first.pk,
        now,
        reader=first.reader_id,
        robot=first.robot_id,
        expires_at=max(ends) if len(ends) == len(parts) else None,
        facts={"messages": [part.pk for part in parts]},
    )
