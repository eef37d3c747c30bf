"""How the outbox stands: what waits, since when, and what failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from communities.models import Message
from communities.states import MessageStatus

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outbox:
    """`due` messages should have left already, the oldest of them at `oldest`; `states` are those of the last day."""

    due: int
    oldest: datetime | None
    failed: int
    states: dict[str, int]


def standing(messages: QuerySet[Message], now: datetime) -> Outbox:
    """Of these messages: two queries."""
    late = Q(status=MessageStatus.SCHEDULED, due_at__lte=now)
    waiting = messages.filter(status__in=[MessageStatus.SCHEDULED, MessageStatus.SENDING]).aggregate(
        due=Count("pk", filter=late), oldest=Min("due_at", filter=late)
    )
    recent = messages.filter(due_at__gt=now - DAY, due_at__lte=now)
    states = dict(recent.order_by().values_list("status").annotate(count=Count("pk")))
    return Outbox(**waiting, failed=states.get(MessageStatus.FAILED, 0), states=states)
