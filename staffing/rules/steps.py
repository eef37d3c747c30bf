"""How each number of a plan came about, and what somebody who knew better put in its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from communities.errors import Refusal

type Inputs = dict[str, int | Fraction | str]


@dataclass(frozen=True, slots=True)
class Override:
    """A number that people know better. `key` names a Step; the reason stays with the plan."""

    key: str
    value: int
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """One number: how it came about, and what was put in its place and why."""

    key: str
    value: int | Fraction
    formula: str
    inputs: Mapping[str, int | Fraction | str]
    source: str = ""
    computed: int | Fraction = 0
    reason: str = ""
    open: bool = True  # may be overridden; a sum follows its parts

    @property
    def overridden(self) -> bool:
        return bool(self.reason)


@dataclass(slots=True)
class Ledger:
    """Writes down each number, or what was put in its place."""

    overrides: Mapping[str, Override]
    steps: dict[str, Step] = field(default_factory=dict)

    def put(self, key: str, value: int, formula: str, source: str = "", **inputs: int | Fraction | str) -> int:
        known = self.overrides.get(key)
        chosen = known.value if known else value
        self.steps[key] = Step(key, chosen, formula, inputs, source, value, known.reason if known else "")
        return chosen

    def follow[Number: (int, Fraction)](
        self, key: str, value: Number, formula: str, **inputs: int | Fraction | str
    ) -> Number:
        self.steps[key] = Step(key, value, formula, inputs, computed=value, open=False)
        return value

    def unused(self) -> Iterator[Refusal]:
        for key in self.overrides:
            if key not in self.steps or not self.steps[key].open:
                yield Refusal("override_unused", {"key": key})
