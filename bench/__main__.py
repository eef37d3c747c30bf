"""python -m bench [PREFIX]: run the benches whose names begin so, print a JSON line per figure, then a table.

Ends with 1 if a bar was missed.
"""

import importlib
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

from bench.figures import Figure
from bench.system import System, commit, running

BENCHES = ["start", "signup", "pages", "api", "reminders", "callup", "matching", "imports", "chain", "plan"]
BENCHES += ["zones", "command", "reports"]


def table(figures: list[Figure]) -> str:
    rows = [("name", "value", "unit", "limit", "bar", "reached", "")]
    for one in figures:
        limit = f"{one.limit:,.0f}" if one.limit else ""
        ratio = f"{one.ratio:.2f}" if one.ratio is not None else ""
        verdict = {True: "ok", False: "MISSED", None: ""}[one.ok]
        rows.append((one.name, f"{one.value:,.1f}", one.unit, limit, one.bar, ratio, verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(7)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def measured(name: str, system: System) -> Iterator[Figure]:
    try:
        yield from importlib.import_module(f"bench.{name}").run(system)
    except Exception as error:
        traceback.print_exc()
        yield Figure(name, 0, "", bar="runs", ok=False, note=f"{type(error).__name__}: {error}").tell()


def main(wanted: str) -> int:
    """Whatever goes wrong in one bench, the others are run."""
    chosen = [name for name in BENCHES if name.startswith(wanted.split(".")[0])] if wanted else BENCHES
    figures: list[Figure] = []
    with running() as system:
        for name in chosen:
            figures += measured(name, system)
    print(f"\n{commit()} {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n{table(figures)}", file=sys.stderr)
    return 1 if any(one.ok is False for one in figures) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
