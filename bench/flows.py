"""python -m bench.flows INSTANCE.npz: what flows reach that ignore rest and hours, and in what time; one JSON line.

Each person serves at most once per slot, and at most as often as fairness knows steps. A bound, not a plan.
"""

import json
import sys
import time

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from staffing.matching import instances
from staffing.matching.problems import Problem


def max_flow(p: Problem) -> tuple[int, float]:
    flow = SimpleMaxFlow()
    options, source, sink = ends(p)
    flow.add_arcs_with_capacity(np.full(len(options), source), np.arange(len(options)), np.ones_like(options))
    pair_options = np.repeat(np.arange(len(options)), np.diff(p.pairs))
    flow.add_arcs_with_capacity(pair_options, len(options) + p.row, np.ones_like(pair_options))
    rows = np.arange(p.rows)
    flow.add_arcs_with_capacity(len(options) + rows, np.full(p.rows, sink), p.seats)
    begin = time.perf_counter()
    assert flow.solve(source, sink) == flow.OPTIMAL
    return flow.optimal_flow(), time.perf_counter() - begin


def min_cost_flow(p: Problem) -> tuple[int, float]:
    flow = SimpleMinCostFlow()
    options, source, sink = ends(p)
    person = len(options) + p.rows + 2 + np.arange(p.people)
    steps = len(p.fairness)
    dues = (p.fairness[None] + p.load[:, None]).ravel().astype(np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(
        np.full(p.people * steps, source), np.repeat(person, steps), np.ones_like(dues), dues
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        person[options], np.arange(len(options)), np.ones_like(options), 0 * options
    )
    pair_options = np.repeat(np.arange(len(options)), np.diff(p.pairs))
    saved = p.cost.astype(np.int64) - p.weight[p.row]
    flow.add_arcs_with_capacity_and_unit_cost(pair_options, len(options) + p.row, np.ones_like(pair_options), saved)
    rows = np.arange(p.rows)
    flow.add_arcs_with_capacity_and_unit_cost(len(options) + rows, np.full(p.rows, sink), p.seats, 0 * rows)
    most = int(p.seats.sum())
    flow.add_arc_with_capacity_and_unit_cost(source, sink, most, 0)
    flow.set_nodes_supplies(np.array([source, sink]), np.array([most, -most]))
    begin = time.perf_counter()
    assert flow.solve() == flow.OPTIMAL
    return p.unfilled + flow.optimal_cost(), time.perf_counter() - begin


def ends(p: Problem) -> tuple[np.ndarray, int, int]:
    """The person of each option, and the numbers of source and sink."""
    options = np.repeat(np.arange(p.people), np.diff(p.options))
    return options, len(options) + p.rows, len(options) + p.rows + 1


if __name__ == "__main__":
    problem = instances.pose(instances.load(sys.argv[1]))
    filled, max_seconds = max_flow(problem)
    cost, cost_seconds = min_cost_flow(problem)
    print(json.dumps({"filled": filled, "max_flow": max_seconds, "objective": cost, "min_cost_flow": cost_seconds}))
