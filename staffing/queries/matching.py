"""The open seats of an area and the people who could take them, as the arrays that `staffing.matching` works on.

Workers only: it loads the solver. Every rule is asked of the pure functions of `staffing.rules.fillings`; people who are
alike to a rule are asked about once, and nothing is done pair by pair.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from staffing.matching.problems import Array, Bools, Int32s, Ints, Problem, problem
from staffing.matching.reasons import Rule
from staffing.queries.matching_tables import Table, apart, classes, kinds_of, points, table
from staffing.rules import fillings as rules
from staffing.rules.filling_checks import CHECKS
from staffing.rules.fillings import Candidate, Opening, Slot
from staffing.rules.signups import Place

WHOLE_DAY = 24 * 60
NEARBY = "nearby"
FIRST = {NEARBY: 0, "asked_or_placed": 1}  # let the fewest through
BANNED = "banned"
PIN = 30_000  # points: more than the seats that a pin can be in the way of
ALL_MINUTES = 14 * WHOLE_DAY
NOBODY = np.empty((0, 2), dtype=np.int32)


@dataclass(frozen=True)
class Arrays:
    """One problem with the ids behind its numbers. `allowed`: the tables of the checks; `barred`: pairs (person, row)
    by the name of the rule that keeps them apart.
    """

    people: Ints  # [V] volunteers
    posts: Ints  # [R]
    allowed: dict[str, Table]
    barred: dict[str, Array]  # [n, 2]
    ptr: Ints
    row: Int32s
    cost: Int32s
    slot: Int32s
    seats: Int32s
    weight: Int32s
    start: Ints  # minutes
    end: Ints
    day: Int32s
    clash: Bools
    day_minutes: Int32s
    load: Int32s
    point: Int32s  # [R] in which shift each post is
    seasoned: Bools  # [V] experienced
    settled: Bools  # [points] somebody experienced has a seat there already
    kept: Ints  # pairs of the proposal before, or nothing
    pinned: Ints
    mates: Array = field(default_factory=lambda: NOBODY)  # [n, 2] people who come together

    def rules(self) -> list[Rule]:
        asked = [Rule(name, table.of, FIRST.get(name, 2)) for name, table in self.allowed.items()]
        return asked + [Rule(name, apart(pairs, len(self.people)), 2) for name, pairs in self.barred.items()]

    @property
    def kinds(self) -> Ints:
        """[R] posts of the same kind have the same people for the same reasons."""
        return kinds_of(self.allowed.values(), self.barred.values(), len(self.posts))

    def problem(self) -> Problem:
        people = len(self.people)
        cost = self.cost.copy()
        cost[self.pinned] -= PIN
        return problem(
            ptr=self.ptr,
            row=self.row,
            cost=cost,
            slot=self.slot,
            seats=self.seats,
            weight=self.weight,
            start=self.start,
            end=self.end,
            day=self.day,
            clash=self.clash,
            rest=np.zeros(people, dtype=np.int32),
            day_minutes=self.day_minutes,
            all_minutes=np.full(people, ALL_MINUTES, dtype=np.int32),
            load=self.load,
            fairness=np.array(rules.OFTEN, dtype=np.int32),
        )


def arrays(
    people: Sequence[Candidate],
    posts: Sequence[Opening],
    *,
    banned: Iterable[tuple[int, int]] = (),
    kept: Iterable[tuple[int, int]] = (),
    pinned: Iterable[tuple[int, int]] = (),
    mates: Iterable[tuple[int, int]] = (),
) -> Arrays:
    """The problem of these people and posts; pairs are (volunteer, post), `mates` pairs of volunteers who come together.
    O(classes^2 + V R + S^2).
    """
    of_person = {candidate.person.volunteer: v for v, candidate in enumerate(people)}
    of_post = {opening.place.post: r for r, opening in enumerate(posts)}
    allowed = {check.name: table(check, people, posts) for check in CHECKS}
    barred = {BANNED: numbers(banned, of_person, of_post)}
    ptr, row, cost = pairs(people, posts, allowed, barred)
    slot, slots = slots_of(posts)
    point, shifts = classes(posts, lambda opening: opening.place.shift)
    days, day = days_of(slots)
    return Arrays(
        people=np.array([candidate.person.volunteer for candidate in people], dtype=np.int64),
        posts=np.array([opening.place.post for opening in posts], dtype=np.int64),
        allowed=allowed,
        barred=barred,
        ptr=ptr,
        row=row,
        cost=cost,
        slot=slot,
        seats=np.array([opening.place.room for opening in posts], dtype=np.int32),
        weight=np.array([rules.EMPTY[opening.priority] for opening in posts], dtype=np.int32),
        start=np.array([minute(one.interval.start) for one, _place in slots], dtype=np.int64),
        end=np.array([minute(one.interval.end, up=True) for one, _place in slots], dtype=np.int64),
        day=day,
        clash=clashes(slots),
        day_minutes=day_minutes(people, days),
        load=np.array([rules.weariness(candidate) for candidate in people], dtype=np.int32),
        point=point,
        seasoned=np.array([candidate.seasoned for candidate in people], dtype=np.bool_),
        settled=np.array([opening.guided for opening in shifts], dtype=np.bool_),
        kept=places(ptr, row, numbers(kept, of_person, of_post)),
        pinned=places(ptr, row, numbers(pinned, of_person, of_post)),
        mates=numbers(mates, of_person, of_person),
    )


def numbers(given: Iterable[tuple[int, int]], of_person: dict[int, int], of_other: dict[int, int]) -> Array:
    """[n, 2] the pairs by their places in the arrays; who or what is not there is left out."""
    found = sorted((of_person[v], of_other[p]) for v, p in given if v in of_person and p in of_other)
    return np.array(found, dtype=np.int32).reshape(-1, 2)


def places(ptr: Ints, row: Int32s, wanted: Array) -> Ints:
    """Where the wanted pairs stand among the eligible ones; those that are not eligible are left out."""
    found = []
    for person, r in wanted.tolist():
        mine = row[ptr[person] : ptr[person + 1]]
        at = int(np.searchsorted(mine, r))
        if at < len(mine) and mine[at] == r:
            found.append(int(ptr[person]) + at)
    return np.array(found, dtype=np.int64)


def pairs(
    people: Sequence[Candidate], posts: Sequence[Opening], allowed: dict[str, Table], barred: dict[str, Array]
) -> tuple[Ints, Int32s, Int32s]:
    """The eligible pairs in CSR by person, with what each costs."""
    whom = eligible(allowed, barred, len(people), len(posts))
    row = np.repeat(np.arange(len(posts), dtype=np.int32), [len(here) for here in whom])
    person = np.concatenate([*whom, np.empty(0, dtype=np.int64)])
    order = np.argsort(person, kind="stable")
    person, row = person[order], row[order]
    ptr = np.concatenate([[0], np.cumsum(np.bincount(person, minlength=len(people)))]).astype(np.int64)
    return ptr, row, prices(people, posts, person, row)


def eligible(allowed: dict[str, Table], barred: dict[str, Array], people: int, posts: int) -> list[Ints]:
    """For each post the people that every table lets there. O(kinds of posts x people nearby)."""
    away = [apart(found, people) for found in barred.values()]
    kinds = kinds_of(allowed.values(), barred.values(), posts) if posts else np.empty(0, dtype=np.int64)
    near, others = allowed[NEARBY], [one for name, one in allowed.items() if name != NEARBY]
    nearby: dict[tuple[int, int], Ints] = {}
    found: dict[int, Ints] = {}
    for r, kind in enumerate(kinds.tolist()):
        if kind in found:
            continue
        spot = int(near.post[r]), int(near.near_post[r])
        if spot not in nearby:
            nearby[spot] = np.flatnonzero(near.of(r))
        here = nearby[spot]
        for one in others:
            here = here[one.of(r, here)]
        for passes in away:
            here = here[passes(r, here)]
        found[kind] = here
    return [found[kind] for kind in kinds.tolist()]


def prices(people: Sequence[Candidate], posts: Sequence[Opening], person: Ints, row: Int32s) -> Int32s:
    """What each pair costs: the way out of one's own fence, and what else makes it dearer."""
    home = np.array([one.person.home.compound or 0 for one in people], dtype=np.int64)
    fence = np.array([one.place.where.compound or -1 for one in posts], dtype=np.int64)
    way = points(rules.far, lambda c: c.person.home.areas, lambda o: o.place.where.areas, people, posts, person, row)
    able = points(
        rules.practice, lambda c: c.person.held, lambda o: (o.place.prefers, o.place.day), people, posts, person, row
    )
    line = points(rules.wish, lambda c: c.waits, lambda o: o.call, people, posts, person, row)
    return (np.where(home[person] == fence[row], 0, way) + able + line).astype(np.int32)


def slots_of(posts: Sequence[Opening]) -> tuple[Int32s, list[tuple[Slot, Place]]]:
    """Which slot each post is in, and the slots."""
    number, first = classes(posts, rules.slot)
    return number, [(rules.slot(opening), opening.place) for opening in first]


def clashes(slots: Sequence[tuple[Slot, Place]]) -> Bools:
    """[1, S, S] in which two slots one person cannot serve, as the rules of rest say."""
    found = np.ones((1, len(slots), len(slots)), dtype=np.bool_)
    for one in range(len(slots)):
        for other in range(one):
            apart_ = not rules.together([slots[one], slots[other]])
            found[0, one, other] = found[0, other, one] = apart_
    return found


def days_of(slots: Sequence[tuple[Slot, Place]]) -> tuple[list[tuple[Slot, Place]], Int32s]:
    """A slot of each day in order, and the number of each slot's day."""
    days = sorted({one.day for one, _place in slots})
    first = {one.day: (one, place) for one, place in reversed(slots)}
    return [first[day] for day in days], np.array([days.index(one.day) for one, _place in slots], dtype=np.int32)


def day_minutes(people: Sequence[Candidate], days: Sequence[tuple[Slot, Place]]) -> Int32s:
    """[V, D] nothing on days that would make too many in a row; otherwise the rules of rest suffice."""
    found = np.full((len(people), max(1, len(days))), WHOLE_DAY, dtype=np.int32)
    if not days:
        return found
    zone, dates = days[0][1].zone, [one.day for one, _place in days]
    for v, candidate in enumerate(people):
        if candidate.busy:
            taken = {block.start.astimezone(zone).date() for block in candidate.busy}
            fine = rules.open_days(taken, dates)
            found[v] = [WHOLE_DAY if day in fine else 0 for day in dates]
    return found


def minute(instant: datetime, *, up: bool = False) -> int:
    seconds = int(instant.timestamp())
    return -(-seconds // 60) if up else seconds // 60
