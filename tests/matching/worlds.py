"""Small random instances, and a second opinion: what is allowed and what a plan costs, written out pair by pair."""

from itertools import combinations, product

import numpy as np

from staffing.matching import instances
from staffing.matching.problems import Problem

NAMES = ("A", "B", "C", "D", "E", "N")
HOURS = ((6, 10), (10.5, 14.5), (16, 20), (8, 14), (14, 20), (20, 26))


def world(seed: int, people: int = 30, points: int = 6, days: int = 2, size: float = 4.0) -> dict[str, np.ndarray]:
    """Raw arrays as the instance files have them."""
    r = np.random.default_rng(seed)
    zones = 4
    zxy = r.uniform(0, size, (zones, 2))
    home = r.integers(0, zones, people)
    slots = len(HOURS) * days
    rows = [
        (point, r.integers(0, 3), slot, r.integers(1, 3), r.integers(0, 4), 1)
        for point, slot in product(range(points), range(slots))
        if r.random() < 0.5
    ]
    dp, drole, dslot, dn, dpr, dlang = np.array(rows).T
    raw = {
        "sealed": r.random(zones) < 0.2,
        "zxy": zxy,
        "home": home,
        "vxy": zxy[home] + r.normal(0, 0.05, (people, 2)),
        "reach": r.choice([1.5, 5.0], people),
        "skill": r.integers(1, 8, people),
        "lang": np.ones(people, dtype=np.int64),
        "avail": r.random((people, slots)) < 0.6,
        "rest": r.choice([4.0, 8.0, 11.0], people),
        "maxd": r.choice([8.0, 10.0], people),
        "maxh": r.choice([8.0, 16.0], people),
        "prior": r.gamma(2, 6, people),
        "dp": dp,
        "drole": drole,
        "dslot": dslot,
        "dn": dn,
        "dpr": dpr,
        "dlang": dlang,
        "dz": r.integers(0, zones, points)[dp],
        "sst": np.array([24 * day + start for day in range(days) for start, _end in HOURS], dtype=float),
        "sen": np.array([24 * day + end for day in range(days) for _start, end in HOURS], dtype=float),
    }
    allowed = np.array([rule.passes(row, slice(None)) for row in range(len(dp)) for rule in instances.rules(raw)])
    allowed = allowed.reshape(len(dp), -1, people).all(axis=1).T
    person, row = np.nonzero(allowed)
    way = np.hypot(*(raw["vxy"][person] - zxy[raw["dz"][row]]).T)
    raw |= {
        "ptr": np.concatenate([[0], np.cumsum(allowed.sum(axis=1))]),
        "col": row.astype(np.int32),
        "cost": (way * 10).astype(np.int32),
    }
    return raw


def pairs_of(raw: dict[str, np.ndarray]) -> list[tuple[int, int, int]]:
    """(person, row, cost) of each pair."""
    people = np.repeat(np.arange(len(raw["home"])), np.diff(raw["ptr"]))
    return list(zip(people.tolist(), raw["col"].tolist(), raw["cost"].tolist(), strict=True))


def may_serve(raw: dict[str, np.ndarray], person: int, rows: tuple[int, ...]) -> bool:
    """Rest between any two, hours of each day and of all."""
    slots = [int(raw["dslot"][row]) for row in rows]
    for one, two in combinations(sorted(slots, key=lambda s: raw["sst"][s]), 2):
        if raw["sst"][two] - raw["sen"][one] < raw["rest"][person]:
            return False
    lengths = [(slot // 6, raw["sen"][slot] - raw["sst"][slot]) for slot in slots]
    days = {day: sum(length for other, length in lengths if other == day) for day, _length in lengths}
    return all(hours <= raw["maxd"][person] for hours in days.values()) and sum(days.values()) <= raw["maxh"][person]


def faults(raw: dict[str, np.ndarray], plan: list[int]) -> list[str]:
    """What is wrong with a plan, a list of places of pairs."""
    pairs = pairs_of(raw)
    held: dict[int, list[int]] = {}
    taken: dict[int, int] = {}
    for place in plan:
        person, row, _cost = pairs[place]
        held.setdefault(person, []).append(row)
        taken[row] = taken.get(row, 0) + 1
    found = [f"row {row} is overfull" for row, count in taken.items() if count > raw["dn"][row]]
    return found + [f"person {v} cannot do {rows}" for v, rows in held.items() if not may_serve(raw, v, tuple(rows))]


def cost(raw: dict[str, np.ndarray], plan: list[int]) -> int:
    """The objective of a plan."""
    pairs = pairs_of(raw)
    total = sum(int(n) * int(instances.WEIGHTS[p]) for n, p in zip(raw["dn"], raw["dpr"], strict=True))
    shifts: dict[int, int] = {}
    for place in plan:
        person, row, way = pairs[place]
        step = int(instances.FAIRNESS[shifts.get(person, 0)]) + int(raw["prior"][person])
        total += way + step - int(instances.WEIGHTS[raw["dpr"][row]])
        shifts[person] = shifts.get(person, 0) + 1
    return total


def best_cost(raw: dict[str, np.ndarray]) -> int:
    """The objective of the best plan, by trying everything person by person. For very small worlds."""
    pairs = pairs_of(raw)
    people = len(raw["home"])
    choices: list[list[tuple[int, ...]]] = []
    for person in range(people):
        mine = [place for place, pair in enumerate(pairs) if pair[0] == person]
        sets = [()] + [
            chosen
            for size in (1, 2, 3)
            for chosen in combinations(mine, size)
            if may_serve(raw, person, tuple(pairs[place][1] for place in chosen))
        ]
        choices.append(sets)
    return min(
        cost(raw, plan)
        for picked in product(*choices)
        if not faults(raw, plan := [place for chosen in picked for place in chosen])
    )


def posed(seed: int, **sizes: float) -> tuple[dict[str, np.ndarray], Problem]:
    raw = world(seed, **sizes)  # type: ignore[arg-type]
    return raw, instances.pose(raw)
