"""Is everything there that a request or a message needs?"""

from datetime import UTC, datetime, timedelta

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection

SEEN = "worker-seen"
FRESH = timedelta(minutes=1)


def mark_seen(now: datetime) -> None:
    """Said by a worker on a task that beat sent: so beat, broker and worker all live."""
    cache.set(SEEN, now.timestamp(), timeout=3600)


def last_seen() -> datetime | None:
    seen = cache.get(SEEN)
    return datetime.fromtimestamp(seen, UTC) if seen else None


def database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return False
    return True


def broker() -> bool:
    try:
        with redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def worker(now: datetime) -> bool:
    try:
        seen = last_seen()
    except redis.RedisError:
        return False
    return seen is not None and now - seen <= FRESH


def readiness(now: datetime) -> dict[str, bool]:
    """By part; the system is ready if all are."""
    return {"database": database(), "broker": broker(), "worker": worker(now)}
