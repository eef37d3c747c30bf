"""Small problems to proven optimality: one slot by minimum-cost flow, a small component by mixed-integer programming."""

import numpy as np

from staffing.matching.kernels import patterns
from staffing.matching.problems import Array, Int32s, Problem

MOST_SETS = 4000  # per person; who has more is left to the prices
MOST_COLUMNS = 120_000


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


def small_component(p: Problem, people: Array, seconds: float) -> tuple[Int32s, float] | None:
    """The best pairs of these people, who share no row with anybody else, and the proven bound of their objective.

    The bound is without the weight of the rows' seats. None if the component is too large or time is up. A variable
    per person and set of slots, since the sets carry all rules of hours and rest; with the sets chosen, what is left
    is a transportation problem, so that the pairs need no integrality. Exponential at worst.
    Source: HiGHS (Huangfu & Hall 2018) through SciPy; set variables as in Dantzig & Wolfe 1960.
    """
    from scipy.optimize import LinearConstraint, milp
    from scipy.sparse import coo_array

    sets = [patterns(p, int(v), MOST_SETS) for v in people]
    counts = np.array([len(starts) - 1 for _options, starts in sets])
    if counts.sum() > MOST_COLUMNS or (len(counts) and counts.max() >= MOST_SETS):
        return None
    options = np.concatenate([np.arange(p.options[v], p.options[v + 1]) for v in people])
    pairs = np.concatenate([np.arange(p.pairs[o], p.pairs[o + 1]) for o in options] or [np.empty(0, np.int64)])
    if len(pairs) == 0:
        return pairs.astype(np.int32), 0.0
    place = {int(o): n for n, o in enumerate(options)}
    sizes = np.concatenate([np.diff(starts) for _options, starts in sets])
    owner = np.repeat(np.arange(len(people)), counts)
    steps = np.concatenate([[0], np.cumsum(p.fairness, dtype=np.int64)])
    cost = np.concatenate(
        [p.cost[pairs] - p.weight[p.row[pairs]], steps[sizes] + sizes * p.load[np.asarray(people)[owner]]]
    ).astype(float)
    rows, row_of = np.unique(p.row[pairs], return_inverse=True)
    flat = np.array([place[int(o)] for found, _starts in sets for o in found])
    option_of = np.repeat(np.arange(len(options)), np.diff(p.pairs)[options])
    columns = len(pairs) + len(sizes)
    seats = coo_array((np.ones(len(pairs)), (row_of, np.arange(len(pairs)))), shape=(len(rows), columns))
    entries = np.concatenate([np.ones(len(pairs)), -np.ones(len(flat))])
    across = np.concatenate([np.arange(len(pairs)), len(pairs) + np.repeat(np.arange(len(sizes)), sizes)])
    serve = coo_array((entries, (np.concatenate([option_of, flat]), across)), shape=(len(options), columns))
    once = coo_array((np.ones(len(sizes)), (owner, len(pairs) + np.arange(len(sizes)))), shape=(len(people), columns))
    found = milp(
        cost,
        integrality=np.concatenate([np.zeros(len(pairs)), np.ones(len(sizes))]),
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
    if np.abs(share - np.rint(share)).max() > 1e-4:  # a vertex is whole; other optima of the same value need not be
        return None
    chosen: Int32s = pairs[share > 0.5].astype(np.int32)
    return chosen, float(np.ceil(found.mip_dual_bound - 1e-6))
