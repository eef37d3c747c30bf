import numpy as np

from staffing.matching import construction, instances, prices
from staffing.matching.problems import empty, held_pairs, index
from staffing.matching.solve import solve
from staffing.matching.stability import repair, sorted_pairs
from tests.matching.worlds import cost, faults, pairs_of, posed


def cancelled(raw, pairs, gone):
    """The instance as if these people had no pairs, and the plan without them, as places in it."""
    person = np.array([pair[0] for pair in pairs_of(raw)])
    stays = ~np.isin(person, gone)
    lengths = np.where(np.isin(np.arange(len(raw["home"])), gone), 0, np.diff(raw["ptr"]))
    less = raw | {
        "ptr": np.concatenate([[0], np.cumsum(lengths)]),
        "col": raw["col"][stays],
        "cost": raw["cost"][stays],
    }
    return less, (np.cumsum(stays) - 1)[[pair for pair in pairs if stays[pair]]]


def test_asked_again_the_plan_is_the_same():
    _raw, p = posed(1, people=200, points=20)
    first = solve(p)
    again = solve(p, kept=first.pairs, pay=first.pay)
    assert again.pairs.tolist() == first.pairs.tolist()


def test_after_cancellations_few_others_move_and_the_change_is_counted():
    raw, p = posed(2, people=200, points=20)
    first = solve(p)
    less, old = cancelled(raw, first.pairs, list(range(0, 200, 10)))
    q = instances.pose(less)
    free, stable = solve(q), solve(q, kept=old, pay=first.pay)
    moved = {
        name: len(set(old.tolist()) - set(found.pairs.tolist())) for name, found in (("free", free), ("stable", stable))
    }
    assert faults(less, stable.pairs.tolist()) == []
    assert stable.objective == cost(less, stable.pairs.tolist()) + 100 * moved["stable"]
    assert moved["stable"] < moved["free"]


def test_a_pin_outweighs_everything():
    _raw, p = posed(3, people=200, points=20)
    free = solve(p)
    person = p.origin.argsort()
    other = np.setdiff1d(np.arange(len(person)), free.pairs)[:1]
    pinned = solve(p, kept=other, change=1_000_000)
    assert np.isin(other, pinned.pairs).all()


def test_one_cancellation_is_repaired_around_the_gap():
    raw, p = posed(4, people=200, points=20)
    first = solve(p)
    ix, state = index(p), empty(p)
    construction.adopt(p, ix, state, sorted_pairs(p, first.pairs))
    held = held_pairs(state)
    person = int(ix.person[held[0]])
    found = repair(p, ix, first.pay, state, np.array([person]))
    after = p.origin[held_pairs(found.state)]
    assert faults(raw, after.tolist()) == []
    kept = held_pairs(found.state)
    assert person not in ix.person[kept]
    assert sorted(found.gone) == sorted(set(held) - set(kept))
    assert sorted(found.new) == sorted(set(kept) - set(held))
    assert held_pairs(state).tolist() == held.tolist()  # the old plan is as it was


def test_repair_leaves_the_plan_as_it_was_for_nobody():
    _raw, p = posed(5, people=100, points=10)
    first = solve(p)
    ix, state = index(p), empty(p)
    construction.adopt(p, ix, state, sorted_pairs(p, first.pairs))
    found = repair(p, ix, prices.whole_pay(p), state, np.array([], dtype=int))
    assert (found.gone.tolist(), found.new.tolist()) == ([], [])
