"""Lending people: for how long, in which order of steps, who may enter, and when a recall takes effect (domain.md 5.3)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from communities.errors import Refusal
from communities.rules.reach import Pass, Whereabouts
from staffing.rules.fatigue import Interval
from staffing.rules.reach import barred
from volunteers.rules.qualifications import Held, lacking
from volunteers.states import PersonKind

LONGEST = timedelta(days=14)  # renewable (NWCG)
NOTICE = timedelta(hours=24)
CONFIRM_WITHIN = timedelta(hours=24)  # the unit, after one of its people reported in by themselves
RETURN_REASONS = ("lives_elsewhere", "enough_people", "cannot_enter", "not_free", "not_ours")


def takes_effect(now: datetime, end: datetime, *, urgent: bool) -> datetime:
    """From when a recalled person is no longer there: what starts before that is still served."""
    return min(end, now if urgent else now + NOTICE)


type Spans = Sequence[tuple[int, Interval]]


def on_duty_there(lent: Spans, elsewhere: Spans, areas: Collection[int], when: Interval) -> int | None:
    """By which of `lent` (area, period) somebody may be told to stand in the areas then: its place in the sequence.

    `elsewhere` (area, period): to whom their community lends them on; while it does, they are there and nowhere else.
    """
    mine = [(n, area) for n, (area, period) in enumerate(lent) if period.start <= when.start and when.end <= period.end]
    away = next(((area, period) for area, period in elsewhere if period.overlaps(when)), None)
    if away is None:
        return next((n for n, area in mine if area in areas), None)
    taker, period = away
    whole = period.start <= when.start and when.end <= period.end
    return mine[0][0] if mine and whole and taker in areas else None


class WayIn(StrEnum):
    """Whether somebody gets from home to the community."""

    OPEN = "open"
    PASS = "pass"  # noqa: S105 (one to get through a fence)
    SHUT = "shut"  # the home may not be left
    UNKNOWN = "unknown"  # nobody knows where they live


@dataclass(frozen=True, slots=True)
class Lent:
    """A person who is to be received, as the rules see them."""

    kind: PersonKind
    home: Whereabouts
    passes: tuple[Pass, ...]
    held: tuple[Held, ...]


def barrier(person: Lent, places: Iterable[Whereabouts], when: Interval) -> Refusal | None:
    """Why no place of the community can be reached; None if one can."""
    found = [barred(person.kind, person.home, place, person.passes, when) for place in places]
    return None if None in found else next((one for one in found if one), None)


def way_in(person: Lent, places: Iterable[Whereabouts], when: Interval) -> WayIn:
    if person.home.compound is None:
        return WayIn.UNKNOWN
    found = barrier(person, places, when)
    if found is None:
        return WayIn.OPEN
    return WayIn.SHUT if found.code == "zone_cannot_leave" else WayIn.PASS


def against(
    person: Lent, requires: Sequence[str], places: Iterable[Whereabouts], when: Interval, day: date
) -> list[Refusal]:
    """Every reason against receiving the person for a role that needs these qualifications."""
    missing = [Refusal("unqualified", {"qualification": slug}) for slug in lacking(requires, person.held, day)]
    found = barrier(person, places, when)
    return missing + ([found] if found else [])


def quarter_of(text: str) -> tuple[int, int] | None:
    """Year and quarter of "2026-4"; None for anything else."""
    year, _dash, number = text.partition("-")
    ok = len(year) == 4 and year.isascii() and year.isdigit() and number in {"1", "2", "3", "4"}
    return (int(year), int(number)) if ok and int(year) > 0 else None


def span_of_quarter(year: int, number: int, zone: tzinfo) -> tuple[datetime, datetime]:
    first = datetime(year, 3 * number - 2, 1, tzinfo=zone)
    return first, datetime(year + number // 4, 3 * (number % 4) + 1, 1, tzinfo=zone)
