"""What an area has chosen for itself: its clock, when people are reminded, when it is quiet."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from communities.rules.quiet import next_loud

CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Customs:
    """`leads`: minutes before a start at which people are reminded. `evening`: the clock time of the evening reminder.
    Quiet hours are the half-open clock interval from `quiet_from` to `quiet_to`, over midnight where it is later.
    """

    zone: ZoneInfo = CHINA
    leads: tuple[int, ...] = (24 * 60, 2 * 60)
    evening: time = time(20, 0)
    quiet_from: time = time(22, 0)
    quiet_to: time = time(6, 0)

    def next_loud(self, instant: datetime) -> datetime:
        """The instant itself, or the end of the quiet hours it falls into."""
        return next_loud(instant, self.zone, self.quiet_from, self.quiet_to)
