import json
import resource
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Solve a staffing instance in a file: writes the plan, prints one line of JSON."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("instance", type=Path, help="the instance (.npz)")
        parser.add_argument("--seconds", type=float, help="stop after so long, with the best plan so far")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--threads", type=int, default=2)
        parser.add_argument("--warm", type=Path, help="an agreed plan (.npy, 0/1 per pair): few of its pairs move")
        parser.add_argument("--prices", type=Path, help="prices to start from if the file is there, and to keep in it")
        parser.add_argument("--out", type=Path, required=True, help="the plan (.npy, 0/1 per pair)")

    def handle(self, *, instance: Path, out: Path, warm: Path | None, prices: Path | None, **options: Any) -> None:
        import numpy as np

        from staffing.matching import instances
        from staffing.matching.solve import solve

        begin = time.monotonic()
        raw = instances.load(instance)
        problem = instances.pose(raw)
        kept = np.flatnonzero(np.load(warm)) if warm else None
        pay = np.load(prices) if prices and prices.exists() else None
        seconds = options["seconds"] and max(0.1, options["seconds"] - (time.monotonic() - begin))
        found = solve(problem, seconds=seconds, seed=options["seed"], threads=options["threads"], kept=kept, pay=pay)
        chosen = np.zeros(len(problem.row), dtype=np.int8)
        chosen[found.pairs] = 1
        with out.open("wb") as file:
            np.save(file, chosen)
        if prices:
            with prices.open("wb") as file:
                np.save(file, found.pay)
        filled = np.bincount(raw["dpr"][raw["col"][found.pairs]], minlength=4)
        line = {
            "objective": instances.objective_of(problem, found.pairs),
            "filled": int(filled.sum()),
            "filled_by_priority": filled.tolist(),
            "seats": int(problem.seats.sum()),
            "bound": found.bound,
            "gap": round(found.gap, 6),
            "components": found.components,
            "components_proven": found.proven,
            "seconds": round(time.monotonic() - begin, 2),
            "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        if kept is not None:
            line["moved"] = len(kept) - int(np.isin(kept, found.pairs).sum())
            line["objective_with_changes"] = found.objective
        self.stdout.write(json.dumps(line))
