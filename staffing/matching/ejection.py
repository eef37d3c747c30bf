"""Rounds of ejection chains, until plan and prices agree as far as they can."""

from collections.abc import Callable, Iterator

import numpy as np

from staffing.matching.kernels import SCALE, mend
from staffing.matching.prices import whole_pay
from staffing.matching.problems import Index, Int32s, Problem, State

LIMIT = 200  # nodes that a search for a way out may expand
LEAST = 5  # points below which no chain begins
PRICED = 10  # points from which an empty seat is worth a chain
NOISE = (0, 1, 3)  # points by which prices are blurred, round by round: ties fall differently
BATCH = 4000  # heads between two looks at the clock


def heads(p: Problem, pay: Int32s, state: State) -> Int32s:
    """Everybody, and the empty seats of rows that have a price."""
    priced = (state.used < p.seats) & (whole_pay(p) - pay > PRICED * SCALE)
    return np.concatenate([np.arange(p.people), -1 - np.flatnonzero(priced)]).astype(np.int32)


def blurred(p: Problem, pay: Int32s, points: float, rng: np.random.Generator) -> Int32s:
    if not points:
        return pay
    return np.minimum(pay - np.rint(rng.normal(0, points * SCALE, p.rows)), whole_pay(p)).astype(np.int32)


def round_of_chains(
    p: Problem,
    ix: Index,
    pay: Int32s,
    state: State,
    number: int,
    rng: np.random.Generator,
    go_on: Callable[[], bool],
) -> Iterator[int]:
    """After each batch of heads what it gained, in points. Changes `state`."""
    prices = blurred(p, pay, NOISE[number % len(NOISE)], rng)
    order: Int32s = rng.permutation(heads(p, pay, state))
    for begin in range(0, len(order), BATCH):
        yield mend(p, ix, prices, order[begin : begin + BATCH], state, LIMIT, LEAST * SCALE) // SCALE
        if not go_on():
            return
