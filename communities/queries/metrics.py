"""What a monitoring system wants to know of the post room, measured when it asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import redis
from django.conf import settings
from django.db.models import Count, Min

from communities.models import Message
from communities.queries.health import last_seen
from communities.queries.outbox import DAY
from communities.states import MessageStatus

OUTBOX = ("callup", "messages", "digest")
QUEUES = ("callup", "messages", "default", "webhooks", "matching")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages of one queue that should have left already, and for how many seconds the oldest has waited."""

    due: int = 0
    oldest: float = 0.0


def waiting(now: datetime) -> Mapping[str, Waiting]:
    rows = Message.objects.due(now).order_by().values("queue").annotate(due=Count("pk"), oldest=Min("due_at"))
    found = {row["queue"]: Waiting(row["due"], (now - row["oldest"]).total_seconds()) for row in rows}
    return {queue: Waiting() for queue in OUTBOX} | found


def states(now: datetime) -> Mapping[str, int]:
    """Messages that were due in the last 24 hours, by state; every state is there."""
    recent = Message.objects.filter(due_at__gt=now - DAY, due_at__lte=now)
    found = dict(recent.order_by().values_list("status").annotate(count=Count("pk")))
    return {status.value: found.get(status.value, 0) for status in MessageStatus}


def parked(now: datetime) -> Mapping[str, int]:
    """Messages that were given up and are still news, by queue: somebody may try them again."""
    rows = Message.objects.failed(now).order_by().values_list("queue").annotate(count=Count("pk"))
    return dict.fromkeys(OUTBOX, 0) | dict(rows)


def depths(queues: Iterable[str] = QUEUES) -> Mapping[str, int]:
    """Tasks that wait at the broker, by queue; empty when it does not answer."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    try:
        with redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            return {queue: int(client.llen(f"{prefix}{queue}")) for queue in queues}
    except redis.RedisError:
        return {}


def silence(now: datetime) -> float | None:
    """Seconds since a worker was last seen; None if never, or if Redis does not answer."""
    try:
        seen = last_seen()
    except redis.RedisError:
        return None
    return (now - seen).total_seconds() if seen else None
