"""A staffing problem, and a plan for it, as arrays that compiled loops can walk through."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
Array = npt.NDArray[Any]


class Problem(NamedTuple):
    """V people, R rows (a point, role and slot with some seats), S slots in the order of their start, D days.

    The eligible pairs (person, row) are sorted by person and slot. The pairs of one person in one slot are an *option*:
    person v has the options `options[v]:options[v + 1]`, option o the pairs `pairs[o]:pairs[o + 1]`.
    Times are minutes; costs and weights are points of the objective. A shift costs its person
    `fairness[number of shifts before it] + load`, on top of the cost of its pair.
    """

    options: Ints  # [V + 1]
    option_slot: Int32s  # [O]
    pairs: Ints  # [O + 1]
    row: Int32s  # [pairs]
    cost: Int32s  # [pairs] distance, strangeness, less what speaks for keeping the pair
    origin: Int32s  # [pairs] the place of the pair in the order it was given in
    slot: Int32s  # [R]
    seats: Int32s  # [R]
    weight: Int32s  # [R] cost of an unfilled seat
    minutes: Int32s  # [S]
    day: Int32s  # [S]
    clash: Bools  # [kinds of rest, S, S] one person cannot serve in both slots
    rest: Int32s  # [V] kind of rest
    day_minutes: Int32s  # [V, D] at most, per day
    all_minutes: Int32s  # [V] at most, in all
    load: Int32s  # [V] cost of each shift of one who has served much of late
    fairness: Int32s  # [K] cost of a person's k-th shift, rising; nobody gets more than K

    @property
    def people(self) -> int:
        return len(self.rest)

    @property
    def rows(self) -> int:
        return len(self.seats)

    @property
    def unfilled(self) -> int:
        """The objective of the empty plan."""
        return int(self.weight.astype(np.int64) @ self.seats)

    def person_pairs(self) -> Ints:
        """[V + 1] where the pairs of each person begin."""
        return self.pairs[self.options]


class Index(NamedTuple):
    """Whose a pair is, and which pairs a row has: those of row r are `by_row[rows[r]:rows[r + 1]]`."""

    person: Int32s  # [pairs]
    by_row: Int32s  # [pairs]
    rows: Ints  # [R + 1]


class State(NamedTuple):
    """A plan that can change: who holds what, and who sits where."""

    held: Int32s  # [V, K] pairs, the first `sizes[v]` of each
    sizes: Int32s  # [V]
    seat: Ints  # [R + 1] where the seats of each row begin
    seated: Int32s  # [seats] the pair on each seat, the first `used[r]` of each row
    used: Int32s  # [R]


def problem(
    *,
    ptr: Array,
    row: Array,
    cost: Array,
    slot: Array,
    seats: Array,
    weight: Array,
    start: Array,
    end: Array,
    day: Array,
    clash: Array,
    rest: Array,
    day_minutes: Array,
    all_minutes: Array,
    load: Array,
    fairness: Array,
) -> Problem:
    """The pairs in CSR by person (`ptr`, `row`), in any order, brought into the order of slots. O(pairs + V S).

    `clash` is over the slots as given. `day_minutes` may be one limit per person instead of one per person and day.
    """
    from staffing.matching.kernels import arrange

    order = np.lexsort((end, start))
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    ptr, row, slot = ptr.astype(np.int64), np.ascontiguousarray(row, dtype=np.int32), rank[slot]
    origin, options, option_slot, pairs = arrange(ptr, row, slot, len(order))
    days = int(day.max()) + 1 if len(day) else 1
    limit = day_minutes if day_minutes.ndim == 2 else np.repeat(day_minutes[:, None], days, axis=1)
    return Problem(
        options=options,
        option_slot=option_slot,
        pairs=pairs,
        row=row[origin],
        cost=np.ascontiguousarray(cost, dtype=np.int32)[origin],
        origin=origin,
        slot=slot,
        seats=seats.astype(np.int32),
        weight=weight.astype(np.int32),
        minutes=(end - start)[order].astype(np.int32),
        day=day[order].astype(np.int32),
        clash=np.ascontiguousarray(clash[:, order][:, :, order]),
        rest=rest.astype(np.int32),
        day_minutes=np.ascontiguousarray(limit, dtype=np.int32),
        all_minutes=all_minutes.astype(np.int32),
        load=load.astype(np.int32),
        fairness=fairness.astype(np.int32),
    )


def clashes(start: Array, end: Array, rests: Array) -> Bools:
    """[rests, S, S] whether less than the rest lies between two slots; a slot clashes with itself."""
    gap = np.maximum(start[:, None] - end[None, :], start[None, :] - end[:, None])
    found: Bools = gap[None] < rests[:, None, None]
    found[:, np.arange(len(start)), np.arange(len(start))] = True
    return found


def index(p: Problem) -> Index:
    """O(pairs)."""
    from scipy.sparse import csr_array

    ends = p.person_pairs()
    places = np.arange(len(p.row), dtype=np.int32)
    columns = csr_array((places, p.row, ends), shape=(p.people, p.rows)).tocsc()
    person = np.repeat(np.arange(p.people, dtype=np.int32), np.diff(ends))
    return Index(person, columns.data.astype(np.int32), columns.indptr.astype(np.int64))


def empty(p: Problem) -> State:
    return State(
        held=np.zeros((p.people, len(p.fairness)), dtype=np.int32),
        sizes=np.zeros(p.people, dtype=np.int32),
        seat=np.concatenate([[0], np.cumsum(p.seats, dtype=np.int64)]),
        seated=np.zeros(int(p.seats.sum()), dtype=np.int32),
        used=np.zeros(p.rows, dtype=np.int32),
    )


def held_pairs(state: State) -> Int32s:
    """The pairs of the plan, by person."""
    return state.held[np.arange(state.held.shape[1])[None] < state.sizes[:, None]]


def objective(p: Problem, pairs: Array, *, cost: Array | None = None) -> int:
    """Unfilled seats by weight, costs of the pairs, fairness and load: lower is better. `cost` replaces the pairs'."""
    people = np.searchsorted(p.person_pairs(), pairs, side="right") - 1
    shifts = np.bincount(people, minlength=p.people)
    steps = np.concatenate([[0], np.cumsum(p.fairness, dtype=np.int64)])
    price = (p.cost if cost is None else cost)[pairs].sum(dtype=np.int64)
    saved = p.weight[p.row[pairs]].sum(dtype=np.int64)
    return int(p.unfilled - saved + price + steps[shifts].sum() + shifts @ p.load.astype(np.int64))
