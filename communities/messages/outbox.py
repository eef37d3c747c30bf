"""The outbox: what is to be told, written in the transaction of what it tells of."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from communities.models import Message, User
from communities.queries.prepared import fetch
from communities.signals import message_posted
from communities.states import MessageStatus


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to tell one reader. `key` makes it once: the same kind, key and reader is the same message."""

    kind: str
    key: str
    target: int
    due_at: datetime
    reader: int | None = None
    robot: int | None = None
    expires_at: datetime | None = None
    queue: str = "messages"
    facts: dict[str, Any] = field(default_factory=dict)

    def columns(self) -> tuple[Any, ...]:
        to = (self.reader, self.robot)
        return self.kind, self.key, self.target, self.due_at, *to, self.expires_at, self.queue, json.dumps(self.facts)


# One statement of our own: written by the ORM, the note cost a sign-up more than its seat.
COLUMNS = {
    "kind": "text",
    "key": "text",
    "target": "bigint",
    "due_at": "timestamptz",
    "reader": "bigint",
    "robot": "bigint",
    "expires_at": "timestamptz",
    "queue": "text",
    "facts": "text",
}
POST = f"""
    insert into communities_message
        (kind, key, target, due_at, reader_id, robot_id, expires_at, queue, facts, status, channel, attempts, created_at)
    select x.kind, x.key, x.target, x.due_at, x.reader, x.robot, x.expires_at, x.queue, x.facts::jsonb, 'scheduled', '', 0,
        %(now)s::timestamptz
    from {{notes}} as x ({", ".join(COLUMNS)})
    on conflict do nothing
    returning id
"""
ONE = POST.format(notes=f"(values ({', '.join(f'%({name})s::{kind}' for name, kind in COLUMNS.items())}))")
MANY = POST.format(notes=f"unnest({', '.join(f'%({name})s::{kind}[]' for name, kind in COLUMNS.items())})")


def post(notes: Sequence[Note]) -> None:
    """Write the notes that are not there yet; delivery is nudged after the commit, and finds them by itself if not."""
    if not notes:
        return
    rows = [note.columns() for note in notes]
    values = rows[0] if len(rows) == 1 else map(list, zip(*rows, strict=True))
    fetch(ONE if len(rows) == 1 else MANY, now=timezone.now(), **dict(zip(COLUMNS, values, strict=True)))
    for queue in sorted({note.queue for note in notes}):
        transaction.on_commit(lambda queue=queue: message_posted.send(sender=Message, queue=queue), robust=True)  # type: ignore[misc]


def withdraw(kinds: Iterable[str], targets: Iterable[int]) -> int:
    """Cancel what has not left yet; returns how many."""
    waiting = Message.objects.filter(status=MessageStatus.SCHEDULED, kind__in=list(kinds), target__in=list(targets))
    return waiting.update(status=MessageStatus.CANCELLED)


def withdraw_from(reader: User, kinds: Iterable[str], target: int) -> None:
    """The same for one reader."""
    waiting = Message.objects.filter(status=MessageStatus.SCHEDULED, kind__in=list(kinds), target=target)
    waiting.filter(reader=reader).update(status=MessageStatus.CANCELLED)


def acknowledge(kinds: Iterable[str], targets: Iterable[int]) -> int:
    """The reader has answered these; what was never sent is not answered."""
    told = Message.objects.filter(status__in=[MessageStatus.SENT, MessageStatus.DELIVERED], kind__in=list(kinds))
    return told.filter(target__in=list(targets)).update(status=MessageStatus.ACKNOWLEDGED)
