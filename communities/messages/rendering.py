"""Words for the reader: their language, the area's clock, one line under the other."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as date_format
from django.utils.translation import get_language, gettext, pgettext

from communities.rules.names import spoken


def english() -> bool:
    return get_language() == "en"


def named(name: str, name_en: str) -> str:
    """The name for the reader's language; the Chinese one where there is no English."""
    return name_en if name_en and english() else name


def when(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """4月4日（周一）05:30–08:45; Mon 4 April, 05:30–08:45."""
    return interval(get_language() or "", start, end, zone)


@lru_cache(maxsize=4096)
def interval(language: str, start: datetime, end: datetime, zone: ZoneInfo) -> str:
    first, last = start.astimezone(zone), end.astimezone(zone)
    return joined(day(first), f"{first:%H:%M}–{until(first, last)}")


def until(first: datetime, last: datetime) -> str:
    days = (last.date() - first.date()).days
    if days == 1 and (last.hour, last.minute) == (0, 0):
        return "24:00"
    if days == 1:
        return gettext("%(time)s next day") % {"time": f"{last:%H:%M}"}
    return f"{last:%H:%M}" if days == 0 else joined(day(last), f"{last:%H:%M}")


def day(local: datetime) -> str:
    return date_format(local, pgettext("date", "D j F"))


def joined(day: str, clock: str) -> str:
    return pgettext("day and time", "%(day)s, %(time)s") % {"day": day, "time": clock}


def clock(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%H:%M}"


def one_line(text: str) -> str:
    """Whatever stands in it: no name, and no reason that somebody typed, makes a line of its own."""
    return text if text.isprintable() else spoken(text, 1000)


def lines(parts: Iterable[str]) -> str:
    """One sentence a line; what is empty is left out."""
    return "\n".join(one_line(part) for part in parts if part)
