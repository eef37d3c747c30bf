import numpy as np
import pytest

from staffing.matching import instances, prices
from staffing.matching.problems import objective
from staffing.matching.solve import Run, solve
from staffing.matching.stability import sorted_pairs
from tests.matching.worlds import best_cost, cost, faults, posed


@pytest.mark.parametrize("seed", range(12))
def test_a_plan_keeps_every_rule_and_costs_what_it_says(seed):
    raw, p = posed(seed, people=40, points=8)
    found = solve(p, seed=seed)
    assert faults(raw, found.pairs.tolist()) == []
    assert found.objective == cost(raw, found.pairs.tolist())
    assert found.bound <= found.objective


@pytest.mark.parametrize("seed", range(8))
def test_a_very_small_world_gets_the_best_of_all_plans(seed):
    raw, p = posed(seed, people=3, points=1, days=1)
    found = solve(p)
    assert found.objective == found.bound == best_cost(raw)


@pytest.mark.parametrize("seed", range(4))
def test_components_of_few_people_are_proven(seed):
    _raw, p = posed(seed, people=60, points=10)
    found = solve(p)
    assert (found.proven, found.objective) == (found.components, found.bound)


@pytest.mark.parametrize("seed", range(4))
def test_the_prices_never_promise_more_than_is_possible(seed):
    raw, p = posed(seed, people=3, points=1, days=1)
    rng = np.random.default_rng(seed)
    best = best_cost(raw)
    for _try in range(20):
        pay = (prices.whole_pay(p) * rng.random(p.rows)).astype(np.int32)
        assert prices.bound(p, pay, 1)[0] <= best * 64


def test_the_same_seed_gives_the_same_plan_on_one_thread_and_on_two():
    _raw, p = posed(5, people=300, points=30)
    one, two = solve(p, threads=1), solve(p, threads=2)
    assert one.pairs.tolist() == two.pairs.tolist()
    assert one.bound == two.bound


@pytest.mark.parametrize("seed", [1, 3, 6])
def test_how_fast_the_bound_gets_finer_beside_the_chains_does_not_change_the_plan(seed, monkeypatch):
    _raw, p = posed(seed, people=400, points=60)
    take = Run.take_bound
    monkeypatch.setattr(Run, "take_bound", lambda run, finer, *, wait: take(run, finer, wait=True))
    soon = solve(p)
    monkeypatch.setattr(Run, "take_bound", lambda run, finer, *, wait: take(run, finer, wait=True) if wait else None)
    late = solve(p)
    assert (soon.pairs.tolist(), soon.objective, soon.bound) == (late.pairs.tolist(), late.objective, late.bound)


def test_stopped_at_once_there_is_a_plan_that_keeps_every_rule_and_a_bound():
    raw, p = posed(6, people=300, points=30)
    found = solve(p, stop=lambda: True)
    assert len(found.pairs) > 0
    assert faults(raw, found.pairs.tolist()) == []
    assert found.bound <= found.objective == cost(raw, found.pairs.tolist())


def test_progress_only_gets_better():
    _raw, p = posed(7, people=300, points=30)
    told = []
    solve(p, progress=told.append)
    values = [moment.objective for moment in told if moment.objective is not None]
    bounds = [moment.bound for moment in told if moment.phase != "prices"]
    assert values == sorted(values, reverse=True)
    assert bounds == sorted(bounds)


def test_one_slot_is_solved_by_the_flow_to_the_optimum():
    raw, _p = posed(8, people=40, points=8, days=1)
    only = raw["dslot"][raw["col"]] == 3
    rows, col = np.unique(raw["col"][only], return_inverse=True)
    people = np.repeat(np.arange(40), np.diff(raw["ptr"]))[only]
    raw |= {name: raw[name][rows] for name in ("dp", "drole", "dn", "dpr", "dlang", "dz")}
    raw |= {
        "dslot": np.zeros(len(rows), int),
        "sst": raw["sst"][3:4],
        "sen": raw["sen"][3:4],
        "avail": raw["avail"][:, 3:4],
    }
    raw |= {"col": col.astype(np.int32), "cost": raw["cost"][only]}
    raw |= {"ptr": np.concatenate([[0], np.cumsum(np.bincount(people, minlength=40))])}
    found = solve(instances.pose(raw))
    assert faults(raw, found.pairs.tolist()) == []
    assert found.objective == found.bound == cost(raw, found.pairs.tolist())
    assert [moment.phase for moment in found.trace] == ["proven"]


def test_nobody_and_nothing_to_do_is_a_plan_too():
    raw, _p = posed(9)
    raw |= {"ptr": np.zeros(31, int), "col": np.zeros(0, np.int32), "cost": np.zeros(0, np.int32)}
    p = instances.pose(raw)
    found = solve(p)
    assert (found.pairs.tolist(), found.objective, found.bound) == ([], p.unfilled, p.unfilled)


def test_the_objective_is_that_of_the_pairs_as_given():
    raw, p = posed(10)
    found = solve(p)
    assert objective(p, sorted_pairs(p, found.pairs)) == cost(raw, found.pairs.tolist())
