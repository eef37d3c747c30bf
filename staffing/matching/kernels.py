"""The compiled loops. All in one file, since Numba's cache looks at the file of a function, not at those it calls.

Amounts are in `SCALE`ths of a point, so that prices have a fraction and sums are exact in any order. `pay[r]` is what
a seat of row r is worth to who takes it: its weight less the price of the row (Lagrange multiplier of its seats).
"""

import heapq
from collections.abc import Callable
from typing import Any, NamedTuple, cast

import numba
import numpy as np

from staffing.matching.problems import Bools, Index, Int32s, Ints, Problem, State

SCALE = 64
NOTHING = -(1 << 60)
EJECTED, HOLE, END = 0, 1, 2


def compiled[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compiled on first call, kept on disk. Frees the interpreter lock, so that plain threads run side by side."""
    found: Callable[P, R] = cast(Any, numba).njit(function, cache=True, nogil=True)
    return found


def inner[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """The same for what only other loops call: without the way in from Python, it is compiled in half the time."""
    wrapped = cast(Any, numba).njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
    found: Callable[P, R] = wrapped(function)
    return found


class Scratch(NamedTuple):
    """Room for one person's choice."""

    value: Ints  # [options] worth of each option
    pick: Int32s  # [options] its best pair
    bound: Ints  # [options + 1]
    total: Ints  # [K + 1]
    taken: Int32s  # [K]
    best: Int32s  # [K] the chosen options


class Log(NamedTuple):
    """The people whom a chain has touched, with what they held before; `mark[v]` is the number of v's last chain."""

    length: Ints  # [1]
    people: Int32s
    sizes: Int32s
    held: Int32s
    mark: Int32s  # [V]


class Search(NamedTuple):
    """The nodes of a search for the cheapest way out. A node is someone ejected from the pair `what`, a hole in the row
    `what`, or an end; it came about because `mover` took `pair`, or took nothing (-1).
    """

    length: Ints  # [1]
    kind: Int32s
    what: Int32s
    parent: Int32s
    mover: Int32s
    pair: Int32s
    seen: Int32s  # [seats + R] number of the last search that came by
    path: Int32s  # nodes from the end to the start


class Company(NamedTuple):
    """Who should stand with whom. Rows of one point are `rows[ends[w]:ends[w + 1]]`, companions of one person
    `mates[first[v]:first[v + 1]]`.
    """

    point: Int32s  # [R]
    rows: Int32s  # [R] by point
    ends: Ints  # [points + 1]
    seasoned: Bools  # [V]
    skilled: Int32s  # [points] experienced people there; changes
    first: Ints  # [V + 1]
    mates: Int32s


class Trial(NamedTuple):
    """An exchange of up to three people: who, the pair that ends (-1: none), the pair that begins (-1: none)."""

    who: Int32s  # [3]
    gives: Int32s  # [3]
    takes: Int32s  # [3]
    best: Int32s  # [3, 3] the best exchange so far, by rows as above
    size: Ints  # [1] of the best one
    surplus: Ints  # [1] points that the best one is worth beyond its cost; -1: none
    left: Ints  # [1] trials that are left for this wish
    held: Int32s  # [3, K] what was held before
    sizes: Int32s  # [3]
    near: Int32s  # how close the pairs were before
    touched: Ints  # [6] points
    guided: Bools  # [6] with somebody experienced
    total: Ints  # [3] what was measured


@compiled
def arrange(ptr: Ints, row: Int32s, slot: Int32s, slots: int) -> tuple[Int32s, Ints, Int32s, Ints]:
    """The pairs of each person in the order of slots: their origins, and the options. O(pairs + V S)."""
    people = len(ptr) - 1
    origin = np.empty(len(row), np.int32)
    options = np.zeros(people + 1, np.int64)
    for v in range(people):
        there = np.zeros(slots, np.bool_)
        for a in range(ptr[v], ptr[v + 1]):
            there[slot[row[a]]] = True
        options[v + 1] = options[v] + there.sum()
    option_slot = np.empty(options[people], np.int32)
    pairs = np.zeros(options[people] + 1, np.int64)
    place = np.zeros(slots, np.int64)
    for v in range(people):
        place[:] = 0
        for a in range(ptr[v], ptr[v + 1]):
            place[slot[row[a]]] += 1
        at, o = ptr[v], options[v]
        for s in range(slots):
            if place[s]:
                option_slot[o], pairs[o + 1] = s, at + place[s]
                place[s], at, o = at, at + place[s], o + 1
        for a in range(ptr[v], ptr[v + 1]):
            s = slot[row[a]]
            origin[place[s]] = a
            place[s] += 1
    return origin, options, option_slot, pairs


@compiled
def scratch(p: Problem) -> Scratch:
    most = 1
    for v in range(len(p.rest)):
        most = max(most, p.options[v + 1] - p.options[v])
    kinds = len(p.fairness)
    return Scratch(
        np.empty(most, np.int64),
        np.empty(most, np.int32),
        np.empty(most + 1, np.int64),
        np.empty(kinds + 1, np.int64),
        np.empty(kinds, np.int32),
        np.empty(kinds, np.int32),
    )


@compiled
def choose(p: Problem, v: int, value: Ints, bound: Ints, total: Ints, taken: Int32s, best: Int32s) -> tuple[int, int]:
    """The set of options of person v that is worth most, perhaps none: its worth and size; `best` receives it.

    Exact: branch and bound over the options by start; the bound is weighted interval scheduling without limits of
    hours (Kleinberg & Tardos 2005, 6.1). O(options) when the hours do not bind, at worst exponential in the few
    shifts that fit into them.
    """
    first = p.options[v]
    count = p.options[v + 1] - first
    clash = p.clash[p.rest[v]]
    most = len(p.fairness)
    entry = (p.fairness[0] + p.load[v]) * SCALE
    bound[count] = 0
    for i in range(count - 1, -1, -1):
        bound[i] = bound[i + 1]
        if value[i] > entry:
            j = i + 1
            while j < count and clash[p.option_slot[first + i], p.option_slot[first + j]]:
                j += 1
            bound[i] = max(bound[i], value[i] - entry + bound[j])
    worth, size, depth, i = 0, 0, 0, 0
    total[0] = 0
    while True:
        extra = (p.fairness[depth] - p.fairness[0]) * SCALE if depth < most else 0
        if i < count and depth < most and total[depth] + bound[i] - extra > worth:
            if value[i] > entry + extra:
                s = p.option_slot[first + i]
                today, whole, fine = p.minutes[s], p.minutes[s], True
                for k in range(depth):
                    other = p.option_slot[first + taken[k]]
                    fine = fine and not clash[other, s]
                    whole += p.minutes[other]
                    if p.day[other] == p.day[s]:
                        today += p.minutes[other]
                if fine and whole <= p.all_minutes[v] and today <= p.day_minutes[v, p.day[s]]:
                    taken[depth] = i
                    total[depth + 1] = total[depth] + value[i] - entry - extra
                    depth += 1
                    if total[depth] > worth:
                        worth, size = total[depth], depth
                        for k in range(depth):
                            best[k] = taken[k]
            i += 1
        elif depth > 0:
            depth -= 1
            i = taken[depth] + 1
        else:
            return worth, size


@compiled
def wish(p: Problem, pay: Int32s, v: int, mine: Scratch) -> tuple[int, int]:
    """What person v would choose at these prices. O(pairs of v), then `choose`."""
    first = p.options[v]
    for o in range(first, p.options[v + 1]):
        highest, where = NOTHING, -1
        for a in range(p.pairs[o], p.pairs[o + 1]):
            amount = pay[p.row[a]] - p.cost[a] * SCALE
            if amount > highest:
                highest, where = amount, a
        mine.value[o - first], mine.pick[o - first] = highest, where
    return choose(p, v, mine.value, mine.bound, mine.total, mine.taken, mine.best)


@compiled
def respond(p: Problem, pay: Int32s, begin: int, end: int, worth: Ints) -> int:
    """The worth of what each of these people would choose at these prices, and the sum. O(their pairs)."""
    mine = scratch(p)
    whole = 0
    for v in range(begin, end):
        worth[v], _size = wish(p, pay, v, mine)
        whole += worth[v]
    return whole


@compiled
def settle(p: Problem, pay: Int32s, whole: Int32s, order: Int32s, step: int, rounds: int, mean: Ints) -> None:
    """One pass of the incremental subgradient method over the people in the given order; changes `pay`.

    Each person who wishes for a row lowers its pay by `step`; in the course of the pass it rises by as much per seat,
    up to the `whole` weight. `mean` receives the average over the pass. O(pairs + rounds R).
    Source: Nedic & Bertsekas, Incremental subgradient methods for nondifferentiable optimization, 2001.
    """
    mine = scratch(p)
    mean[:] = 0
    count = len(order)
    for b in range(rounds):
        for i in range(b * count // rounds, (b + 1) * count // rounds):
            _worth, size = wish(p, pay, order[i], mine)
            for k in range(size):
                pay[p.row[mine.pick[mine.best[k]]]] -= step
        for r in range(len(pay)):
            if pay[r] < whole[r]:
                part = step * p.seats[r]
                pay[r] = min(whole[r], pay[r] + part * (b + 1) // rounds - part * b // rounds)
            mean[r] += pay[r]
    for r in range(len(pay)):
        mean[r] //= rounds


@compiled
def take(p: Problem, v: int, a: int, state: State) -> None:
    """Person v gets a free seat by the pair a."""
    r = p.row[a]
    state.seated[state.seat[r] + state.used[r]] = a
    state.used[r] += 1
    state.held[v, state.sizes[v]] = a
    state.sizes[v] += 1


@compiled
def rise(p: Problem, a: int, state: State) -> None:
    """The seat of the pair a becomes free."""
    r = p.row[a]
    last = state.seat[r] + state.used[r] - 1
    for q in range(state.seat[r], last):
        if state.seated[q] == a:
            state.seated[q] = state.seated[last]
            break
    state.used[r] -= 1


@compiled
def drop(p: Problem, v: int, a: int, state: State) -> None:
    """Person v gives up the pair a."""
    rise(p, a, state)
    state.sizes[v] -= 1
    for k in range(state.sizes[v]):
        if state.held[v, k] == a:
            state.held[v, k] = state.held[v, state.sizes[v]]
            break


@compiled
def leave(p: Problem, v: int, state: State) -> None:
    """Person v gives up everything."""
    for k in range(state.sizes[v]):
        rise(p, state.held[v, k], state)
    state.sizes[v] = 0


@compiled
def fits(p: Problem, v: int, s: int, state: State, without: int) -> bool:
    """Whether person v could serve in slot s too, if they gave up the pair `without`."""
    whole, today = p.minutes[s], p.minutes[s]
    for k in range(state.sizes[v]):
        h = state.held[v, k]
        if h != without:
            other = p.slot[p.row[h]]
            if p.clash[p.rest[v], other, s]:
                return False
            whole += p.minutes[other]
            if p.day[other] == p.day[s]:
                today += p.minutes[other]
    return bool(whole <= p.all_minutes[v] and today <= p.day_minutes[v, p.day[s]])


@compiled
def profit(p: Problem, v: int, held: Int32s, size: int) -> int:
    """What the pairs held by person v save."""
    worth = 0
    for k in range(size):
        worth += (p.weight[p.row[held[k]]] - p.cost[held[k]] - p.fairness[k] - p.load[v]) * SCALE
    return worth


@compiled
def value_of(p: Problem, pay: Int32s, v: int, state: State) -> int:
    """What the pairs held by person v are worth to them at these prices."""
    worth = 0
    for k in range(state.sizes[v]):
        a = state.held[v, k]
        worth += pay[p.row[a]] - (p.cost[a] + p.fairness[k] + p.load[v]) * SCALE
    return worth


@compiled
def log_book(p: Problem, room: int) -> Log:
    return Log(
        np.zeros(1, np.int64),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty((room, len(p.fairness)), np.int32),
        np.full(len(p.rest), -1, np.int32),
    )


@compiled
def remember(v: int, chain: int, state: State, log: Log) -> None:
    """What person v holds, before it changes for the first time in this chain."""
    if log.mark[v] != chain:
        n = log.length[0]
        log.mark[v] = chain
        log.people[n], log.sizes[n] = v, state.sizes[v]
        for k in range(state.sizes[v]):
            log.held[n, k] = state.held[v, k]
        log.length[0] += 1


@compiled
def gain(p: Problem, state: State, log: Log) -> int:
    """By how much the objective is lower than before the chain."""
    change = 0
    for n in range(log.length[0]):
        v = log.people[n]
        change += profit(p, v, state.held[v], state.sizes[v]) - profit(p, v, log.held[n], log.sizes[n])
    return change


@compiled
def undo(p: Problem, state: State, log: Log) -> None:
    for n in range(log.length[0]):
        leave(p, log.people[n], state)
    for n in range(log.length[0]):
        for k in range(log.sizes[n]):
            take(p, log.people[n], log.held[n, k], state)


@compiled
def farthest(p: Problem, r: int, state: State) -> int:
    """The pair to be moved first from a full row: that of the highest cost."""
    worst = state.seated[state.seat[r]]
    for q in range(state.seat[r] + 1, state.seat[r] + state.used[r]):
        if p.cost[state.seated[q]] > p.cost[worst]:
            worst = state.seated[q]
    return int(worst)


@compiled
def look_around(
    p: Problem, pay: Int32s, v: int, state: State, mine: Scratch, closed: Int32s, chain: int
) -> tuple[int, int]:
    """What person v would choose in this plan: a free seat is worth its weight, a taken one the pay of its row.

    Full rows that are `closed` in this chain are out of the question; if `chain` is -1, all full rows are.
    """
    first = p.options[v]
    for o in range(first, p.options[v + 1]):
        highest, where = NOTHING, -1
        for a in range(p.pairs[o], p.pairs[o + 1]):
            r = p.row[a]
            amount = NOTHING
            if state.used[r] < p.seats[r]:
                amount = (p.weight[r] - p.cost[a]) * SCALE
            elif chain >= 0 and closed[r] != chain:
                amount = pay[r] - p.cost[a] * SCALE
            if amount > highest:
                highest, where = amount, a
        mine.value[o - first], mine.pick[o - first] = highest, where
    return choose(p, v, mine.value, mine.bound, mine.total, mine.taken, mine.best)


@compiled
def construct(p: Problem, ix: Index, pay: Int32s, order: Int32s, state: State, depth: int) -> int:
    """Each person in order takes what suits best, and those who lose a seat by it look on; returns what was gained.

    A chain ends after `depth` people, and is undone unless it pays. O(order x depth x pairs of a person).
    Source: ejection chains, Glover 1996, guided by Lagrangian prices.
    """
    mine = scratch(p)
    kinds = len(p.fairness)
    log = log_book(p, (depth + 1) * (kinds + 1) + 1)
    queue = np.empty((depth + 1) * (kinds + 1) + 1, np.int32)
    closed = np.full(len(p.seats), -1, np.int32)
    gained = 0
    for n in range(len(order)):
        queue[0], waiting, steps, log.length[0] = order[n], 1, 0, 0
        while waiting > 0:
            waiting -= 1
            v = queue[waiting]
            remember(v, n, state, log)
            leave(p, v, state)
            _worth, size = look_around(p, pay, v, state, mine, closed, n if steps < depth else -1)
            steps += 1
            for k in range(size):
                a = mine.pick[mine.best[k]]
                r = p.row[a]
                if state.used[r] == p.seats[r]:
                    closed[r] = n
                    worst = farthest(p, r, state)
                    queue[waiting] = ix.person[worst]
                    remember(ix.person[worst], n, state, log)
                    drop(p, ix.person[worst], worst, state)
                    waiting += 1
                take(p, v, a, state)
        change = gain(p, state, log)
        if change >= 0:
            gained += change
        else:
            undo(p, state, log)
    return gained


@compiled
def search_room(p: Problem, state: State, room: int) -> Search:
    return Search(
        np.zeros(1, np.int64),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.full(len(state.seated) + len(p.seats), -1, np.int32),
        np.empty(room, np.int32),
    )


@compiled
def push(
    heap: list[tuple[int, int]], find: Search, cost: int, kind: int, what: int, parent: int, mover: int, pair: int
) -> None:
    n = find.length[0]
    if n < len(find.kind):
        find.kind[n], find.what[n], find.parent[n], find.mover[n], find.pair[n] = kind, what, parent, mover, pair
        find.length[0] += 1
        heapq.heappush(heap, (cost, n))


@compiled
def moves(find: Search, node: int, v: int) -> bool:
    """Person v moves somewhere on the way to this node."""
    while node > 0:
        if find.mover[node] == v:
            return True
        node = find.parent[node]
    return False


@compiled
def seat_ejected(
    p: Problem,
    ix: Index,
    pay: Int32s,
    state: State,
    log: Log,
    find: Search,
    heap: list[tuple[int, int]],
    spent: int,
    node: int,
    budget: int,
    chain: int,
    number: int,
) -> None:
    """Ways on for one who has lost the pair `what`: nothing, a free seat, or somebody else's. O(pairs of the person)."""
    lost = find.what[node]
    u = ix.person[lost]
    size = state.sizes[u] + (1 if node == 0 else 0)  # at the start the pair is gone already
    before = spent + pay[p.row[lost]] - p.cost[lost] * SCALE
    cost = before - (p.fairness[size - 1] + p.load[u]) * SCALE
    if cost < budget:
        push(heap, find, cost, END, 0, node, u, -1)
    for o in range(p.options[u], p.options[u + 1]):
        if not fits(p, u, p.option_slot[o], state, lost):
            continue
        for a in range(p.pairs[o], p.pairs[o + 1]):
            r = p.row[a]
            if r == p.row[lost]:
                continue
            free = state.used[r] < p.seats[r]
            cost = before + p.cost[a] * SCALE - (p.weight[r] * SCALE if free else pay[r])
            if cost >= budget:
                continue
            if free:
                push(heap, find, cost, END, 0, node, u, a)
                continue
            for q in range(state.seat[r], state.seat[r] + state.used[r]):
                y = ix.person[state.seated[q]]
                if find.seen[q] != number and log.mark[y] != chain and y != u and not moves(find, node, y):
                    find.seen[q] = number
                    push(heap, find, cost, EJECTED, state.seated[q], node, u, a)


@compiled
def yields(p: Problem, pay: Int32s, state: State, w: int, a: int) -> tuple[int, int, int]:
    """What it costs person w at these prices to take the pair a and give up all that clashes: the cost, how many rows
    of some price that leaves open, and one of them. A cost of -NOTHING: impossible.
    """
    r = p.row[a]
    s = p.slot[r]
    cost = (p.cost[a] + p.load[w]) * SCALE - pay[r]
    left, opened, hole = state.sizes[w], 0, -1
    whole, today = p.minutes[s], p.minutes[s]
    for k in range(state.sizes[w]):
        h = state.held[w, k]
        other = p.slot[p.row[h]]
        if p.row[h] == r:
            return -NOTHING, 0, -1
        if p.clash[p.rest[w], other, s]:
            left -= 1
            cost += pay[p.row[h]] - (p.cost[h] + p.load[w]) * SCALE
            price = p.weight[p.row[h]] * SCALE - pay[p.row[h]]
            if price > SCALE:
                opened, hole = opened + 1, p.row[h]
            else:
                cost += price
        else:
            whole += p.minutes[other]
            if p.day[other] == p.day[s]:
                today += p.minutes[other]
    if left == len(p.fairness) or whole > p.all_minutes[w] or today > p.day_minutes[w, p.day[s]]:
        return -NOTHING, 0, -1
    for k in range(left, state.sizes[w]):
        cost -= p.fairness[k] * SCALE
    return cost + p.fairness[left] * SCALE, opened, hole


@compiled
def fill_hole(
    p: Problem,
    ix: Index,
    pay: Int32s,
    state: State,
    log: Log,
    find: Search,
    heap: list[tuple[int, int]],
    spent: int,
    node: int,
    budget: int,
    chain: int,
    number: int,
) -> None:
    """Ways on for a free seat: it stays free, or somebody takes it, perhaps out of another row. O(pairs of the row)."""
    r = find.what[node]
    price = p.weight[r] * SCALE - pay[r]
    if spent + price < budget:
        push(heap, find, spent + price, END, 0, node, -1, -1)
    for m in range(ix.rows[r], ix.rows[r + 1]):
        a = ix.by_row[m]
        w = ix.person[a]
        if log.mark[w] == chain:
            continue
        cost, opened, hole = yields(p, pay, state, w, a)
        if opened > 1 or spent + cost >= budget or moves(find, node, w):
            continue
        if opened == 0:
            push(heap, find, spent + cost, END, 0, node, w, a)
        elif find.seen[len(state.seated) + hole] != number:
            find.seen[len(state.seated) + hole] = number
            push(heap, find, spent + cost, HOLE, hole, node, w, a)


@compiled
def way_out(
    p: Problem,
    ix: Index,
    pay: Int32s,
    state: State,
    log: Log,
    find: Search,
    kind: int,
    what: int,
    budget: int,
    chain: int,
    number: int,
    limit: int,
) -> tuple[int, int]:
    """The cheapest way, at these prices, to seat one who was ejected or to fill a hole: its cost, and its length.

    Best first over the plan, which does not change; people of the chain so far stay where they are. A length of -1:
    none below the budget within `limit` expansions. `find.path` holds the nodes. O(limit x pairs of a person or row).
    Source: Dijkstra 1959 on the alternating paths of the assignment (Ahuja, Magnanti & Orlin 1993, 12.4).
    """
    find.length[0] = 0
    heap = [(0, 0)]
    heap.pop()
    push(heap, find, 0, kind, what, -1, -1, -1)
    for _expansion in range(limit):
        if len(heap) == 0:
            break
        spent, node = heapq.heappop(heap)
        if spent >= budget:
            break
        if find.kind[node] == END:
            length = 0
            while node > 0:
                find.path[length] = node
                node = find.parent[node]
                length += 1
            return spent, length
        if find.kind[node] == EJECTED:
            seat_ejected(p, ix, pay, state, log, find, heap, spent, node, budget, chain, number)
        else:
            fill_hole(p, ix, pay, state, log, find, heap, spent, node, budget, chain, number)
    return budget, -1


@compiled
def walk(p: Problem, ix: Index, state: State, log: Log, find: Search, length: int, chain: int) -> bool:
    """The moves of the path, from its start; False if one of them turns out to be impossible."""
    for n in range(length - 1, -1, -1):
        node = find.path[n]
        w, a = find.mover[node], find.pair[node]
        if w < 0 or a < 0:
            continue
        remember(w, chain, state, log)
        k = 0
        while k < state.sizes[w]:
            h = state.held[w, k]
            if p.clash[p.rest[w], p.slot[p.row[h]], p.slot[p.row[a]]]:
                drop(p, w, h, state)
            else:
                k += 1
        if find.kind[node] == EJECTED:
            lost = find.what[node]
            remember(ix.person[lost], chain, state, log)
            drop(p, ix.person[lost], lost, state)
        if state.used[p.row[a]] == p.seats[p.row[a]] or not fits(p, w, p.slot[p.row[a]], state, -1):
            return False
        take(p, w, a, state)
    return True


@compiled
def mend(p: Problem, ix: Index, pay: Int32s, heads: Int32s, state: State, limit: int, least: int) -> int:
    """Chains that begin where the plan and the prices disagree by more than `least`; returns what was gained.

    A head is a person who would rather have something else, or (as -1 - row) a free seat whose row has a price. The
    person gets it; everyone who loses a seat, and every priced seat that is left, finds the cheapest way out. A chain
    is undone unless it pays. O(heads x limit x pairs of a person or row) at worst, mostly O(heads x pairs of a person).
    """
    mine = scratch(p)
    kinds = len(p.fairness)
    log = log_book(p, (limit + 4) * 4 * kinds)
    find = search_room(p, state, limit * 8 + 8)
    tokens = np.empty((4 * kinds, 2), np.int32)
    closed = np.full(len(p.seats), -1, np.int32)
    gained, number = 0, 0
    for n in range(len(heads)):
        log.length[0] = 0
        if heads[n] < 0:
            r = -1 - heads[n]
            budget = p.weight[r] * SCALE - pay[r] if state.used[r] < p.seats[r] else 0
            tokens[0, 0], tokens[0, 1], waiting = HOLE, r, 1
        else:
            v, waiting = heads[n], 0
            worth, size = look_around(p, pay, v, state, mine, closed, n)
            budget = worth - value_of(p, pay, v, state)
            if budget > least:
                waiting = move_in(p, ix, pay, v, size, state, mine, log, tokens, n)
        if budget <= least:
            continue
        fine = True
        for q in range(waiting):
            kind, what = tokens[q, 0], tokens[q, 1]
            if kind == HOLE and state.used[what] == p.seats[what]:
                continue
            number += 1
            spent, length = way_out(p, ix, pay, state, log, find, kind, what, budget, n, number, limit)
            budget -= spent
            fine = length >= 0 and walk(p, ix, state, log, find, length, n)
            if not fine:
                break
        change = gain(p, state, log)
        if fine and change > 0:
            gained += change
        else:
            undo(p, state, log)
    return gained


@compiled
def move_in(
    p: Problem,
    ix: Index,
    pay: Int32s,
    v: int,
    size: int,
    state: State,
    mine: Scratch,
    log: Log,
    tokens: Int32s,
    chain: int,
) -> int:
    """Person v gets what they chose; returns how many `tokens` that makes: pairs ejected, rows left with a hole."""
    count = 0
    remember(v, chain, state, log)
    leave(p, v, state)
    for k in range(size):
        a = mine.pick[mine.best[k]]
        r = p.row[a]
        if state.used[r] == p.seats[r]:
            lost = farthest(p, r, state)
            remember(ix.person[lost], chain, state, log)
            drop(p, ix.person[lost], lost, state)
            tokens[count, 0], tokens[count, 1] = EJECTED, lost
            count += 1
        take(p, v, a, state)
    first = log.length[0] - 1
    while log.people[first] != v:
        first -= 1
    for k in range(log.sizes[first]):
        r = p.row[log.held[first, k]]
        if state.used[r] < p.seats[r] and p.weight[r] * SCALE - pay[r] > SCALE:
            tokens[count, 0], tokens[count, 1] = HOLE, r
            count += 1
    return count


@compiled
def joins(p: Problem, v: int, first: int, i: int, taken: Int32s, depth: int) -> bool:
    """Whether person v's i-th option goes together with those taken."""
    s = p.option_slot[first + i]
    today, whole = p.minutes[s], p.minutes[s]
    for k in range(depth):
        other = p.option_slot[first + taken[k]]
        if p.clash[p.rest[v], other, s]:
            return False
        whole += p.minutes[other]
        if p.day[other] == p.day[s]:
            today += p.minutes[other]
    return bool(whole <= p.all_minutes[v] and today <= p.day_minutes[v, p.day[s]])


@compiled
def patterns(p: Problem, v: int, most: int) -> tuple[Int32s, Ints]:
    """All sets of options that person v can serve together, but the empty one: options and where each set begins.

    Stops short of `most` sets. O(sets x K).
    """
    first = p.options[v]
    count = p.options[v + 1] - first
    kinds = len(p.fairness)
    taken = np.empty(kinds, np.int32)
    options = np.empty(most * kinds, np.int32)
    starts = np.zeros(most + 1, np.int64)
    found, depth, i = 0, 0, 0
    while found < most:
        if i < count and depth < kinds:
            if joins(p, v, first, i, taken, depth):
                taken[depth] = i
                depth += 1
                starts[found + 1] = starts[found] + depth
                for k in range(depth):
                    options[starts[found] + k] = first + taken[k]
                found += 1
            i += 1
        elif depth > 0:
            depth -= 1
            i = taken[depth] + 1
        else:
            break
    return options[: starts[found]], starts[: found + 1]


@compiled
def seat_all(p: Problem, ix: Index, pairs: Int32s, state: State, kept: Bools) -> None:
    """Takes one pair after the other as far as seats, rest and hours allow; says which."""
    for n in range(len(pairs)):
        a = pairs[n]
        v, r = ix.person[a], p.row[a]
        if state.used[r] < p.seats[r] and state.sizes[v] < len(p.fairness) and fits(p, v, p.slot[r], state, -1):
            take(p, v, a, state)
            kept[n] = True


@inner
def pair_of(p: Problem, v: int, r: int) -> int:
    """The pair of this person and row, or -1."""
    for o in range(p.options[v], p.options[v + 1]):
        if p.option_slot[o] == p.slot[r]:
            for a in range(p.pairs[o], p.pairs[o + 1]):
                if p.row[a] == r:
                    return a
    return -1


@inner
def closeness(p: Problem, state: State, c: Company, v: int, w: int) -> int:
    """2 for each shift at one point, 1 for each in one slot at different points."""
    found = 0
    for k in range(state.sizes[v]):
        r = p.row[state.held[v, k]]
        for n in range(state.sizes[w]):
            other = p.row[state.held[w, n]]
            if c.point[r] == c.point[other]:
                found += 2
            elif p.slot[r] == p.slot[other]:
                found += 1
    return found


@inner
def measure(p: Problem, state: State, c: Company, t: Trial, n: int, first: bool) -> int:
    """Of the first `n` people: what their shifts cost, into `total[0]`; how close they are to their companions, a pair
    within them counted once, into `total[1]`; the points they leave or come to that have somebody experienced, each
    once, into `total[2]`. -1 if, not `first`, one of these pairs is less close than it was, or one of these points has
    lost its last experienced person; else 0.
    """
    cost, near, at, guided = 0, 0, 0, 0
    for i in range(n):
        v = t.who[i]
        for k in range(state.sizes[v]):
            a = state.held[v, k]
            cost += p.cost[a] + p.fairness[k] + p.load[v] - p.weight[p.row[a]]
        for m in range(c.first[v], c.first[v + 1]):
            w = c.mates[m]
            if (i > 0 and w == t.who[0]) or (i > 1 and w == t.who[1]):
                continue
            found = closeness(p, state, c, v, w)
            if not first and found < t.near[at]:
                return -1
            t.near[at] = found
            near += found
            at += 1
    for i in range(2 * n):
        a = t.takes[i // 2] if i % 2 else t.gives[i // 2]
        where = c.point[p.row[a]] if a >= 0 else -1
        for j in range(i):
            if t.touched[j] == where:
                where = -1
        t.touched[i] = where
        has = where >= 0 and c.skilled[where] > 0
        if not first and t.guided[i] and not has:
            return -1
        t.guided[i] = has
        guided += has
    t.total[0], t.total[1], t.total[2] = cost, near, guided
    return 0


@inner
def count_in(p: Problem, state: State, c: Company, t: Trial, n: int, by: int) -> None:
    """Counts the seats and the experienced people of an exchange (`by` 1), or takes that back (-1)."""
    for i in range(2 * n):
        a = t.takes[i // 2] if i % 2 else t.gives[i // 2]
        if a >= 0:
            step = by if i % 2 else -by
            state.used[p.row[a]] += step
            if c.seasoned[t.who[i // 2]]:
                c.skilled[c.point[p.row[a]]] += step


@inner
def weigh(p: Problem, state: State, c: Company, t: Trial, n: int, worth: int) -> None:
    """Tries an exchange of the first `n` and takes it back; the best one is remembered.

    It has to keep every rule and every filled seat, to pull no companions apart and to take no point's last
    experienced person, and to be at most `worth` points dearer for each point and each step of closeness gained.
    """
    t.left[0] -= 1
    measure(p, state, c, t, n, True)
    cost, near, guided = t.total[0], t.total[1], t.total[2]
    count_in(p, state, c, t, n, 1)
    fine = True
    for i in range(n):
        v = t.who[i]
        t.sizes[i] = state.sizes[v]
        for k in range(state.sizes[v]):
            t.held[i, k] = state.held[v, k]
            if state.held[v, k] == t.gives[i]:
                state.held[v, k] = state.held[v, state.sizes[v] - 1]
        if t.gives[i] >= 0:
            state.sizes[v] -= 1
        if t.takes[i] >= 0 and fine:
            r = p.row[t.takes[i]]
            fine = state.used[r] <= p.seats[r] and state.sizes[v] < len(p.fairness) and fits(p, v, p.slot[r], state, -1)
            state.held[v, min(state.sizes[v], len(p.fairness) - 1)] = t.takes[i]
            state.sizes[v] += 1
    if fine and measure(p, state, c, t, n, False) == 0:
        gained = t.total[1] - near + t.total[2] - guided
        surplus = worth * gained - t.total[0] + cost
        if gained > 0 and surplus > t.surplus[0]:
            t.surplus[0], t.size[0] = surplus, n
            for i in range(n):
                t.best[0, i], t.best[1, i], t.best[2, i] = t.who[i], t.gives[i], t.takes[i]
    count_in(p, state, c, t, n, -1)
    for i in range(n):
        state.sizes[t.who[i]] = t.sizes[i]
        for k in range(t.sizes[i]):
            state.held[t.who[i], k] = t.held[i, k]


@inner
def person_of(p: Problem, a: int) -> int:
    """Whose a pair is: by bisection, since the pairs are sorted by person."""
    low, high = 0, len(p.options) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if p.pairs[p.options[middle]] <= a:
            low = middle
        else:
            high = middle
    return low


@inner
def at_point(p: Problem, state: State, c: Company, v: int, where: int) -> bool:
    found = False
    for k in range(state.sizes[v]):
        found |= c.point[p.row[state.held[v, k]]] == where
    return found


@inner
def bring(p: Problem, state: State, c: Company, v: int, a: int, deep: bool, t: Trial, worth: int) -> None:
    """Tries every way by which person v can take the pair `a`, for each of theirs, or for nothing if they have none: a
    free seat that is worth as much, a change of places with somebody there, or, with `deep`, among three.
    """
    row = p.row[a]
    if at_point(p, state, c, v, c.point[row]):
        return
    for k in range(max(1, state.sizes[v])):
        gives = state.held[v, k] if state.sizes[v] > 0 else -1
        old = p.row[gives] if gives >= 0 else -1
        least = p.weight[old] if gives >= 0 else 0  # what a seat has to be worth to be filled for the old one
        t.who[0], t.gives[0], t.takes[0] = v, gives, a
        if state.used[row] < p.seats[row]:
            if p.weight[row] >= least:
                weigh(p, state, c, t, 1, worth)
            continue
        for q in range(state.seat[row], state.seat[row] + state.used[row]):
            y = person_of(p, state.seated[q])
            t.who[1], t.gives[1] = y, state.seated[q]
            first = p.pairs[p.options[y]]
            for b in range(first - 1, p.pairs[p.options[y + 1]] if deep else first):
                if t.left[0] <= 0:
                    return
                r = p.row[b] if b >= first else old  # to begin with, what v gives
                t.takes[1] = b if b >= first else pair_of(p, y, old) if old >= 0 else -1
                if b >= first and (r == row or not fits(p, y, p.slot[r], state, t.gives[1])):
                    continue
                if b < first or state.used[r] < p.seats[r]:
                    if (t.takes[1] >= 0 and p.weight[r] >= least) or old < 0:
                        weigh(p, state, c, t, 2, worth)
                    continue
                for s in range(state.seat[r], state.seat[r] + state.used[r]):
                    z = person_of(p, state.seated[s])
                    t.who[2], t.gives[2] = z, state.seated[s]
                    t.takes[2] = pair_of(p, z, old) if old >= 0 else -1
                    if z != v and z != y and (old < 0 or t.takes[2] >= 0):
                        weigh(p, state, c, t, 3, worth)


@inner
def exchange(p: Problem, state: State, c: Company, t: Trial) -> int:
    """Makes the best exchange; 0 if there is none."""
    if t.surplus[0] < 0:
        return 0
    n = t.size[0]
    for i in range(n):
        t.who[i], t.gives[i], t.takes[i] = t.best[0, i], t.best[1, i], t.best[2, i]
        if c.seasoned[t.who[i]] and t.gives[i] >= 0:
            c.skilled[c.point[p.row[t.gives[i]]]] -= 1
        if c.seasoned[t.who[i]] and t.takes[i] >= 0:
            c.skilled[c.point[p.row[t.takes[i]]]] += 1
    for i in range(n):
        if t.gives[i] >= 0:
            drop(p, t.who[i], t.gives[i], state)
    for i in range(n):
        if t.takes[i] >= 0:
            take(p, t.who[i], t.takes[i], state)
    return 1


@compiled
def accompany(p: Problem, ix: Index, state: State, c: Company, t: Trial, worth: int, limit: int, passes: int) -> int:
    """For each wish in turn the best exchange, if one is worth it: somebody experienced for each point that has nobody,
    and each person to where each of their companions is. Returns how many exchanges were made.
    """
    count = 0
    for _pass in range(passes):
        before = count
        for where in range(len(c.skilled)):
            if c.skilled[where] == 0:
                t.surplus[0], t.left[0] = -1, limit
                for n in range(c.ends[where], c.ends[where + 1]):
                    for q in range(ix.rows[c.rows[n]], ix.rows[c.rows[n] + 1]):
                        a = ix.by_row[q]
                        if c.seasoned[ix.person[a]] and t.left[0] > 0:
                            bring(p, state, c, ix.person[a], a, False, t, worth)
                count += exchange(p, state, c, t)
        for v in range(len(c.first) - 1):
            for m in range(c.first[v], c.first[v + 1]):
                t.surplus[0], t.left[0] = -1, limit
                w = c.mates[m]
                for n in range(state.sizes[w]):
                    r = p.row[state.held[w, n]]
                    for o in range(p.options[v], p.options[v + 1]):
                        if p.option_slot[o] == p.slot[r] and not at_point(p, state, c, v, c.point[r]):
                            for a in range(p.pairs[o], p.pairs[o + 1]):
                                bring(p, state, c, v, a, True, t, worth)
                count += exchange(p, state, c, t)
        if count == before:
            break
    return count
