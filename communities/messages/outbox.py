"""The outbox: what is to be told, written in the transaction of what it tells of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from communities.models import Message, User
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

    def row(self) -> Message:
        return Message(
            kind=self.kind,
            key=self.key,
            target=self.target,
            due_at=self.due_at,
            reader_id=self.reader,
            robot_id=self.robot,
            expires_at=self.expires_at,
            queue=self.queue,
            facts=self.facts,
        )


def post(notes: Sequence[Note]) -> None:
    """Write the notes that are not there yet; delivery is nudged after the commit, and finds them by itself if not."""
    if not notes:
        return
    Message.objects.bulk_create([note.row() for note in notes], ignore_conflicts=True, batch_size=1000)
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
