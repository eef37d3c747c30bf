"""Who stands with whom: somebody experienced at every point, by exchanges that change nobody's hours."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from staffing.matching.problems import Array, Bools, Int32s, Ints, Problem, index

WORTH = 60  # points that a point with nobody experienced may cost to put right


def guided(p: Problem, pairs: Array, point: Int32s, seasoned: Bools, settled: Bools) -> Ints:
    """The plan (pairs of the problem) with as many more points that have somebody experienced as exchanges can give.

    Two people of one slot change places, if both may, if that is at most `WORTH` points dearer, and if no point loses
    its last experienced person by it: hours, rest and the number of seats filled stay as they are. `point` [R] is where
    a row is, `seasoned` [V] who is experienced, `settled` [points] where somebody experienced stands anyway.
    Greedy, the cheapest exchange of each point in turn. O(seats of points without x pairs of a row).
    """
    return Company(p, pairs, point, seasoned, settled).plan()


class Company:
    """A plan, by person and slot, and how many experienced people each point has."""

    def __init__(self, p: Problem, pairs: Array, point: Int32s, seasoned: Bools, settled: Bools) -> None:
        self.p, self.point, self.seasoned, self.ix = p, point, seasoned, index(p)
        self.seated = {self.seat(pair): pair for pair in pairs.tolist()}
        self.skilled = settled.astype(np.int64)
        here = point[p.row[pairs]]
        np.add.at(self.skilled, here, seasoned[self.ix.person[pairs]])
        self.at: defaultdict[int, list[int]] = defaultdict(list)
        for where, pair in zip(here.tolist(), pairs.tolist(), strict=True):
            self.at[where].append(pair)

    def seat(self, pair: int) -> tuple[int, int]:
        return int(self.ix.person[pair]), int(self.p.slot[self.p.row[pair]])

    def plan(self) -> Ints:
        for where in sorted(self.at):
            if not self.skilled[where]:
                found = min(self.exchanges(where), default=None)
                if found and found[0] <= WORTH:
                    self.swap(*found[1:])
        return np.array(sorted(self.seated.values()), dtype=np.int64)

    def exchanges(self, where: int) -> Iterator[tuple[int, int, int, int, int]]:
        """What each costs, the two pairs that end and the two that begin."""
        p, cost = self.p, self.p.cost
        for mine in self.at[where]:
            if self.seated.get(self.seat(mine)) != mine:
                continue
            r = p.row[mine]
            for come in self.ix.by_row[self.ix.rows[r] : self.ix.rows[r + 1]].tolist():
                theirs = self.seated.get(self.seat(come))
                if theirs is None or not self.seasoned[self.ix.person[come]] or not self.spares(theirs):
                    continue
                go = self.pair(int(self.ix.person[mine]), int(p.row[theirs]))
                if go >= 0:
                    extra = int(cost[come]) + int(cost[go]) - int(cost[mine]) - int(cost[theirs])
                    yield extra, mine, theirs, come, go

    def spares(self, pair: int) -> bool:
        """The point of the pair has another experienced person."""
        return bool(self.skilled[self.point[self.p.row[pair]]] > 1)

    def pair(self, person: int, r: int) -> int:
        """The pair of this person and row, or -1."""
        ends = self.p.person_pairs()
        first, last = ends[person], ends[person + 1]
        found: Array = np.flatnonzero(self.p.row[first:last] == r)
        return int(first + found[0]) if len(found) else -1

    def swap(self, mine: int, theirs: int, come: int, go: int) -> None:
        self.seated[self.seat(come)], self.seated[self.seat(go)] = come, go
        self.skilled[self.point[self.p.row[come]]] += 1
        self.skilled[self.point[self.p.row[go]]] -= 1
