"""Any time: a plan that keeps every rule, and how far from the best it can be at most."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from staffing.matching import components, construction, ejection, exact, prices
from staffing.matching.kernels import SCALE
from staffing.matching.problems import Array, Index, Int32s, Ints, Problem, State, empty, held_pairs, index, objective
from staffing.matching.stability import CHANGE, keeping, sorted_pairs

SMALL = 150  # people of a component that is solved to the end
ROUNDS = 9
PRICING = 0.45  # part of the time that the prices may take
FEWEST = 12  # passes
WORTHWHILE = 0.2  # part of the gap that a round of chains has to close for another one to follow
FIRST, LAST, FINEST = 0.5, 1.0, 1 / 16  # steps of the prices: part of the highest weight, points, points


class Moment(NamedTuple):
    seconds: float
    phase: str
    objective: int | None
    bound: int | None


@dataclass(frozen=True)
class Solution:
    """`pairs` are places in the order in which the pairs were given. `objective` and `bound` count changes, too."""

    pairs: Ints
    objective: int
    bound: int
    pay: Int32s
    components: int
    proven: int
    trace: list[Moment] = field(repr=False)

    @property
    def gap(self) -> float:
        """How much worse than the best the plan can be at most, as a part."""
        return (self.objective - self.bound) / max(1, abs(self.bound))


class Clock:
    """Tells when to stop, and the story so far."""

    def __init__(
        self, seconds: float | None, stop: Callable[[], bool] | None, progress: Callable[[Moment], None] | None
    ) -> None:
        self.begin = time.monotonic()
        self.seconds, self.stop, self.progress = seconds, stop, progress
        self.trace: list[Moment] = []

    @property
    def passed(self) -> float:
        return time.monotonic() - self.begin

    def left(self, part: float = 1.0) -> bool:
        """Time is left of this part of the limit, and nobody said stop."""
        return (self.seconds is None or self.passed < self.seconds * part) and not (self.stop and self.stop())

    def tell(self, phase: str, objective: int | None, bound: int | None) -> None:
        moment = Moment(round(self.passed, 3), phase, objective, bound)
        self.trace.append(moment)
        if self.progress:
            self.progress(moment)


def solve(
    p: Problem,
    *,
    seconds: float | None = None,
    seed: int = 0,
    threads: int = 2,
    kept: Array | None = None,
    change: int = CHANGE,
    pay: Int32s | None = None,
    stop: Callable[[], bool] | None = None,
    progress: Callable[[Moment], None] | None = None,
) -> Solution:
    """The best plan that can be found before the time is up, with a proven bound.

    `kept` are agreed pairs, in the order given: moving each costs `change`. `pay` are prices of an earlier plan.
    The same seed gives the same plan, whatever the number of threads, unless the time ends it. Some 60 passes over
    the pairs for the prices, and as much again for the chains.
    """
    clock = Clock(seconds, stop, progress)
    if kept is not None:
        agreed = sorted_pairs(p, kept)
        stable = keeping(p, agreed, change)
        found = Run(stable, clock, seed, threads, agreed, pay).solution()
        cost = change * len(agreed)  # the constant that makes a kept pair free and a moved one dear
        trace = [
            m._replace(objective=m.objective and m.objective + cost, bound=m.bound and m.bound + cost)
            for m in found.trace
        ]
        return Solution(
            found.pairs, found.objective + cost, found.bound + cost, found.pay, found.components, found.proven, trace
        )
    return Run(p, clock, seed, threads, None, pay).solution()


class Run:
    """One run of the solver: prices, a first plan, small components to the end, then chains while prices get finer."""

    def __init__(
        self, p: Problem, clock: Clock, seed: int, threads: int, agreed: Int32s | None, pay: Int32s | None
    ) -> None:
        self.p, self.clock, self.threads = p, clock, threads
        self.agreed = agreed
        self.price_rng, self.plan_rng, self.fine_rng = (np.random.default_rng((seed, n)) for n in range(3))
        self.pay = prices.whole_pay(p) if pay is None else np.minimum(pay, prices.whole_pay(p))
        self.moving = self.pay.copy()
        self.fixed: dict[int, int] = {}

    def solution(self) -> Solution:
        p = self.p
        if len(p.row) == 0 or len(p.minutes) == 1:
            return self.simple()
        self.ix: Index = index(p)
        self.parts = components.components(p)
        weight = p.weight.astype(np.int64) * p.seats
        self.weights = np.bincount(self.parts.of_row, weights=weight, minlength=self.parts.number).astype(np.int64)
        self.find_prices()
        self.state: State = empty(p)
        if self.agreed is not None:
            construction.adopt(p, self.ix, self.state, self.agreed)
        construction.build(p, self.ix, self.pay, self.state, self.plan_rng)
        self.clock.tell("first plan", self.objective, self.bound)
        self.improve()
        return self.told(held_pairs(self.state), self.objective, self.bound)

    def simple(self) -> Solution:
        pairs = exact.single_slot(self.p) if len(self.p.row) else np.empty(0, dtype=np.int32)
        value = objective(self.p, pairs)
        self.clock.tell("proven", value, value)
        self.parts = components.components(self.p)
        self.low = np.zeros(self.parts.number, dtype=np.int64)
        self.fixed = dict.fromkeys(range(self.parts.number), 0)
        return self.told(pairs, value, value)

    def told(self, pairs: Int32s, value: int, bound: int) -> Solution:
        if len(self.fixed) == self.parts.number:
            proven = self.parts.number
        else:
            values = components.objectives(self.p, self.parts, self.ix, pairs)
            proven = int((values <= self.low).sum())
        given = np.sort(self.p.origin[pairs]).astype(np.int64)
        return Solution(given, value, min(bound, value), self.pay, self.parts.number, proven, self.clock.trace)

    @property
    def objective(self) -> int:
        return objective(self.p, held_pairs(self.state))

    @property
    def bound(self) -> int:
        return int(self.low.sum())

    def find_prices(self) -> None:
        p = self.p
        first = float(p.weight.max(initial=1)) * FIRST
        count = self.that_fit(prices.passes(p))
        sizes = prices.steps(max(first, LAST), LAST, count)
        for n, mean in enumerate(
            prices.settled(p, self.moving, sizes, self.price_rng, lambda: self.clock.left(PRICING))
        ):
            self.pay = mean
            if n % 10 == 9:
                self.clock.tell("prices", None, -(-prices.bound(p, mean, self.threads)[0] // SCALE))
        _value, worth = prices.bound(p, self.pay, self.threads)
        self.low = components.bounds(p, self.parts, self.pay, worth)
        self.first = self.low
        self.clock.tell("prices", None, self.bound)

    def that_fit(self, count: int) -> int:
        """As many passes as fit into their part of the time: fewer with larger steps beat many that are cut off."""
        if self.clock.seconds is None:
            return count
        begin = time.monotonic()
        next(prices.settled(self.p, self.pay.copy(), iter([SCALE]), np.random.default_rng(0), self.clock.left))
        one = max(1e-6, time.monotonic() - begin)
        return min(count, max(FEWEST, int((self.clock.seconds * PRICING - self.clock.passed) / one)))

    def finish_small(self) -> None:
        """Components of few people that the prices do not prove are solved exactly, the largest gaps first."""
        values = components.objectives(self.p, self.parts, self.ix, held_pairs(self.state))
        gaps = np.where((self.parts.people > 0) & (self.parts.people <= SMALL), values - self.low, 0)
        order = np.argsort(self.parts.of_person, kind="stable")
        ends = np.searchsorted(self.parts.of_person[order], np.arange(self.parts.number + 1))
        solved: dict[int, Int32s] = {}
        for part in np.argsort(-gaps, kind="stable")[: int((gaps > 0).sum())]:
            if not self.clock.left():
                break
            left = 60.0 if self.clock.seconds is None else self.clock.seconds - self.clock.passed
            people = order[ends[part] : ends[part + 1]]
            if found := exact.small_component(self.p, people, self.pay, int(values[part] - self.first[part]), left):
                solved[int(part)], bound = found
                self.low[part] = max(self.low[part], self.weights[part] + round(bound))
        if solved:
            held = held_pairs(self.state)
            others = held[~np.isin(self.parts.of_person[self.ix.person[held]], list(solved))]
            self.state = empty(self.p)
            construction.adopt(self.p, self.ix, self.state, np.concatenate([others, *solved.values()]))
        self.clock.tell("small components", self.objective, self.bound)

    def improve(self) -> None:
        """Rounds of chains, while another thread makes the prices, and with them the bound, finer.

        Whether a round is worth it is said by the bound before: how far the other thread is, is chance.
        """
        floor = self.bound
        with ThreadPoolExecutor(1) as pool:
            finer = pool.submit(self.finer) if self.bound < self.objective and self.clock.left() else None
            for number in range(ROUNDS):
                if not self.clock.left() or self.objective <= self.bound:
                    break
                before = self.objective
                for _gain in self.chains(number):
                    self.take_bound(finer, wait=False)
                    self.clock.tell("chains", self.objective, self.bound)
                if before - self.objective < WORTHWHILE * (before - floor):
                    break
            self.take_bound(finer, wait=True)
        self.finish_small()
        self.clock.tell("done", self.objective, self.bound)

    def chains(self, number: int) -> Iterator[int]:
        return ejection.round_of_chains(self.p, self.ix, self.pay, self.state, number, self.plan_rng, self.clock.left)

    def finer(self) -> Ints:
        count = prices.passes(self.p)
        best = self.low
        sizes = prices.steps(LAST, FINEST, count)
        for n, mean in enumerate(prices.settled(self.p, self.moving, sizes, self.fine_rng, self.clock.left)):
            if n % 10 == 9:
                _value, worth = prices.bound(self.p, mean, 1)
                best = np.maximum(best, components.bounds(self.p, self.parts, mean, worth))
        return best

    def take_bound(self, finer: "Future[Ints] | None", *, wait: bool) -> None:
        if finer is not None and (wait or finer.done()):
            self.low = np.maximum(self.low, finer.result())
