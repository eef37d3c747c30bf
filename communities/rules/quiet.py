"""Quiet hours of an area (domain.md 5.5)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def is_quiet(instant: datetime, zone: ZoneInfo, start: time, end: time) -> bool:
    clock = instant.astimezone(zone).time()
    return start <= clock < end if start <= end else clock >= start or clock < end


def next_loud(instant: datetime, zone: ZoneInfo, start: time, end: time) -> datetime:
    """The instant itself, or the end of the quiet hours it falls into."""
    if not is_quiet(instant, zone, start, end):
        return instant
    local = instant.astimezone(zone)
    day = local.date() if local.time() < end else local.date() + timedelta(days=1)
    return datetime.combine(day, end, tzinfo=zone)
