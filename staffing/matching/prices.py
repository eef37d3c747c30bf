"""Prices on the rows: what a seat costs those who take it away from others. They guide the plan and bound it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from staffing.matching.kernels import SCALE, respond, settle
from staffing.matching.problems import Int32s, Ints, Problem

ROUNDS = 32  # times within a pass that the pays rise
CHUNKS = 8


def whole_pay(p: Problem) -> Int32s:
    """The pay of seats that nobody competes for: their weight. Scaled, like all pays."""
    return (p.weight * SCALE).astype(np.int32)


def passes(p: Problem) -> int:
    """Small problems cost nothing and get the finer prices."""
    return 60 if len(p.row) > 1_000_000 else 100


def steps(first: float, last: float, count: int) -> Iterator[int]:
    """Falling geometrically from `first` to `last` points, scaled."""
    for n in range(count):
        yield max(1, round(first * (last / first) ** (n / max(1, count - 1)) * SCALE))


def settled(
    p: Problem, pay: Int32s, sizes: Iterator[int], rng: np.random.Generator, go_on: Callable[[], bool]
) -> Iterator[Int32s]:
    """After each pass the average pays; `pay` itself moves on. Stops early if it may not go on. O(pairs) a pass."""
    whole, mean = whole_pay(p), np.zeros(p.rows, dtype=np.int64)
    for step in sizes:
        settle(p, pay, whole, rng.permutation(p.people).astype(np.int32), step, ROUNDS, mean)
        yield mean.astype(np.int32)
        if not go_on():
            return


def bound(p: Problem, pay: Int32s, threads: int) -> tuple[int, Ints]:
    """A lower bound of the objective, scaled, and each person's part in it. The same for any number of threads.

    The sum of the pays of all seats, less what everybody would choose at these pays: weak duality of the Lagrangian
    that relaxes the numbers of seats (Geoffrion 1974). O(pairs).
    """
    worth = np.zeros(p.people, dtype=np.int64)
    cuts = np.linspace(0, p.people, CHUNKS + 1).astype(int)
    with ThreadPoolExecutor(threads) as pool:
        parts = pool.map(lambda ends: respond(p, pay, int(ends[0]), int(ends[1]), worth), pairwise(cuts))
        return int(pay.astype(np.int64) @ p.seats) - sum(parts), worth
