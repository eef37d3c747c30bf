"""Small problems to proven optimality: one slot by minimum-cost flow, a small component by mixed-integer programming."""

import math

import numpy as np

from staffing.matching.kernels import SCALE, patterns
from staffing.matching.problems import Array, Int32s, Ints, Problem

MOST_SETS = 4000  # per person; who has more is left to the prices
MOST_COLUMNS = 120_000
WHOLE = 1e-4  # how far from a whole number a whole number may be


def single_slot(p: Problem) -> Int32s:
    """The best pairs when there is only one slot: nobody serves twice. O(pairs log) by cost scaling.

    Source: Goldberg 1997, An efficient implementation of a scaling minimum-cost flow algorithm (OR-Tools).
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    ends = p.person_pairs()
    person = np.repeat(np.arange(p.people), np.diff(ends))
    cost = p.cost.astype(np.int64) + p.fairness[0] + p.load[person] - p.weight[p.row]
    able = (p.minutes[p.slot[p.row]] <= p.all_minutes[person]) & (p.minutes[0] <= p.day_minutes[person, p.day[0]])
    pairs = np.flatnonzero((cost < 0) & able)
    source, sink = p.people + p.rows, p.people + p.rows + 1
    flow = SimpleMinCostFlow()
    people, rows = np.arange(p.people), np.arange(p.rows)
    flow.add_arcs_with_capacity_and_unit_cost(np.full(p.people, source), people, np.ones_like(people), 0 * people)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        person[pairs], p.people + p.row[pairs], np.ones_like(pairs), cost[pairs]
    )
    flow.add_arcs_with_capacity_and_unit_cost(p.people + rows, np.full(p.rows, sink), p.seats, 0 * rows)
    flow.add_arc_with_capacity_and_unit_cost(source, sink, p.people, 0)
    flow.set_nodes_supplies(np.array([source, sink]), np.array([p.people, -p.people]))
    if flow.solve() != flow.OPTIMAL:
        raise ArithmeticError("the flow has no optimum")
    chosen: Int32s = pairs[flow.flows(arcs) > 0].astype(np.int32)
    return chosen


def small_component(p: Problem, people: Array, pay: Int32s, gap: int, seconds: float) -> tuple[Int32s, int] | None:
    """The best pairs of these people, who share no row with anybody else, and the proven bound of their objective.

    The bound is without the weight of the rows' seats. A plan is known that is at most `gap` points above the bound
    of the prices, so that sets and pairs that lose more than that at these prices need not be looked at. None if the
    component is too large or time is up. A variable per person and set of slots carries all rules of hours and rest;
    with the sets chosen, the rest is a transportation problem, so that the pairs need no integrality.
    Exponential at worst. Source: HiGHS (Huangfu & Hall 2018) through SciPy; set variables as in Dantzig & Wolfe 1960;
    reduced-cost fixing as in Wolsey 2020, 7.7.
    """
    from scipy.optimize import LinearConstraint, milp
    from scipy.sparse import coo_array

    slack = (gap + 1) * SCALE  # the bound was rounded up
    sets = [worthy_sets(p, int(v), pay, slack) for v in people]
    counts = np.array([len(sizes) for _options, sizes in sets], dtype=np.int64)
    if counts.sum() > MOST_COLUMNS or any(len(sizes) >= MOST_SETS for _options, sizes in sets):
        return None
    flat = np.concatenate([options for options, _sizes in sets])
    sizes = np.concatenate([found for _options, found in sets])
    if len(flat) == 0:
        return np.empty(0, dtype=np.int32), 0
    options, at = np.unique(flat, return_inverse=True)
    pairs, option_of = worthy_pairs(p, options, pay, slack)
    owner = np.repeat(np.arange(len(people)), counts)
    steps = np.concatenate([[0], np.cumsum(p.fairness, dtype=np.int64)])
    dues = steps[sizes] + sizes * p.load[np.asarray(people)[owner]]
    rows, row_of = np.unique(p.row[pairs], return_inverse=True)
    width, places = len(pairs) + len(sizes), np.arange(len(pairs))
    seats = coo_array((np.ones(len(pairs)), (row_of, places)), shape=(len(rows), width))
    across = np.concatenate([places, len(pairs) + np.repeat(np.arange(len(sizes)), sizes)])
    signs = np.concatenate([np.ones(len(pairs)), -np.ones(len(flat))])
    serve = coo_array((signs, (np.concatenate([option_of, at]), across)), shape=(len(options), width))
    once = coo_array((np.ones(len(sizes)), (owner, len(pairs) + np.arange(len(sizes)))), shape=(len(people), width))
    found = milp(
        np.concatenate([p.cost[pairs] - p.weight[p.row[pairs]], dues]).astype(float),
        integrality=np.repeat([0, 1], [len(pairs), len(sizes)]),
        bounds=(0, 1),
        constraints=[
            LinearConstraint(seats.tocsr(), -np.inf, p.seats[rows]),
            LinearConstraint(serve.tocsr(), 0, 0),
            LinearConstraint(once.tocsr(), -np.inf, 1),
        ],
        options={"time_limit": max(0.1, seconds), "mip_rel_gap": 0.0},
    )
    if found.status != 0:
        return None
    share = found.x[: len(pairs)]
    if np.abs(share - np.rint(share)).max() > WHOLE:  # a vertex is whole; other optima of the same value need not be
        return None
    chosen: Int32s = pairs[share > 0.5].astype(np.int32)
    return chosen, math.ceil(found.mip_dual_bound - WHOLE)


def worthy_sets(p: Problem, v: int, pay: Int32s, slack: int) -> tuple[Int32s, Int32s]:
    """The sets of options that lose at most `slack` against the person's best at these prices: options, and sizes."""
    options, starts = patterns(p, v, MOST_SETS)
    sizes = np.diff(starts)
    if len(sizes) == 0:
        return options, sizes.astype(np.int32)
    first, last = p.options[v], p.options[v + 1]
    span = slice(p.pairs[first], p.pairs[last])
    worth = pay[p.row[span]].astype(np.int64) - p.cost[span].astype(np.int64) * SCALE
    best = np.maximum.reduceat(worth, p.pairs[first:last] - p.pairs[first])
    steps = np.concatenate([[0], np.cumsum(p.fairness, dtype=np.int64)])
    value = np.add.reduceat(best[options - first], starts[:-1]) - (steps[sizes] + sizes * p.load[v]) * SCALE
    keep = value >= max(0, int(value.max())) - slack
    return options[np.repeat(keep, sizes)], sizes[keep].astype(np.int32)


def worthy_pairs(p: Problem, options: Array, pay: Int32s, slack: int) -> tuple[Ints, Ints]:
    """The pairs of these options that lose at most `slack` against the best of their option, and whose they are."""
    lengths = p.pairs[options + 1] - p.pairs[options]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    option_of = np.repeat(np.arange(len(options)), lengths)
    pairs = np.arange(starts[-1]) - starts[option_of] + p.pairs[options][option_of]
    worth = pay[p.row[pairs]].astype(np.int64) - p.cost[pairs].astype(np.int64) * SCALE
    keep = worth >= np.maximum.reduceat(worth, starts[:-1])[option_of] - slack
    return pairs[keep], option_of[keep]
