"""Why a seat stays empty, why a person is not chosen, and who would have come next."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from staffing.matching.problems import Array, Bools, Index, Int32s, Ints, Problem, State

PLACED = "all_placed"  # everybody who may is needed elsewhere at the time
HOURS = "hours"  # everybody who may has served enough, or needs the rest
COSTLY = "costly"  # somebody is free, and it costs more than the seat is worth
SEVERAL = "several_rules"  # nobody would do even if any one rule were dropped


class Rule(NamedTuple):
    """A rule of eligibility: for a row, which of some people pass it. Those of a low `rank`, which let few through, are
    asked first.
    """

    name: str
    passes: Callable[[int, Ints], Bools]
    rank: int = 1


class Move(NamedTuple):
    """Somebody who could take the seat, what they would give up, and by how much that is worse."""

    person: int
    rows: tuple[int, ...]
    cost: int


@dataclass(frozen=True)
class Emptiness:
    """Why `seats` of a row are empty: the `binding` rule, and the counts that show it."""

    row: int
    seats: int
    binding: str
    eligible: int
    placed: int
    tired: int
    near: Mapping[str, int] = field(default_factory=dict)  # rule: how many fail it and no other
    move: Move | None = None


class Standing(NamedTuple):
    """The people eligible for a row: pair, person, what they hold, and what of it clashes; who could serve besides."""

    pairs: Array
    people: Array
    held: Array  # [n, K] pairs, -1 for none
    clash: Bools  # [n, K]
    has_hours: Bools  # [n] the hours allow it once what clashes is given up


def standing(p: Problem, ix: Index, state: State, r: int) -> Standing:
    """O(pairs of the row x K)."""
    pairs = ix.by_row[ix.rows[r] : ix.rows[r + 1]]
    people = ix.person[pairs]
    there = np.arange(state.held.shape[1])[None] < state.sizes[people][:, None]
    held = np.where(there, state.held[people], -1)
    s, slots = p.slot[r], p.slot[p.row[np.maximum(held, 0)]]
    clash = there & p.clash[p.rest[people][:, None], slots, s]
    minutes = np.where(there & ~clash, p.minutes[slots], 0)
    today = (minutes * (p.day[slots] == p.day[s])).sum(axis=1) + p.minutes[s]
    fine = (minutes.sum(axis=1) + p.minutes[s] <= p.all_minutes[people]) & (today <= p.day_minutes[people, p.day[s]])
    return Standing(pairs, people, held, clash, fine)


def emptiness(
    p: Problem, ix: Index, state: State, r: int, rules: Sequence[Rule], near: Mapping[str, int] | None = None
) -> Emptiness:
    """Why seats of the row are empty, found by dropping one rule at a time. O(rules x V + pairs of the row x K).

    `near`: by rule how many fail it and no other, where that is known.
    """
    now = standing(p, ix, state, r)
    here = (np.where(now.held >= 0, p.row[np.maximum(now.held, 0)], -1) == r).any(axis=1)
    placed = now.clash.any(axis=1) & ~here
    tired = ~placed & ~here & ~now.has_hours
    if near is None:
        near = {name: len(people) for name, people in near_misses(p, r, rules).items()}
    counts = {name: count for name, count in near.items() if count}
    if len(now.pairs) > here.sum():
        free = len(now.pairs) - here.sum() - placed.sum() - tired.sum()
        binding = COSTLY if free else PLACED if placed.sum() >= tired.sum() else HOURS
    else:
        binding = max(counts, key=counts.__getitem__) if counts else SEVERAL
    return Emptiness(
        row=r,
        seats=int(p.seats[r] - state.used[r]),
        binding=binding,
        eligible=len(now.pairs),
        placed=int(placed.sum()),
        tired=int(tired.sum()),
        near=counts,
        move=cheapest_move(p, r, now, ~here & now.has_hours),
    )


def near_misses(p: Problem, r: int, rules: Sequence[Rule]) -> dict[str, Ints]:
    """By rule, the people who fail that one and no other. O(V + rules x people who fail at most one)."""
    people: Ints = np.arange(p.people)
    failed: Int32s = np.full(p.people, -1, dtype=np.int32)
    for n, rule in sorted(enumerate(rules), key=lambda one: one[1].rank):
        fine = rule.passes(r, people)
        once = failed[people] < 0
        failed[people[~fine & once]] = n
        people = people[fine | once]
    return {rule.name: people[failed[people] == n] for n, rule in enumerate(rules)}


def cheapest_move(p: Problem, r: int, now: Standing, able: Bools) -> Move | None:
    """Who could take the seat at the least loss, if what they give up for it stayed empty."""
    if not able.any():
        return None
    held = np.maximum(now.held, 0)
    lost = (now.clash * (p.weight[p.row[held]] - p.cost[held]).astype(np.int64)).sum(axis=1)
    steps = np.concatenate([[0], np.cumsum(p.fairness, dtype=np.int64)])
    before = (now.held >= 0).sum(axis=1)
    after = before - now.clash.sum(axis=1) + 1
    able = able & (after < len(steps))
    dues = steps[np.minimum(after, len(steps) - 1)] - steps[before] + (after - before) * p.load[now.people]
    change = np.where(able, lost + dues + p.cost[now.pairs] - int(p.weight[r]), np.iinfo(np.int64).max)
    best = int(change.argmin())
    if not able[best]:
        return None
    rows = tuple(int(row) for row in p.row[held[best][now.clash[best]]])
    return Move(int(now.people[best]), rows, int(change[best]))


def hopeless(p: Problem) -> Ints:
    """[S] seats of each slot that nobody could fill even if everybody served in that slot alone: a maximum flow.

    O(pairs sqrt(V)). Source: Hopcroft & Karp 1973, through SciPy.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    ends = p.person_pairs()
    person = np.repeat(np.arange(p.people), np.diff(ends))
    short = np.zeros(len(p.minutes), dtype=np.int64)
    for s in range(len(p.minutes)):
        rows = np.flatnonzero(p.slot == s)
        seat_row = np.repeat(rows, p.seats[rows])
        first = np.zeros(p.rows, dtype=np.int64)
        first[rows] = np.cumsum(p.seats[rows]) - p.seats[rows]
        pairs = np.flatnonzero(p.slot[p.row] == s)
        repeat = p.seats[p.row[pairs]]
        seat = np.repeat(first[p.row[pairs]] - np.cumsum(repeat) + repeat, repeat) + np.arange(repeat.sum())
        shape = (len(seat_row), p.people)
        graph = csr_array((np.ones(len(seat), dtype=np.int8), (seat, np.repeat(person[pairs], repeat))), shape=shape)
        short[s] = len(seat_row) - int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())
    return short
