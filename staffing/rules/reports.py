"""What is alike in all reports: the days they are about, shares, and groups of people too small to be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from communities.errors import Refusal
from staffing.rules.withholding import Told, told

BACK, AHEAD = timedelta(days=14), timedelta(days=2)
LONGEST = timedelta(days=366)
HALF, WHOLE = timedelta(minutes=30), timedelta(hours=1)
FINE = timedelta(days=2)  # over so much time one looks at every half hour
BINS = (0, 120, 240, 480, 960, 1440, 2400)  # minutes, from which a bin of the distribution begins


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last day, both included."""

    first: date
    last: date

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The half-open interval by the area's clock."""
        end = self.last + timedelta(days=1)
        return datetime.combine(self.first, time(), zone), datetime.combine(end, time(), zone)


def days(today: date, first: date | None = None, last: date | None = None) -> Days:
    """The days asked for. Else from a fortnight ago to the day after tomorrow, or as many from the day that is given."""
    width = BACK + AHEAD
    if first and not last:
        return Days(first, first + width)
    if last and not first:
        return Days(last - width, last)
    return Days(first or today - BACK, last or today + AHEAD)


def wrong(found: Days) -> list[Refusal]:
    """Why nobody can be told about these days."""
    if found.last < found.first:
        return [Refusal("days_reversed")]
    if found.last - found.first > LONGEST:
        return [Refusal("too_many_days_asked", {"limit": LONGEST.days})]
    return []


def step(since: datetime, until: datetime) -> timedelta:
    """How far apart the instants are at which posts are counted."""
    return HALF if until - since <= FINE else WHOLE


def percent(part: int, whole: int) -> int | None:
    """Rounded; 100 only if nothing is missing, 0 only if there is nothing."""
    if not whole:
        return None
    found = (200 * part + whole) // (2 * whole)
    if part < whole:
        found = min(found, 99)
    return max(found, 1) if part > 0 else found


def bin_of(minutes: int) -> int:
    """Which bin of the distribution somebody with so many minutes falls into."""
    return max(index for index, start in enumerate(BINS) if minutes >= start)


def running(numbers: Sequence[int], before: int = 0) -> list[int]:
    """The sums so far."""
    sums, total = [], before
    for number in numbers:
        total += number
        sums.append(total)
    return sums


def too_few(people: Sequence[int]) -> Told[int]:
    """Which rows are withheld, when each tells of so many people."""
    return told(dict(enumerate(people)))


def quarter(first_day: date) -> tuple[int, int]:
    """Year and number of the quarter in which the day lies."""
    return first_day.year, (first_day.month + 2) // 3


def shared(parts: Mapping[str, int]) -> dict[str, int | None]:
    """Each part in per cent of all."""
    whole = sum(parts.values())
    return {key: percent(part, whole) for key, part in parts.items()}


MONTHS = 24  # so many that are over can be looked at by everybody


def month_of(text: str) -> date | None:
    """The first day of "2022-04"; None if it is no month."""
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007
    except ValueError:
        return None


def months_over(today: date) -> list[date]:
    """First days of whole months that are over, the last first. Only these are told to everybody: two spans that differ
    by a day would tell of the few who served on it.
    """
    found, first = [], today.replace(day=1)
    for _month in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(first)
    return found


def whole_month(first: date) -> Days:
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Days(first, after - timedelta(days=1))
