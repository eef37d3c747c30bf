"""`python -m staffing.matching`: the loops are compiled where they are not yet, so that nobody waits a minute for the first
plan after an installation.
"""

import numpy as np

from staffing.matching.company import Wishes, in_company
from staffing.matching.construction import adopt
from staffing.matching.problems import Problem, empty, index, problem
from staffing.matching.solve import SMALL, solve
from staffing.matching.stability import repair, sorted_pairs

PEOPLE, ROWS, SLOTS = 2 * SMALL, 40, 4  # one part, too large to be solved exactly


def rehearsal() -> Problem:
    """Everybody could stand anywhere, once a day, and there are too few of them."""
    start = np.arange(SLOTS) * 1440
    return problem(
        ptr=np.arange(PEOPLE + 1) * ROWS,
        row=np.tile(np.arange(ROWS), PEOPLE),
        cost=np.random.default_rng(0).integers(0, 240, PEOPLE * ROWS),
        slot=np.arange(ROWS) % SLOTS,
        seats=np.full(ROWS, PEOPLE // 8),
        weight=np.full(ROWS, 2000),
        start=start,
        end=start + 180,
        day=np.arange(SLOTS),
        clash=np.eye(SLOTS, dtype=bool)[None],
        rest=np.zeros(PEOPLE, int),
        day_minutes=np.full(PEOPLE, 480),
        all_minutes=np.full(PEOPLE, 720),
        load=np.zeros(PEOPLE, int),
        fairness=np.array([0, 15]),
    )


def rehearse() -> None:
    """Once through everything that a proposal asks of this package."""
    p = rehearsal()
    ix, plan = index(p), solve(p)
    pairs = sorted_pairs(p, solve(p, kept=plan.pairs, pay=plan.pay).pairs)
    wishes = Wishes(
        point=np.arange(ROWS, dtype=np.int32) // SLOTS,
        seasoned=np.arange(PEOPLE) % 20 == 0,
        settled=np.zeros(ROWS // SLOTS, dtype=np.bool_),
        mates=np.array([[0, 1], [2, 3]], dtype=np.int32),
    )
    state = empty(p)
    adopt(p, ix, state, in_company(p, pairs, wishes).astype(np.int32))
    repair(p, ix, plan.pay, state, np.array([0]))


if __name__ == "__main__":
    rehearse()
