"""What is agreed stays, unless moving it is worth more than the cost of a change."""

from typing import NamedTuple

import numpy as np

from staffing.matching.construction import adopt
from staffing.matching.ejection import LEAST, LIMIT
from staffing.matching.kernels import SCALE, mend
from staffing.matching.problems import Array, Index, Int32s, Ints, Problem, State, empty, held_pairs

CHANGE = 100  # points: cost of moving one agreed placement in a new plan for all
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

    They get nothing new. O(pairs + chains); a chain per seat that became free.
    """
    before = held_pairs(state)
    out = np.isin(ix.person[before], cancelled)
    rows = np.unique(p.row[before[out]])
    stable = keeping(p, before[~out], change)
    without = stable._replace(all_minutes=barred(p, cancelled))
    fresh = empty(p)
    adopt(p, ix, fresh, before[~out])
    mend(without, ix, pay, (-1 - rows).astype(np.int32), fresh, LIMIT, LEAST * SCALE)
    after = held_pairs(fresh)
    return Repair(fresh, np.setdiff1d(before, after), np.setdiff1d(after, before))


def barred(p: Problem, people: Array) -> Int32s:
    minutes = p.all_minutes.copy()
    minutes[people] = -1
    return minutes
