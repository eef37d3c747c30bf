"""The days of the demo: those of the story, from now on."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TAIYUAN = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Clock:
    """The days of the demo. `day` is the second round's, 4 April in the story; the rest is counted from it."""

    day: date
    now: datetime

    def at(self, clock: str, days: int = 0) -> datetime:
        hour, minute = map(int, clock.split(":"))
        return datetime.combine(self.day + timedelta(days=days), time(hour, minute), tzinfo=TAIYUAN)


def anchor(now: datetime) -> date:
    """The next day whose 05:30 is at least nine hours away: time enough for an evening of signing up."""
    local = now.astimezone(TAIYUAN)
    return local.date() + timedelta(days=1 if local.hour < 20 else 2)
