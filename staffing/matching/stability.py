"""What is agreed stays, unless moving it is worth more than the cost of a change."""

from typing import NamedTuple

import numpy as np

from staffing.matching.ejection import LEAST, LIMIT
from staffing.matching.kernels import SCALE, leave, mend
from staffing.matching.problems import Array, Index, Int32s, Ints, Problem, State, held_pairs

CHANGE = 50  # points: cost of moving one agreed placement in a new plan for all
REPAIR = 2000  # points: the same when a few gaps are closed at once


def keeping(p: Problem, pairs: Array, change: int) -> Problem:
    """The problem in which leaving one of these pairs costs `change` more. Pins are pairs of a high cost of change."""
    cost = p.cost.copy()
    cost[pairs] -= change
    return p._replace(cost=cost)


def sorted_pairs(p: Problem, given: Array) -> Int32s:
    """Pairs in the order they were given in, as pairs of the problem."""
    place = np.empty(len(p.origin), dtype=np.int32)
    place[p.origin] = np.arange(len(p.origin), dtype=np.int32)
    return place[given]


class Repair(NamedTuple):
    state: State
    gone: Ints  # pairs that were held and are not any more
    new: Ints


def repair(p: Problem, ix: Index, pay: Int32s, state: State, cancelled: Array, change: int = REPAIR) -> Repair:
    """Closes the gaps that these people leave, moving as few others as possible; `state` stays.

    They get nothing new. O(pairs, to price what is kept, + chains); a chain per seat that became free.
    """
    fresh = state._replace(**{name: part.copy() for name, part in state._asdict().items()})
    rows = np.unique(p.row[held_by(state, cancelled)])
    for person in cancelled:
        leave(p, int(person), fresh)
    without = keeping(p, held_pairs(fresh), change)._replace(all_minutes=barred(p, cancelled))
    mend(without, ix, pay, (-1 - rows).astype(np.int32), fresh, LIMIT, LEAST * SCALE)
    others = np.flatnonzero((fresh.sizes != state.sizes) | (fresh.held != state.held).any(axis=1))
    before, after = held_by(state, others), held_by(fresh, others)
    return Repair(fresh, np.setdiff1d(before, after), np.setdiff1d(after, before))


def held_by(state: State, people: Array) -> Int32s:
    """The pairs of these people."""
    return state.held[people][np.arange(state.held.shape[1])[None] < state.sizes[people][:, None]]


def barred(p: Problem, people: Array) -> Int32s:
    minutes = p.all_minutes.copy()
    minutes[people] = -1
    return minutes
