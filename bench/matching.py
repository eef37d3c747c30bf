"""Staffing at city scale on the instances of ../shared/data/matching; each plan is judged by the checker there.

Every solve is a process of its own, so that its memory is its own; the first one fills the compiler's cache.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.figures import Figure, at_least, at_most, exactly, median
from bench.system import HOME, System

SHARED = HOME.parent / "shared" / "data" / "matching"
KNOWN = {"S": 7_393, "M": 10_260_704}  # proven by HiGHS
FLOW = 113_061  # seats of L that the cheapest flow without rest and hours fills


def run(_system: System) -> Iterator[Figure]:
    if not SHARED.exists():
        print("matching: the instances of ../shared/data/matching are not here", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory(prefix="redvest-matching-") as name:
        folder = Path(name)
        for size in ("S", "M", "L"):
            python(str(SHARED / "generate.py"), size, str(folder / f"{size}.npz"))
        solve(folder, "S")  # compiles
        yield from small(folder)
        yield from middle(folder)
        yield from large(folder)
        yield from again(folder)
        yield from one_cancels(folder)
        yield from why(folder)


def python(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=HOME, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{arguments[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def solve(folder: Path, name: str, *options: str, out: str = "") -> dict[str, Any]:
    """The line of solve_instance and, as "checked", that of the independent checker; they have to agree."""
    plan = str(folder / f"{out or name}.npy")
    instance = str(folder / f"{name}.npz")
    line = json.loads(python("-m", "tools.manage", "solve_instance", instance, *options, "--out", plan))
    line["checked"] = json.loads(python(str(SHARED / "check.py"), instance, plan))
    assert line["checked"]["ok"], line
    assert line["checked"]["Z"] == line["objective"], line
    return line


def told(line: dict[str, Any]) -> str:
    return f"{line['objective']:,}, {line['filled']:,} of {line['seats']:,} seats, bound {line['bound']:,}"


def small(folder: Path) -> Iterator[Figure]:
    line = solve(folder, "S")
    yield exactly("matching.S.objective", line["objective"], KNOWN["S"], note=told(line))
    yield exactly("matching.S.bound", line["bound"], KNOWN["S"], note="proven by the run itself")
    yield at_most("matching.S.seconds", line["seconds"], "s", bar=2)


def middle(folder: Path) -> Iterator[Figure]:
    line = solve(folder, "M")
    above = (line["objective"] / KNOWN["M"] - 1) * 100
    yield at_most("matching.M.above_optimum", above, "%", bar=0.1, note=told(line))
    yield at_most("matching.M.seconds", line["seconds"], "s", bar=10)
    left = line["components"] - line["components_proven"]
    yield at_most(
        "matching.M.unproven", left, "", bar=1, note=f"of {line['components']} components; the rest has 1,743 people"
    )


def large(folder: Path) -> Iterator[Figure]:
    flows = json.loads(python("-m", "bench.flows", str(folder / "L.npz")))
    line = solve(folder, "L", "--prices", str(folder / "prices.npy"))
    again = json.loads(python("-m", "bench.flows", str(folder / "L.npz")))
    limits = {name: max(flows[name], again[name]) for name in ("max_flow", "min_cost_flow")}
    yield at_most("matching.L.gap", line["gap"] * 100, "%", bar=0.1, note=told(line))
    for name, times in (("min_cost_flow", 1.5), ("max_flow", 40)):
        seconds, limit = line["seconds"], limits[name]
        yield Figure(
            f"matching.L.against_{name}",
            seconds,
            "s",
            limit,
            seconds / limit,
            f"ratio <= {times}",
            seconds <= times * limit,
        ).tell()
    yield at_most("matching.L.memory", line["peak_memory_mib"], "MiB", bar=1024)
    note = f"of a flow without rest and hours; a maximum flow reaches {flows['filled']:,}"
    yield at_least("matching.L.filled", line["filled"], "seats", limit=FLOW, part=0.98, note=note)
    short = solve(folder, "L", "--seconds", "15", out="short")
    yield at_most("matching.L.after_15_s", short["gap"] * 100, "%", bar=2, note=f"{told(short)}, {short['seconds']} s")


def again(folder: Path) -> Iterator[Figure]:
    """One in ten people cancels; the plan is made again, with what is left of the old one and its prices."""
    with np.load(folder / "L.npz") as file:
        raw = {name: file[name] for name in file.files}
    gone = np.random.default_rng(7).random(int(raw["V"])) < 0.1
    person = np.repeat(np.arange(int(raw["V"])), np.diff(raw["ptr"]))
    stays = ~gone[person]
    lengths = np.where(gone, 0, np.diff(raw["ptr"]))
    raw |= {"ptr": np.concatenate([[0], np.cumsum(lengths)]), "col": raw["col"][stays], "cost": raw["cost"][stays]}
    np.savez(folder / "R.npz", **raw)
    np.save(folder / "old.npy", np.load(folder / "L.npy")[stays])
    free = solve(folder, "R", out="free")
    kept = solve(folder, "R", "--warm", str(folder / "old.npy"), "--prices", str(folder / "prices.npy"))
    survived = int(np.load(folder / "old.npy").sum())
    worse = (kept["objective"] / free["objective"] - 1) * 100
    yield at_most(
        "matching.replan.moved", kept["moved"] / survived * 100, "%", bar=8, note=f"of {survived:,} placements"
    )
    yield at_most("matching.replan.worse", worse, "%", bar=0.1, note=f"than {told(free)}; in {kept['seconds']} s")


def one_cancels(folder: Path) -> Iterator[Figure]:
    from staffing.matching import construction, instances, stability
    from staffing.matching.problems import empty, held_pairs, index

    p = instances.pose(instances.load(folder / "L.npz"))
    ix, state, pay = index(p), empty(p), np.load(folder / "prices.npy")
    construction.adopt(p, ix, state, stability.sorted_pairs(p, np.flatnonzero(np.load(folder / "L.npy"))))
    busy = np.unique(ix.person[held_pairs(state)])
    times, moved = [], []
    for person in np.random.default_rng(1).choice(busy, 21, replace=False):
        begin = time.perf_counter()
        found = stability.repair(p, ix, pay, state, np.array([person]))
        times.append((time.perf_counter() - begin) * 1000)
        moved.append(int((ix.person[found.gone] != person).sum()))
    yield at_most("matching.replan.one", median(times[1:]), "ms", bar=100, note=f"others moved: {max(moved)} at most")


def why(folder: Path) -> Iterator[Figure]:
    from collections import Counter

    from staffing.matching import construction, instances, reasons, stability
    from staffing.matching.problems import empty, index

    raw = instances.load(folder / "M.npz")
    p, rules = instances.pose(raw), instances.rules(raw)
    ix, state = index(p), empty(p)
    construction.adopt(p, ix, state, stability.sorted_pairs(p, np.flatnonzero(np.load(folder / "M.npy"))))
    rows = np.flatnonzero(state.used < p.seats)
    begin = time.perf_counter()
    found = [reasons.emptiness(p, ix, state, int(r), rules) for r in rows]
    each = (time.perf_counter() - begin) * 1000 / sum(one.seats for one in found)
    kinds = ", ".join(f"{name} {count}" for name, count in Counter(one.binding for one in found).most_common())
    yield exactly(
        "matching.reasons.seats", sum(one.seats for one in found), int((p.seats - state.used).sum()), note=kinds
    )
    yield at_most("matching.reasons.each", each, "ms", bar=3)
