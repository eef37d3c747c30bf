"""How many people, where and when (domain.md 2.2): from residents, a window and a norm, in whole and exact numbers.

Exact on purpose: rounding up a float can add a lane. In the words of the WHO's staffing method, lane rate × window is
the standard workload, relief an allowance factor, and what a compound needs in any case an individual allowance.
Each number is a Step with its formula's code, its inputs and its source; staffing/phrases.py has the sentences.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Any

from communities.errors import Refusal
from staffing.rules.crews import Option, Posts, people
from staffing.rules.norms import Norm, PostNorm, said
from staffing.rules.steps import Inputs, Ledger, Override, Step
from staffing.states import Basis, Crewing

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
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


def compute(
    norm: Norm, places: Sequence[Place], window: Window, available: int = 0, overrides: Iterable[Override] = ()
) -> Demand:
    """The whole demand. `available`: people already there who may stand on these posts."""
    book = Ledger({each.key: each for each in overrides})
    spots = tuple(place_demand(norm, place, window, book) for place in places)
    blocks = window.cut(
        book.put("blocks", ceil(window.hours / norm.block_hours), "blocks", window=window.hours, block=norm.block_hours)
    )
    needs = tuple(needs_of(norm, spots, window, blocks, book))
    own = [need for need in needs if need.rule.counts]
    count = posts_of(own)
    outside = sum(need.number for need in needs) - count.all
    found = people(norm, count, window.hours, book, available)
    return Demand(
        window=window,
        places=spots,
        needs=needs,
        blocks=blocks,
        **sums(spots, own, outside, found.gap, window, book),
        **{each.name: getattr(found, each.name) for each in fields(found)},
        steps=book.steps,
        warnings=tuple(warnings(norm, spots, needs, window, book)),
    )


def posts_of(own: Sequence[Need]) -> Posts:
    return Posts(
        all=sum(need.number for need in own),
        long=sum(need.number for need in own if len(need.blocks) > 1),
        seats=sum(need.seats for need in own),
        blocks=max((len(need.blocks) for need in own), default=1),
    )


def sums(
    spots: Sequence[PlaceDemand], own: Sequence[Need], outside: int, gap: int, window: Window, book: Ledger
) -> dict[str, Any]:
    """What follows from its parts, and is not open to a better number."""
    posts, hours = sum(need.number for need in own), sum((need.hours for need in own), Fraction())
    return {
        "lanes": book.follow("lanes", sum(at.lanes for at in spots), "sum_of_places"),
        "points": book.follow("points", sum(at.points for at in spots), "sum_of_places"),
        "posts": book.follow("posts", posts, "sum_of_posts"),
        "outside": book.follow("outside", outside, "sum_of_outside"),
        "seats": book.follow(
            "seats", sum(need.seats for need in own), "seats", posts=posts, blocks=book.steps["blocks"].value
        ),
        "person_hours": book.follow("person_hours", hours, "person_hours", posts=posts, window=window.hours),
        "share": book.follow("share", share(gap, posts), "share", gap=gap, posts=posts),
        "share_of_all": book.follow(
            "share_of_all", share(gap, posts + outside), "share_of_all", gap=gap, posts=posts, outside=outside
        ),
    }


def place_demand(norm: Norm, place: Place, window: Window, book: Ledger) -> PlaceDemand:
    """Rounded up per place: people cannot cross a sealed fence."""
    lanes = book.put(
        f"lanes.{place.key}",
        lanes_for(norm, place, window),
        "lanes",
        norm.source("lane_rate"),
        **lane_inputs(norm, place, window),
    )
    points = book.put(
        f"points.{place.key}",
        ceil(Fraction(lanes, norm.lanes_per_point)),
        "points",
        norm.source("lanes_per_point"),
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
