"""Who may be proposed for which open seat: what is known of people and seats, what it means to ask somebody unasked,
and what each costs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from communities.errors import Refusal
from communities.rules.reach import Whereabouts, Zone
from staffing.rules.fatigue import DEFAULT, Interval, longest_row, strains
from staffing.rules.secondments import on_duty_there
from staffing.rules.signups import Facts, Person, Place
from volunteers.rules.qualifications import lacking
from volunteers.states import PersonKind

ASKED = frozenset({PersonKind.VOLUNTEER, PersonKind.COMMUNITY_STAFF, PersonKind.GRID_MEMBER, PersonKind.SOCIAL_WORKER})
LONGEST = timedelta(days=DEFAULT.days_in_a_row)  # of a proposal: nobody can be proposed for more days in a row
MOST_SECONDS = 480
SEASONED = 3  # times that make somebody experienced (the mock-up's 来过3次)
# Points of the objective; an empty seat costs thousands, so none of these is worth one.
EMPTY = (8000, 4000, 2000)  # who leads a site, a post that needs training, any other
WAY = (240, 240, 120, 60, 20)  # by how many areas from the root down home and place share; 0 within one fence
UNKNOWN_WAY = 100
UNPRACTISED = 30  # each qualification that helps and is not there
UNASKED = 40  # not in line for this call
WEARY = 10  # each hour served in the last month, up to 20
MOST_WEARY = 20
OFTEN = (0, 15, 45, 90, 150, 225)  # a person's second, third … seat


@dataclass(frozen=True, slots=True)
class HomeZone:
    zone: Zone
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be proposed. The duties of `person` are those of their seats; `asked` are open offers.

    `areas`: those they have checked in with or are lent to, with all above them. `away`: to whom their community lends
    them on. `shifts`: where they have, or had, a place. `unwilling`: calls they said no to. `waits`: calls in which they are in line. `hours`: served lately. `times`: they have served in all.
    """

    person: Person
    zones: tuple[HomeZone, ...] = ()
    areas: frozenset[int] = frozenset()
    lent: tuple[tuple[int, Interval], ...] = ()
    away: tuple[tuple[int, Interval], ...] = ()
    reachable: bool = True
    asked: tuple[Interval, ...] = ()
    shifts: frozenset[int] = frozenset()
    unwilling: frozenset[int] = frozenset()
    waits: frozenset[int] = frozenset()
    hours: int = 0
    times: int = 0

    @property
    def seasoned(self) -> bool:
        """They can show others how it is done."""
        return self.times >= SEASONED

    @property
    def busy(self) -> tuple[Interval, ...]:
        return tuple(sorted({*self.person.duties, *self.asked})) if self.asked else self.person.duties

    def home(self, when: Interval) -> Whereabouts:
        """Where they live, with the zones that touch the time."""
        if not self.zones:
            return self.person.home
        zones = tuple(one.zone for one in self.zones if one.start < when.end and (not one.end or one.end > when.start))
        return replace(self.person.home, zones=zones)


@dataclass(frozen=True, slots=True)
class Opening:
    """A post with free seats. `pool`: the area whose people may be proposed for it. `guided`: somebody experienced has a
    seat in the shift already.
    """

    place: Place
    now: datetime
    pool: int
    call: int | None = None
    leads: bool = False
    guided: bool = False

    @property
    def when(self) -> Interval:
        """What is left of it."""
        here = self.place.interval
        return Interval(min(max(here.start, self.now), here.end), here.end)

    @property
    def priority(self) -> int:
        return 0 if self.leads else 1 if self.place.requires else 2


def facts(candidate: Candidate, opening: Opening) -> Facts:
    """The case as the checks of sign-up see it; open offers count as if they were accepted."""
    person, duties = candidate.person, candidate.busy
    home = candidate.home(opening.when) if candidate.zones else person.home
    if duties is not person.duties or home is not person.home:
        person = replace(person, duties=duties, home=home)
    return Facts(person, opening.place, opening.now, by_staff=True)


def direct(candidate: Candidate, opening: Opening) -> bool:
    """Seconded there at that time: placed at once. Anybody else is asked."""
    areas, when = opening.place.where.areas, opening.place.interval
    lent = on_duty_there(candidate.lent, candidate.away, areas, when) is not None
    return candidate.person.kind is PersonKind.SECONDED and lent


def asked_or_placed(candidate: Candidate, opening: Opening) -> list[Refusal]:
    """Lent people serve where they are lent; others are asked if they can be reached and agreed to be, and while their
    community lends them on, by that other one alone.
    """
    if candidate.person.kind is PersonKind.SECONDED:
        return [] if direct(candidate, opening) else [Refusal("not_lent_here")]
    if not (candidate.reachable and candidate.person.kind in ASKED):
        return [Refusal("not_reachable")]
    areas, when = opening.place.where.areas, opening.place.interval
    away = any(period.overlaps(when) and taker not in areas for taker, period in candidate.away)
    return [Refusal("already_lent")] if away else []


def nearby(candidate: Candidate, opening: Opening) -> list[Refusal]:
    return [] if opening.pool in candidate.areas else [Refusal("lives_too_far")]


def not_asked_before(candidate: Candidate, opening: Opening) -> list[Refusal]:
    """Nobody is asked for a shift where they have a place or had one, nor in a call they said no to."""
    known = opening.place.shift in candidate.shifts or opening.call in candidate.unwilling
    return [Refusal("asked_before")] if known else []


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """Hours of a post, as far as rest and rotation are concerned; `max_block` None: the rotation was overridden."""

    interval: Interval
    day: date
    max_block: timedelta | None


def slot(opening: Opening) -> Slot:
    place = opening.place
    return Slot(place.interval, place.day, None if place.block_override else place.max_block)


def together(slots: Sequence[tuple[Slot, Place]], duties: Sequence[Interval] = ()) -> bool:
    """One person may serve in all of these, beside the duties, in whatever order they say yes."""
    blocks = [one.interval for one, _place in slots]
    for index, (here, place) in enumerate(slots):
        others = [*duties, *blocks[:index], *blocks[index + 1 :]]
        if any(here.interval.overlaps(other) for other in others):
            return False
        if strains(here.interval, others, place.zone, max_block=here.max_block):
            return False
    return True


def open_days(taken: Iterable[date], days: Iterable[date]) -> frozenset[date]:
    """Of these days those on all of which somebody may serve, beside the days taken, without too many in a row."""
    known, found = set(taken), set()
    for day in sorted(days):
        if longest_row(known, day) <= DEFAULT.days_in_a_row:
            known.add(day)
            found.add(day)
    return frozenset(found)


def same_fence(candidate: Candidate, opening: Opening) -> bool:
    home = candidate.person.home.compound
    return home is not None and home == opening.place.where.compound


def far(candidate: Candidate, opening: Opening) -> int:
    """Points for a way out of one's own fence: more the further up the tree of areas home and place meet."""
    home, place = candidate.person.home.areas, opening.place.where.areas
    if not home:
        return UNKNOWN_WAY
    shared = next(
        (n for n, (one, other) in enumerate(zip(home, place, strict=False)) if one != other), min(len(home), len(place))
    )
    return WAY[min(shared, len(WAY) - 1)]


def distance(candidate: Candidate, opening: Opening) -> int:
    """Points for the way: none within one's own fence."""
    return 0 if same_fence(candidate, opening) else far(candidate, opening)


def practice(candidate: Candidate, opening: Opening) -> int:
    place = opening.place
    return UNPRACTISED * len(lacking(place.prefers, candidate.person.held, place.day))


def wish(candidate: Candidate, opening: Opening) -> int:
    return 0 if opening.call in candidate.waits else UNASKED


def weariness(candidate: Candidate) -> int:
    return WEARY * min(candidate.hours, MOST_WEARY)
