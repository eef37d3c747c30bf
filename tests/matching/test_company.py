"""Somebody experienced at each point, and people who come together at one: what exchanges reach, and what they keep."""

from collections import Counter
from itertools import combinations, product

import numpy as np
import pytest

from staffing.matching.company import WORTH, Wishes, in_company
from staffing.matching.construction import adopt
from staffing.matching.problems import empty, index, objective, problem
from staffing.matching.solve import solve
from staffing.matching.stability import sorted_pairs
from tests.matching.worlds import posed

pytestmark = pytest.mark.timeout(400)  # the first exchange after a change of the loops compiles them
NONE = np.empty((0, 2), dtype=np.int32)


def of(slots, seats, eligible, cost=0, weight=2000, people=None):
    """A problem by hand: `eligible` are (person, row[, cost]); slots are three hours each, one a day."""
    rows = len(slots)
    people = people or 1 + max(one[0] for one in eligible)
    pairs = sorted((v, r, rest[0] if rest else cost) for v, r, *rest in eligible)
    count = np.bincount([v for v, _r, _c in pairs], minlength=people)
    number = max(slots) + 1
    start = np.arange(number) * 1440
    return problem(
        ptr=np.concatenate([[0], np.cumsum(count)]), row=np.array([r for _v, r, _c in pairs]),
        cost=np.array([c for _v, _r, c in pairs]), slot=np.array(slots), seats=np.array(seats),
        weight=np.broadcast_to(weight, rows), start=start, end=start + 180, day=np.arange(number),
        clash=np.eye(number, dtype=bool)[None], rest=np.zeros(people, int), day_minutes=np.full(people, 480),
        all_minutes=np.full(people, 480), load=np.zeros(people, int), fairness=np.array([0, 15]),
    )  # fmt: skip


def places(p, pairs):
    """(person, row) of a plan."""
    person = np.searchsorted(p.person_pairs(), pairs, side="right") - 1
    return list(zip(person.tolist(), p.row[pairs].tolist(), strict=True))


def plan(p, wanted):
    ends, found = p.person_pairs(), []
    for v, r in wanted:
        found.append(next(a for a in range(ends[v], ends[v + 1]) if p.row[a] == r))
    return np.array(found)


def changed(p, before, point, *, seasoned=(), settled=(), mates=()):
    points = max(point) + 1
    wishes = Wishes(
        np.array(point, np.int32),
        np.isin(np.arange(p.people), list(seasoned)),
        np.isin(np.arange(points), list(settled)),
        np.array(mates, dtype=np.int32).reshape(-1, 2),
    )
    return places(p, in_company(p, plan(p, before), wishes))


def two_points(extra=0):
    """Two seats at the first point, one at the second. Whoever changes place pays `extra`."""
    dear = {(0, 1), (1, 1), (2, 0)}
    return of([0, 0], [2, 1], [(v, r, extra * ((v, r) in dear)) for v, r in product(range(3), range(2))])


AS_IT_WAS = [(0, 0), (1, 0), (2, 1)]


def test_of_two_experienced_people_one_goes_to_the_point_that_has_none():
    after = changed(two_points(), AS_IT_WAS, [0, 1], seasoned=[0, 1])
    assert sorted(r for v, r in after if v < 2) == [0, 1]


def test_nobody_is_moved_for_more_than_it_is_worth():
    assert changed(two_points(WORTH // 2), AS_IT_WAS, [0, 1], seasoned=[0, 1]) != AS_IT_WAS
    assert changed(two_points(WORTH // 2 + 1), AS_IT_WAS, [0, 1], seasoned=[0, 1]) == AS_IT_WAS
    assert changed(two_points(WORTH), AS_IT_WAS, [0, 1], mates=[(0, 2)], seasoned=[1, 2]) == AS_IT_WAS


def test_no_point_loses_its_last_experienced_person():
    assert changed(two_points(), AS_IT_WAS, [0, 1], seasoned=[0]) == AS_IT_WAS
    assert (0, 1) in changed(two_points(), AS_IT_WAS, [0, 1], seasoned=[0], settled=[0])
    assert changed(two_points(), AS_IT_WAS, [0, 1], seasoned=[2], mates=[(0, 2)]) == AS_IT_WAS


def test_where_somebody_experienced_stands_already_nobody_is_moved():
    assert changed(two_points(), AS_IT_WAS, [0, 1], seasoned=[0, 1], settled=[1]) == AS_IT_WAS


def test_who_comes_with_somebody_changes_places_with_a_neighbour():
    assert changed(two_points(), AS_IT_WAS, [0, 1], mates=[(0, 2)]) == [(0, 0), (1, 1), (2, 0)]


def test_hours_of_another_day_are_changed_for_a_free_seat_of_the_same_worth_and_no_other():
    eligible = [(0, 0), (1, 0), (1, 1)]
    free = of([0, 1], [2, 1], eligible)
    assert changed(free, [(0, 0), (1, 1)], [0, 1], mates=[(0, 1)]) == [(0, 0), (1, 0)]
    dearer = of([0, 1], [2, 1], eligible, weight=np.array([2000, 4000]))
    assert changed(dearer, [(0, 0), (1, 1)], [0, 1], mates=[(0, 1)]) == [(0, 0), (1, 1)]


def test_three_people_change_places_where_two_cannot():
    """The wife's point is full; who stands there can only go to a third one, whose person takes the husband's seat."""
    eligible = [(0, 0), (1, 1), (1, 0), (2, 0), (2, 2), (3, 2), (3, 1)]
    p = of([0, 1, 2], [2, 1, 1], eligible)
    before = [(0, 0), (1, 1), (2, 0), (3, 2)]
    assert changed(p, before, [0, 1, 2], mates=[(0, 1)]) == [(0, 0), (1, 0), (2, 2), (3, 1)]


def test_same_hours_at_different_points_where_there_is_no_better():
    p = of([0, 0, 1], [1, 1, 1], [(0, 0), (1, 1), (1, 2)])
    assert changed(p, [(0, 0), (1, 2)], [0, 1, 2], mates=[(0, 1)]) == [(0, 0), (1, 1)]


def test_companions_are_not_pulled_apart_for_others():
    p = of([0, 1], [2, 1], [(v, r) for v in range(3) for r in range(2)])
    assert changed(p, [(0, 0), (1, 0), (2, 1)], [0, 1], mates=[(0, 1), (0, 2)]) == [(0, 0), (1, 0), (2, 1)]


def test_without_wishes_nothing_changes():
    for seed in range(4):
        raw, p = posed(seed)
        before = sorted_pairs(p, solve(p, seed=seed).pairs)
        everywhere = np.ones(raw["dp"].max() + 1, dtype=bool)
        wishes = Wishes(raw["dp"].astype(np.int32), np.zeros(p.people, dtype=bool), everywhere, NONE)
        assert in_company(p, before, wishes).tolist() == sorted(before.tolist())


def seen(p, pairs, wishes):
    """Points with somebody experienced, and closeness of each pair of companions: written out once more."""
    held = {v: [] for v in range(p.people)}
    for v, r in places(p, pairs):
        held[v].append(r)
    guided = {w for w, there in enumerate(wishes.settled) if there}
    guided |= {int(wishes.point[r]) for v, rows in held.items() if wishes.seasoned[v] for r in rows}
    close = []
    for a, b in wishes.mates.tolist():
        both = list(product(held[a], held[b]))
        one_point = sum(wishes.point[r] == wishes.point[q] for r, q in both)
        one_slot = sum(p.slot[r] == p.slot[q] and wishes.point[r] != wishes.point[q] for r, q in both)
        close.append(2 * one_point + one_slot)
    return guided, close


def posed_with_wishes(seed, people=24):
    """A random world, who is experienced, and who comes with whom. A point is a place at one time."""
    raw, p = posed(seed, people=people, points=4)
    r = np.random.default_rng(seed)
    _first, point = np.unique(np.stack([raw["dp"], raw["dslot"]]), axis=1, return_inverse=True)
    mates = r.permutation(people)[: 2 * (people // 4)].reshape(-1, 2)
    seasoned, settled = r.random(people) < 0.3, r.random(point.max() + 1) < 0.1
    return p, Wishes(point.reshape(-1).astype(np.int32), seasoned, settled, mates.astype(np.int32))


@pytest.mark.parametrize("seed", range(12))
def test_exchanges_keep_every_rule_every_seat_and_the_price(seed):
    p, wishes = posed_with_wishes(seed)
    before = sorted_pairs(p, solve(p, seed=seed).pairs)
    after = in_company(p, before, wishes)
    assert len(adopt(p, index(p), empty(p), after.astype(np.int32))) == len(after) >= len(before)
    weights = [Counter(p.weight[p.row[pairs]].tolist()) for pairs in (before, after)]
    for least in weights[0]:
        there = [sum(n for weight, n in count.items() if weight >= least) for count in weights]
        assert there[0] <= there[1]
    (guided, close), (guided_then, close_then) = seen(p, before, wishes), seen(p, after, wishes)
    assert guided <= guided_then
    assert all(one <= other for one, other in zip(close, close_then, strict=True))
    gained = len(guided_then - guided) + sum(close_then) - sum(close)
    assert objective(p, after) - objective(p, before) <= gained * WORTH
    assert in_company(p, before, wishes).tolist() == after.tolist()


def neighbours(p, pairs):
    """Every plan in which one or two people have changed one shift each, that keeps rules and seats."""
    ends, person = p.person_pairs(), [v for v, _r in places(p, pairs)]
    mine = {v: [a for a, w in zip(pairs.tolist(), person, strict=True) if w == v] for v in range(p.people)}
    steps = {
        v: [(old, new) for old in mine[v] for new in range(ends[v], ends[v + 1]) if new not in mine[v]]
        for v in range(p.people)
    }
    chosen = set(pairs.tolist())
    for one, two in combinations(range(p.people), 2):
        for (a, b), (c, d) in product(steps[one], steps[two]):
            if p.row[b] == p.row[c] and p.row[a] == p.row[d]:
                yield sorted(chosen - {a, c} | {b, d})
    used = Counter(p.row[pairs].tolist())
    for v in range(p.people):
        for a, b in steps[v]:
            if used[p.row[b]] < p.seats[p.row[b]] and p.weight[p.row[b]] >= p.weight[p.row[a]]:
                yield sorted(chosen - {a} | {b})


@pytest.mark.parametrize("seed", range(6))
def test_no_change_of_places_that_is_worth_it_is_left(seed):
    """Against brute force: everything that one or two people could still do is tried."""
    p, wishes = posed_with_wishes(seed + 100, people=12)
    after = in_company(p, sorted_pairs(p, solve(p, seed=seed).pairs), wishes)
    guided, close = seen(p, after, wishes)
    ix, cost = index(p), objective(p, after)
    for other in neighbours(p, after):
        new = np.array(other, dtype=np.int32)
        guided_then, close_then = seen(p, new, wishes)
        better = len(guided_then) - len(guided) + sum(close_then) - sum(close)
        if better <= 0 or not guided <= guided_then or any(x > y for x, y in zip(close, close_then, strict=True)):
            continue
        if objective(p, new) - cost <= better * WORTH:
            assert len(adopt(p, ix, empty(p), new)) < len(new), "this exchange keeps every rule and was not made"
