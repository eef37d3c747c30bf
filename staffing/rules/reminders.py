"""When the people of a shift are reminded of it."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

EARLY = time(8, 0)  # who starts before this is reminded in the evening before, too


def instants(start: datetime, zone: ZoneInfo, leads: Iterable[int], evening: time) -> list[datetime]:
    """All instants at which a shift that starts at `start` is reminded of, earliest first. `leads` are minutes."""
    found = {start - timedelta(minutes=lead) for lead in leads}
    local = start.astimezone(zone)
    if local.time() < EARLY:
        found.add(datetime.combine(local.date() - timedelta(days=1), evening, tzinfo=zone).astimezone(start.tzinfo))
    return sorted(found)


def due(
    start: datetime, zone: ZoneInfo, leads: Iterable[int], evening: time, *, since: datetime, now: datetime
) -> datetime | None:
    """The instant of the reminder to send now, or None.

    It is the latest that has come: after an outage one reminder goes out, not all that were missed. Instants before
    `since`, when the person last got news of the seat, are skipped, and nobody is reminded of what has begun.
    """
    come = [instant for instant in instants(start, zone, leads, evening) if instant <= now]
    return come[-1] if come and come[-1] >= since and now < start else None
