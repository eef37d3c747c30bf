"""A first plan from the prices."""

import numpy as np

from staffing.matching.kernels import construct
from staffing.matching.problems import Index, Int32s, Problem, State

DEPTH = 12  # people in a chain


def build(p: Problem, ix: Index, pay: Int32s, state: State, rng: np.random.Generator) -> None:
    """Everybody takes what suits best at these prices, and whoever loses a seat by it looks on. Changes `state`."""
    construct(p, ix, pay, rng.permutation(p.people).astype(np.int32), state, DEPTH)


def adopt(p: Problem, ix: Index, state: State, pairs: Int32s) -> Int32s:
    """Puts the pairs that go together into an empty plan, in the order given; returns those kept. O(pairs x K)."""
    from staffing.matching.kernels import seat_all

    kept = np.zeros(len(pairs), dtype=np.bool_)
    seat_all(p, ix, pairs, state, kept)
    return pairs[kept]
