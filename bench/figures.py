"""One line of JSON per figure, on stdout as it is known."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """A measured value. `limit` is what the machine can do at best, `ratio` the part of it reached (or what `bar`
    judges); without a bar it is told, not judged.
    """

    name: str
    value: float
    unit: str
    limit: float | None = None
    ratio: float | None = None
    bar: str = ""
    ok: bool | None = None
    note: str = ""

    def tell(self) -> "Figure":
        row = {key: round(value, 3) if isinstance(value, float) else value for key, value in asdict(self).items()}
        print(json.dumps(row, ensure_ascii=False), flush=True)
        return self


def at_least(name: str, value: float, unit: str, *, limit: float, part: float, note: str = "") -> Figure:
    """At least `part` of the limit."""
    ratio = value / limit
    return Figure(name, value, unit, limit, ratio, f"ratio >= {part}", ratio >= part, note).tell()


def at_most(name: str, value: float, unit: str, *, bar: float, note: str = "") -> Figure:
    return Figure(name, value, unit, bar=f"<= {bar}", ok=value <= bar, note=note).tell()


def exactly(name: str, value: float, expected: float, unit: str = "", note: str = "") -> Figure:
    return Figure(name, value, unit, bar=f"= {expected}", ok=value == expected, note=note).tell()


def median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def percentile(values: Sequence[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]
