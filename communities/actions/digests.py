"""Gathering what waits for the evening: for each reader one digest, written together with the mark on its parts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from communities.messages.digests import DIGEST, QUEUE
from communities.messages.outbox import Note, post
from communities.models import Message
from communities.states import MessageStatus

READERS = 500  # in one transaction


def gather(now: datetime) -> int:
    """Everything that is due; returns how many digests were written. Run by two at once, each part is told once."""
    written = 0
    while (some := some_readers(now)) is not None:
        written += some
    return written


@transaction.atomic
def some_readers(now: datetime) -> int | None:
    """All that is due for some of the readers; None if nothing is. Who comes second waits, and finds it done."""
    due = Message.objects.due(now).filter(queue=QUEUE)
    readers = due.order_by("reader", "robot").values_list("reader", "robot").distinct()[:READERS]
    people, groups = ([pk for pk in ids if pk] for ids in zip(*readers, strict=True)) if readers else ([], [])
    theirs = due.filter(Q(reader__in=people) | Q(robot__in=groups)).order_by("pk")
    rows = list(theirs.select_for_update(no_key=True)) if people or groups else []
    if not rows:
        return None
    fresh = [row for row in rows if not row.expires_at or row.expires_at > now]
    mark(set(rows) - set(fresh), MessageStatus.EXPIRED)
    mark(fresh, MessageStatus.GATHERED)
    notes = [note(parts, now) for parts in by_reader(fresh)]
    post(notes)
    return len(notes)


def mark(rows: Iterable[Message], status: MessageStatus) -> None:
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(status=status)


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
