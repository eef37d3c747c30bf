"""How many people, where and when (domain.md 2.2): from residents, a window and a norm, in whole and exact numbers.

Exact on purpose: rounding up a float can add a lane. In the words of the WHO's staffing method, lane rate × window is
the standard workload, relief an allowance factor, and what a compound needs in any case an individual allowance.
Each number is a Step with its formula's code, its inputs and its source; staffing/phrases.py has the sentences.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil

from communities.errors import Refusal
from staffing.rules.norms import Norm, PostNorm, said
from staffing.states import Basis, Crewing

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
type Inputs = dict[str, int | Fraction | str]
WHOLE_PLAN = None  # the place of what is needed once, wherever it stands


@dataclass(frozen=True, slots=True)
class Place:
    """A compound, a village, a stretch of the course: people on one side of a fence. `key` is its id."""

    key: int
    residents: int
    households: int | None = None
    entrances: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open [start, end) in which all has to be done."""

    start: datetime
    end: datetime

    @property
    def hours(self) -> Fraction:
        length = self.end.astimezone(UTC) - self.start.astimezone(UTC)
        return Fraction(length // timedelta(microseconds=1), HOUR // timedelta(microseconds=1))

    def cut(self, count: int) -> "tuple[Window, ...]":
        """Into `count` equal parts, to the minute."""
        start, end = self.start.astimezone(UTC), self.end.astimezone(UTC)
        edges = [start + (end - start) * n // count // MINUTE * MINUTE for n in range(count)]
        return tuple(Window(*edge) for edge in zip(edges, [*edges[1:], end], strict=True))


@dataclass(frozen=True, slots=True)
class Override:
    """A number that people know better. `key` names a Step; the reason stays with the plan."""

    key: str
    value: int
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """One number: how it came about, and what was put in its place and why."""

    key: str
    value: int | Fraction
    formula: str
    inputs: Mapping[str, int | Fraction | str]
    source: str = ""
    computed: int | Fraction = 0
    reason: str = ""
    open: bool = True  # may be overridden; a sum follows its parts

    @property
    def overridden(self) -> bool:
        return bool(self.reason)


@dataclass(frozen=True, slots=True)
class PlaceDemand:
    place: Place
    lanes: int
    points: int
    households: Fraction


@dataclass(frozen=True, slots=True)
class Need:
    """Posts of one rule at one place (None: for the whole plan), to be filled in each of the blocks."""

    rule: PostNorm
    place: int | None
    number: int
    units: int
    blocks: tuple[Window, ...]

    @property
    def seats(self) -> int:
        return self.number * len(self.blocks)

    @property
    def hours(self) -> Fraction:
        return self.number * sum((block.hours for block in self.blocks), Fraction())


@dataclass(frozen=True, slots=True)
class Option:
    """A way to staff the window: how many people it takes, and how many of them are still to be found."""

    crewing: Crewing
    people: int
    gap: int
    crews: int
    relief: int = 0
    needs_override: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    window: Window
    places: tuple[PlaceDemand, ...]
    needs: tuple[Need, ...]
    blocks: tuple[Window, ...]
    lanes: int
    points: int
    posts: int
    outside: int
    seats: int
    person_hours: Fraction
    relief: int
    standby: int
    headcount: int
    available: int
    gap: int
    share: Fraction
    share_of_all: Fraction
    options: tuple[Option, ...]
    steps: Mapping[str, Step]
    warnings: tuple[Refusal, ...]

    def option(self, crewing: Crewing | str) -> Option:
        return next(option for option in self.options if option.crewing == crewing)

    def of(self, role: str) -> int:
        """Posts of the role, everywhere."""
        return sum(need.number for need in self.needs if need.rule.role == role)

    def at(self, place: int | None, *, basis: Basis | None = None) -> int:
        """The community's own posts at the place."""
        return sum(
            need.number
            for need in self.needs
            if need.rule.counts and need.place == place and basis in (None, need.rule.basis)
        )


@dataclass(slots=True)
class Ledger:
    """Writes down each number, or what was put in its place."""

    overrides: Mapping[str, Override]
    steps: dict[str, Step] = field(default_factory=dict)

    def put(self, key: str, value: int, formula: str, source: str = "", **inputs: int | Fraction | str) -> int:
        known = self.overrides.get(key)
        chosen = known.value if known else value
        self.steps[key] = Step(key, chosen, formula, inputs, source, value, known.reason if known else "")
        return chosen

    def follow[Number: (int, Fraction)](
        self, key: str, value: Number, formula: str, **inputs: int | Fraction | str
    ) -> Number:
        self.steps[key] = Step(key, value, formula, inputs, computed=value, open=False)
        return value

    def unused(self) -> Iterator[Refusal]:
        for key in self.overrides:
            if key not in self.steps or not self.steps[key].open:
                yield Refusal("override_unused", {"key": key})


def compute(
    norm: Norm, places: Sequence[Place], window: Window, available: int = 0, overrides: Iterable[Override] = ()
) -> Demand:
    """The whole demand. `available`: people already there who may stand on these posts."""
    book = Ledger({each.key: each for each in overrides})
    found = tuple(place_demand(norm, place, window, book) for place in places)
    blocks = window.cut(
        book.put("blocks", ceil(window.hours / norm.block_hours), "blocks", window=window.hours, block=norm.block_hours)
    )
    needs = tuple(needs_of(norm, found, window, blocks, book))
    own = [need for need in needs if need.rule.counts]
    posts = book.follow("posts", sum(need.number for need in own), "sum_of_posts")
    outside = book.follow("outside", sum(need.number for need in needs) - posts, "sum_of_outside")
    people = crews(norm, own, window, book, posts, available)
    return Demand(
        window=window,
        places=found,
        needs=needs,
        blocks=blocks,
        lanes=book.follow("lanes", sum(place.lanes for place in found), "sum_of_places"),
        points=book.follow("points", sum(place.points for place in found), "sum_of_places"),
        posts=posts,
        outside=outside,
        seats=book.follow("seats", sum(need.seats for need in own), "seats", posts=posts, blocks=len(blocks)),
        person_hours=book.follow(
            "person_hours",
            sum((need.hours for need in own), Fraction()),
            "person_hours",
            posts=posts,
            window=window.hours,
        ),
        share=book.follow("share", share(people.gap, posts), "share", gap=people.gap, posts=posts),
        share_of_all=book.follow(
            "share_of_all",
            share(people.gap, posts + outside),
            "share_of_all",
            gap=people.gap,
            posts=posts,
            outside=outside,
        ),
        relief=people.relief,
        standby=people.standby,
        headcount=people.headcount,
        available=people.available,
        gap=people.gap,
        options=people.options,
        steps=book.steps,
        warnings=tuple(warnings(norm, found, needs, window, book)),
    )


def place_demand(norm: Norm, place: Place, window: Window, book: Ledger) -> PlaceDemand:
    """Rounded up per place: people cannot cross a sealed fence."""
    lanes = book.put(
        f"lanes.{place.key}",
        lanes_for(norm, place, window),
        "lanes",
        source_of(norm, "lane_rate"),
        **lane_inputs(norm, place, window),
    )
    points = book.put(
        f"points.{place.key}",
        ceil(Fraction(lanes, norm.lanes_per_point)),
        "points",
        source_of(norm, "lanes_per_point"),
        lanes=lanes,
        per=norm.lanes_per_point,
    )
    known = place.households if place.households is not None else Fraction(place.residents) / norm.household_size
    return PlaceDemand(place, lanes, points, Fraction(known))


def lanes_for(norm: Norm, place: Place, window: Window) -> int:
    if norm.lane_rate is None:
        return 0
    return max(1, ceil(place.residents * (1 - norm.home_share) / (norm.lane_rate * window.hours)))


def lane_inputs(norm: Norm, place: Place, window: Window) -> Inputs:
    return {
        "residents": place.residents,
        "home_share": norm.home_share,
        "rate": norm.lane_rate or 0,
        "window": window.hours,
    }


def source_of(norm: Norm, name: str) -> str:
    return norm.ranges[name].source if name in norm.ranges else ""


def needs_of(
    norm: Norm, places: Sequence[PlaceDemand], window: Window, blocks: tuple[Window, ...], book: Ledger
) -> Iterator[Need]:
    for rule in norm.rules:
        cut = blocks if rule.block is None else window.cut(ceil(window.hours / rule.block))
        for place in [WHOLE_PLAN] if rule.basis is Basis.FIXED else places:
            many = measure(rule.basis, place)
            units = ceil(many / rule.per)
            key = f"posts.{rule.role}" + (f".{place.place.key}" if place else "")
            inputs: Inputs = {"many": many, "per": rule.per, "quantity": rule.quantity, "basis": str(rule.basis)}
            number = book.put(key, rule.quantity * units, f"per_{rule.basis}", rule.range.source, **inputs)
            yield Need(rule, place.place.key if place else WHOLE_PLAN, number, units, cut)


def measure(basis: Basis, at: PlaceDemand | None) -> Fraction:
    """How many of the basis there are at the place."""
    if at is None or basis is Basis.COMPOUND:
        return Fraction(1)
    return {
        Basis.LANE: Fraction(at.lanes),
        Basis.POINT: Fraction(at.points),
        Basis.HOUSEHOLD: at.households,
        Basis.RESIDENT: Fraction(at.place.residents),
        Basis.ENTRANCE: Fraction(at.place.entrances),
    }[basis]


@dataclass(frozen=True, slots=True)
class People:
    relief: int
    standby: int
    headcount: int
    available: int
    gap: int
    options: tuple[Option, ...]


def crews(norm: Norm, own: Sequence[Need], window: Window, book: Ledger, posts: int, available: int) -> People:
    """From posts to people: who relieves them, who stands by, how many a long day takes, how many are missing."""
    hours = window.hours
    long = sum(need.number for need in own if len(need.blocks) > 1)
    relief = book.put(
        "relief",
        relief_for(long, norm, hours),
        "relief",
        source_of(norm, "break_hours"),
        posts=long,
        window=hours,
        pause=norm.break_hours,
    )
    standby = book.put(
        "standby",
        ceil(posts * norm.standby_share),
        "standby",
        source_of(norm, "standby_share"),
        posts=posts,
        share=norm.standby_share,
    )
    headcount = book.put(
        "headcount",
        ceil(posts * hours / min(hours, norm.day_hours)),
        "headcount",
        source_of(norm, "day_hours"),
        posts=posts,
        window=hours,
        day=norm.day_hours,
    )
    there = book.put("available", available, "available")
    gap = book.put("gap", max(0, posts - there), "gap", posts=posts, available=there)
    return People(relief, standby, headcount, there, gap, options(own, headcount, relief, there))


def relief_for(posts: int, norm: Norm, hours: Fraction) -> int:
    """People more, so that everybody in back-to-back blocks gets a break in turn."""
    return ceil(posts * hours / (hours - norm.break_hours)) - posts if posts else 0


def options(own: Sequence[Need], headcount: int, relief: int, available: int) -> tuple[Option, ...]:
    """The same people in every block; the same with relief, so that each rests in turn; a crew for each block."""
    crews = max((len(need.blocks) for need in own), default=1)
    seats = max(headcount, sum(need.seats for need in own))

    def gap(people: int) -> int:
        return max(0, people - available)

    return (
        Option(Crewing.SAME_CREW, headcount, gap(headcount), 1, needs_override=crews > 1),
        Option(Crewing.STAGGERED, headcount + relief, gap(headcount + relief), 1, relief=relief),
        Option(Crewing.TWO_CREWS, seats, gap(seats), crews),
    )


def share(gap: int, of: int) -> Fraction:
    """The volunteers' part of all hours, once the gap is filled."""
    return Fraction(gap, of) if of else Fraction()


def warnings(
    norm: Norm, places: Sequence[PlaceDemand], needs: Sequence[Need], window: Window, book: Ledger
) -> Iterator[Refusal]:
    """What a lead should know, and may decide otherwise about."""
    yield from book.unused()
    yield from guided(norm, places, needs)
    for name, value, known in norm.numbers():
        if not known.holds(value):
            yield Refusal(
                "outside_range", {"name": name, "value": said(value), "low": said(known.low), "high": said(known.high)}
            )
    if window.hours > norm.block_hours:
        yield Refusal("longer_than_block", {"hours": said(window.hours), "limit": said(norm.block_hours)})
    for at in places:
        if at.place.households is None and any(rule.basis is Basis.HOUSEHOLD for rule in norm.rules):
            yield Refusal("households_estimated", {"place": at.place.key, "households": ceil(at.households)})


def guided(norm: Norm, places: Sequence[PlaceDemand], needs: Sequence[Need]) -> Iterator[Refusal]:
    """Where the plan differs from a guide's figures."""
    residents = sum(at.place.residents for at in places)
    have = {"points": sum(at.points for at in places), "lanes": sum(at.lanes for at in places)}
    for check in norm.checks:
        value = (
            have[check.what]
            if check.what in have
            else sum(need.number for need in needs if need.rule.role == check.what)
        )
        low, high = ceil(residents / check.high), ceil(residents / check.low)
        if not low <= value <= high:
            facts = {"what": check.what, "value": value, "low": low, "high": high, "source": check.source}
            yield Refusal("guide_differs", facts)
