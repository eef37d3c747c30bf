"""Who stands with whom: somebody experienced at every point, and people who come together at one, by exchanges."""

from typing import NamedTuple

import numpy as np

from staffing.matching.construction import adopt
from staffing.matching.kernels import Company, Trial, accompany
from staffing.matching.problems import Array, Bools, Int32s, Ints, Problem, empty, held_pairs, index

WORTH = 60  # points that a point with somebody experienced, or one step of closeness, may cost
LIMIT = 5_000  # exchanges that are tried for one wish
PASSES = 4


class Wishes(NamedTuple):
    """What the plan should have besides. People who come together are pairs (person, person)."""

    point: Int32s  # [R] where a row is
    seasoned: Bools  # [V] experienced
    settled: Bools  # [points] somebody experienced stands there anyway
    mates: Array  # [n, 2]


def in_company(p: Problem, pairs: Array, wishes: Wishes) -> Ints:
    """The plan (pairs of the problem) with more points that have somebody experienced, and with people who come
    together closer to each other: two steps for one point, one for the same slot at different points.

    Two or three people change places, or somebody takes a free seat that is worth as much as the one left. No seat is
    emptied for it, rest and hours are kept, no companions are pulled apart and no point loses its last experienced
    person. The plan is at most `WORTH` points dearer for each point and each step gained.
    Greedy: for each wish in turn the exchange that saves most. O(wishes x LIMIT) exchanges a pass.
    """
    ix, state = index(p), empty(p)
    adopt(p, ix, state, np.asarray(pairs, dtype=np.int32))
    company, trial = facts(p, held_pairs(state), wishes), room(p, wishes.mates)
    accompany(p, ix, state, company, trial, WORTH, LIMIT, PASSES)
    return np.sort(held_pairs(state)).astype(np.int64)


def facts(p: Problem, pairs: Array, wishes: Wishes) -> Company:
    points, seasoned = len(wishes.settled), wishes.seasoned
    skilled = wishes.settled.astype(np.int32)
    people = np.searchsorted(p.person_pairs(), pairs, side="right") - 1
    np.add.at(skilled, wishes.point[p.row[pairs]], seasoned[people])
    order = np.argsort(wishes.point, kind="stable").astype(np.int32)
    first, mates = both_ways(wishes.mates, p.people)
    ends = np.concatenate([[0], np.cumsum(np.bincount(wishes.point, minlength=points))])
    return Company(
        np.ascontiguousarray(wishes.point, dtype=np.int32),
        order,
        ends.astype(np.int64),
        seasoned,
        skilled,
        first,
        mates,
    )


def both_ways(mates: Array, people: int) -> tuple[Ints, Int32s]:
    """The companions of each person, as CSR."""
    both = np.unique(np.concatenate([mates, mates[:, ::-1]]).reshape(-1, 2), axis=0)
    both = both[both[:, 0] != both[:, 1]]
    ends = np.concatenate([[0], np.cumsum(np.bincount(both[:, 0], minlength=people))])
    return ends.astype(np.int64), both[:, 1].astype(np.int32)


def room(p: Problem, mates: Array) -> Trial:
    most = 3 * (1 + int(np.bincount(mates.ravel()).max(initial=0)))
    return Trial(
        who=np.zeros(3, dtype=np.int32),
        gives=np.zeros(3, dtype=np.int32),
        takes=np.zeros(3, dtype=np.int32),
        best=np.zeros((3, 3), dtype=np.int32),
        size=np.zeros(1, dtype=np.int64),
        surplus=np.zeros(1, dtype=np.int64),
        left=np.zeros(1, dtype=np.int64),
        held=np.zeros((3, len(p.fairness)), dtype=np.int32),
        sizes=np.zeros(3, dtype=np.int32),
        near=np.zeros(most, dtype=np.int32),
        touched=np.zeros(6, dtype=np.int64),
        guided=np.zeros(6, dtype=np.bool_),
        total=np.zeros(3, dtype=np.int64),
    )
