"""Copies of a shift on other days: the same clock time there, whatever the clocks do in between."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def on_day(instant: datetime, day: date, zone: ZoneInfo) -> datetime:
    """The same local clock time on another day, as an instant in UTC.

    A time that the clocks skip moves forward with them; of a time that comes twice, the first is meant.
    """
    clock = instant.astimezone(zone).time()
    naive = datetime.combine(day, clock, tzinfo=zone)
    return datetime.fromtimestamp(naive.timestamp(), tz=zone).astimezone(ZoneInfo("UTC"))


def shifted(start: datetime, end: datetime, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The interval on another day: both ends keep their clock times, and the night between them if there is one."""
    nights = end.astimezone(zone).date() - start.astimezone(zone).date()
    return on_day(start, day, zone), on_day(end, day + nights, zone)


def weekly(first: date, until: date, weekdays: set[int]) -> Iterator[date]:
    """The days after `first` up to and with `until` that fall on these weekdays (Monday is 0)."""
    day = first + timedelta(days=1)
    while day <= until:
        if day.weekday() in weekdays:
            yield day
        day += timedelta(days=1)
