import numpy as np

from staffing.matching import construction, instances, reasons
from staffing.matching.problems import empty, index
from staffing.matching.solve import solve
from staffing.matching.stability import sorted_pairs
from tests.matching.worlds import pairs_of, posed


def planned(seed, **sizes):
    raw, p = posed(seed, **sizes)
    found = solve(p)
    ix, state = index(p), empty(p)
    construction.adopt(p, ix, state, sorted_pairs(p, found.pairs))
    return raw, p, ix, state, instances.rules(raw)


def test_every_empty_seat_has_a_reason():
    _raw, p, ix, state, rules = planned(1, people=25, points=10)
    rows = np.flatnonzero(state.used < p.seats)
    found = [reasons.emptiness(p, ix, state, int(r), rules) for r in rows]
    assert sum(one.seats for one in found) == int((p.seats - state.used).sum()) > 0
    known = {rule.name for rule in rules} | {reasons.PLACED, reasons.HOURS, reasons.COSTLY, reasons.SEVERAL}
    assert {one.binding for one in found} <= known


def test_a_near_miss_fails_that_rule_and_no_other():
    raw, _p, _ix, _state, rules = planned(2)
    for row in range(0, len(raw["dn"]), 5):
        passed = {rule.name: rule.passes(row, slice(None)) for rule in rules}
        for name, people in reasons.near_misses(_p, row, rules).items():
            wanted = [v for v in range(30) if [rule for rule in passed if not passed[rule][v]] == [name]]
            assert people.tolist() == wanted


def test_where_nobody_is_trained_the_role_is_what_binds():
    raw, _p = posed(3)
    raw["skill"][:] = 1
    raw["drole"][0] = 1
    keep = np.array([row != 0 for _person, row, _cost in pairs_of(raw)])
    people = np.repeat(np.arange(30), np.diff(raw["ptr"]))[keep]
    raw |= {"col": raw["col"][keep], "cost": raw["cost"][keep]}
    raw |= {"ptr": np.concatenate([[0], np.cumsum(np.bincount(people, minlength=30))])}
    p = instances.pose(raw)
    found = reasons.emptiness(p, index(p), empty(p), 0, instances.rules(raw))
    assert (found.binding, found.eligible, found.move) == ("role", 0, None)


def test_who_is_placed_elsewhere_could_be_moved_at_a_loss():
    _raw, p, ix, state, rules = planned(4, people=12, points=12)
    rows = np.flatnonzero(state.used < p.seats)
    found = [reasons.emptiness(p, ix, state, int(r), rules) for r in rows]
    placed = [one for one in found if one.binding == reasons.PLACED and one.move and one.move.rows]
    assert placed
    for one in placed:
        held = p.row[state.held[one.move.person, : state.sizes[one.move.person]]]
        assert set(one.move.rows) <= set(held.tolist())


def test_seats_that_nobody_could_fill_are_counted_slot_by_slot():
    raw, p = posed(7, people=5, points=10)
    short = reasons.hopeless(p)
    people_of = [set() for _slot in short]
    order = np.lexsort((raw["sen"], raw["sst"]))
    rank = np.empty(len(order), int)
    rank[order] = np.arange(len(order))
    seats = np.bincount(rank[raw["dslot"]], weights=raw["dn"], minlength=len(short))
    for person, row, _cost in pairs_of(raw):
        people_of[rank[raw["dslot"][row]]].add(person)
    assert (short >= seats - [len(people) for people in people_of]).all()
    assert (short <= seats).all()
