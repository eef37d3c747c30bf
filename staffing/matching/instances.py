"""Instances in files (.npz): what they hold, and the problem they pose."""

from pathlib import Path

import numpy as np

from staffing.matching.problems import Array, Problem, clashes, objective, problem
from staffing.matching.reasons import Rule
from staffing.matching.stability import sorted_pairs

Raw = dict[str, Array]

SLOTS_A_DAY = 6
WEIGHTS = np.array([8000, 4000, 2000, 1000], dtype=np.int32)  # of an unfilled seat, by priority
FAIRNESS = np.array([0, 15, 45, 90, 150, 225, 315, 420, 540, 675], dtype=np.int32)  # of a person's k-th shift


def load(path: Path | str) -> Raw:
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def minutes(hours: Array) -> Array:
    return np.rint(hours * 60).astype(np.int32)


def pose(raw: Raw, *, weights: Array = WEIGHTS, fairness: Array = FAIRNESS) -> Problem:
    """The problem of an instance. Hours become minutes; rests that are equal become one kind."""
    start, end = minutes(raw["sst"]), minutes(raw["sen"])
    rests, kind = np.unique(minutes(raw["rest"]), return_inverse=True)
    return problem(
        ptr=raw["ptr"],
        row=raw["col"],
        cost=raw["cost"],
        slot=raw["dslot"],
        seats=raw["dn"],
        weight=weights[raw["dpr"]],
        start=start,
        end=end,
        day=np.arange(len(start)) // SLOTS_A_DAY,
        clash=clashes(start, end, rests),
        rest=kind,
        day_minutes=minutes(raw["maxd"]),
        all_minutes=minutes(raw["maxh"]),
        load=np.floor(raw["prior"]),
        fairness=fairness,
    )


def objective_of(p: Problem, given: Array) -> int:
    """The objective of pairs in the order they were given in."""
    return objective(p, sorted_pairs(p, given))


def rules(raw: Raw) -> list[Rule]:
    """The rules that make a pair eligible, to be asked one by one."""
    home, sealed, zone, slot = raw["home"], raw["sealed"], raw["dz"], raw["dslot"]
    return [
        Rule("zone", lambda r, v: (home[v] == zone[r]) | ~(sealed[home[v]] | sealed[zone[r]])),
        Rule("absent", lambda r, v: raw["avail"][v, slot[r]]),
        Rule("role", lambda r, v: (raw["skill"][v] >> raw["drole"][r]) & 1 == 1),
        Rule("language", lambda r, v: raw["lang"][v] & raw["dlang"][r] == raw["dlang"][r]),
        Rule("distance", lambda r, v: np.hypot(*(raw["vxy"][v] - raw["zxy"][zone[r]]).T) <= raw["reach"][v], rank=0),
    ]
