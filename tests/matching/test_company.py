import numpy as np
import pytest

from staffing.matching.company import WORTH, guided
from staffing.matching.construction import adopt
from staffing.matching.problems import empty, index, objective, problem
from staffing.matching.solve import solve
from staffing.matching.stability import sorted_pairs
from tests.matching.worlds import posed


def two_points(extra: int = 0):
    """Three people and two points at one hour: two seats at the first, one at the second. Whoever changes place pays
    `extra`.
    """
    cost = np.array([0, extra, 0, extra, extra, 0])
    return problem(
        ptr=np.array([0, 2, 4, 6]), row=np.array([0, 1] * 3), cost=cost, slot=np.array([0, 0]), seats=np.array([2, 1]),
        weight=np.array([2000, 2000]), start=np.array([0]), end=np.array([180]), day=np.array([0]),
        clash=np.ones((1, 1, 1), dtype=bool), rest=np.zeros(3, int), day_minutes=np.full(3, 480),
        all_minutes=np.full(3, 480), load=np.zeros(3, int), fairness=np.array([0, 15]),
    )  # fmt: skip


def improved(p, seasoned, settled=(False, False)):
    plan = np.array([0, 2, 5])  # the first two at the first point, the third at the second
    found = guided(p, plan, np.array([0, 1], np.int32), np.array(seasoned), np.array(settled))
    return found.tolist()


def test_of_two_experienced_people_one_goes_to_the_point_that_has_none():
    assert improved(two_points(), (True, True, False)) in ([0, 3, 4], [1, 2, 4])


def test_nobody_is_moved_for_more_than_it_is_worth():
    assert improved(two_points(WORTH // 2), (True, True, False)) != [0, 2, 5]
    assert improved(two_points(WORTH // 2 + 1), (True, True, False)) == [0, 2, 5]


def test_no_point_loses_its_last_experienced_person():
    assert improved(two_points(), (True, False, False)) == [0, 2, 5]
    assert improved(two_points(), (True, False, False), settled=(True, False)) == [1, 2, 4]


def test_where_somebody_experienced_stands_already_nobody_is_moved():
    assert improved(two_points(), (True, True, False), settled=(False, True)) == [0, 2, 5]


@pytest.mark.parametrize("seed", range(8))
def test_exchanges_keep_every_rule_every_seat_and_everybodys_hours(seed):
    raw, p = posed(seed)
    before = sorted_pairs(p, solve(p, seed=seed).pairs).astype(np.int64)
    point = raw["dp"].astype(np.int32)
    seasoned = np.random.default_rng(seed).random(p.people) < 0.3
    settled = np.zeros(point.max() + 1, dtype=bool)
    after = guided(p, before, point, seasoned, settled)

    ix, state = index(p), empty(p)
    assert len(adopt(p, ix, state, after.astype(np.int32))) == len(before)
    hours = [sorted(zip(ix.person[pairs], p.slot[p.row[pairs]], strict=True)) for pairs in (before, after)]
    seats = [np.bincount(p.row[pairs], minlength=p.rows).tolist() for pairs in (before, after)]
    assert (hours[0], seats[0]) == (hours[1], seats[1])
    with_one = [set(point[p.row[pairs[seasoned[ix.person[pairs]]]]].tolist()) for pairs in (before, after)]
    assert with_one[0] <= with_one[1]
    gained = len(with_one[1]) - len(with_one[0])
    assert objective(p, after) - objective(p, before) <= gained * WORTH
    assert guided(p, before, point, seasoned, settled).tolist() == after.tolist()
