"""People and rows fall into components that no eligible pair connects: each is a problem of its own."""

from typing import NamedTuple

import numpy as np

from staffing.matching.kernels import SCALE
from staffing.matching.problems import Array, Index, Int32s, Ints, Problem


class Components(NamedTuple):
    number: int
    of_person: Int32s  # [V]
    of_row: Int32s  # [R]
    people: Ints  # [number]


def components(p: Problem) -> Components:
    """Connected components of the graph of eligible pairs. O(pairs)."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    size = p.people + p.rows
    ends = np.concatenate([p.person_pairs(), np.full(p.rows, len(p.row), dtype=np.int64)])
    graph = csr_array((np.ones(len(p.row), dtype=np.int8), p.row + p.people, ends), shape=(size, size))
    count, label = connected_components(graph, directed=False)
    people = np.bincount(label[: p.people], minlength=count)
    return Components(int(count), label[: p.people], label[p.people :], people)


def objectives(p: Problem, parts: Components, ix: Index, pairs: Array) -> Ints:
    """[number] the objective of the plan in each component, in points."""
    of = parts.of_row
    shifts = np.bincount(ix.person[pairs], minlength=p.people)
    steps = np.concatenate([[0], np.cumsum(p.fairness, dtype=np.int64)])
    saved = (p.weight[p.row[pairs]] - p.cost[pairs]).astype(np.int64)
    return np.rint(
        np.bincount(of, weights=p.weight.astype(np.int64) * p.seats, minlength=parts.number)
        - np.bincount(of[p.row[pairs]], weights=saved, minlength=parts.number)
        + np.bincount(parts.of_person, weights=steps[shifts] + shifts * p.load, minlength=parts.number)
    ).astype(np.int64)


def bounds(p: Problem, parts: Components, pay: Int32s, worth: Ints) -> Ints:
    """[number] a lower bound of the objective of each component, in points; plans have whole ones, so it is rounded up."""
    rows = np.bincount(parts.of_row, weights=pay.astype(np.int64) * p.seats, minlength=parts.number)
    people = np.bincount(parts.of_person, weights=worth, minlength=parts.number)
    return np.ceil((rows - people) / SCALE).astype(np.int64)
