"""What a plan is reckoned with (domain.md 2.2): the numbers of a norm, each with its range and its source.

Nothing here knows one kind of emergency. A *lane* is whatever serves people one after another: a registration table,
a boat, a water table; a *point* is a place with one or more lanes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import Any

from staffing.states import Basis

COUNTED_IN_MANY = frozenset({Basis.HOUSEHOLD, Basis.RESIDENT})


@dataclass(frozen=True, slots=True)
class Range:
    """Where a number usually lies, and who says so."""

    low: Fraction | None = None
    high: Fraction | None = None
    source: str = ""

    def holds(self, value: Fraction) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


ANYWHERE = Range()


@dataclass(frozen=True, slots=True)
class PostNorm:
    """`quantity` people of a role for every `per` of the basis begun.

    `site`: the kind of site they stand at; empty, the points for lanes and points, the common site for all else.
    `counts`: the community has to find them; others come from an agency, or are persons of these kinds.
    `block`: hours in one go where the role has its own.
    """

    role: str
    basis: Basis
    quantity: int = 1
    per: int = 1
    site: str = ""
    counts: bool = True
    kinds: tuple[str, ...] = ()
    agency: int | None = None
    block: Fraction | None = None
    range: Range = ANYWHERE

    @property
    def figure(self) -> Fraction:
        """The number its range speaks of."""
        return Fraction(self.per if self.basis in COUNTED_IN_MANY else self.quantity)


@dataclass(frozen=True, slots=True)
class Check:
    """A guide's figure to compare with: one of `what` ("points", "lanes" or a role) for `low` to `high` residents."""

    what: str
    low: Fraction
    high: Fraction
    source: str = ""


@dataclass(frozen=True, slots=True)
class Norm:
    """`lane_rate`: people an hour on one lane, all in; None: no lanes are needed. Hours are hours, shares 0 to 1."""

    lane_rate: Fraction | None = Fraction(75)
    home_share: Fraction = Fraction(2, 100)
    block_hours: Fraction = Fraction(4)
    day_hours: Fraction = Fraction(8)
    break_hours: Fraction = Fraction(1, 2)
    standby_share: Fraction = Fraction(5, 100)
    household_size: Fraction = Fraction(2325, 1000)
    lanes_per_point: int = 1
    point_kind: str = "sampling_point"
    common_kind: str = "compound_post"
    rules: tuple[PostNorm, ...] = ()
    checks: tuple[Check, ...] = ()
    ranges: Mapping[str, Range] = field(default_factory=dict)

    def site_of(self, rule: PostNorm) -> str:
        if rule.site:
            return rule.site
        return self.point_kind if rule.basis in {Basis.LANE, Basis.POINT} else self.common_kind

    def source(self, name: str) -> str:
        return self.ranges[name].source if name in self.ranges else ""

    def numbers(self) -> Iterator[tuple[str, Fraction, Range]]:
        """Every number that has a range, by name."""
        for name, known in self.ranges.items():
            if (value := getattr(self, name)) is not None:
                yield name, Fraction(value), known
        for rule in self.rules:
            yield rule.role, rule.figure, rule.range


NUMBERS = ("lane_rate", "home_share", "block_hours", "day_hours", "break_hours", "standby_share", "household_size")


def errors(norm: Norm) -> dict[str, str]:
    """Per field, the code of what makes the norm impossible to reckon with; empty if it will do."""
    found = {}
    for name in ("lane_rate", "block_hours", "day_hours", "household_size"):
        if (value := getattr(norm, name)) is not None and value <= 0:
            found[name] = "not_positive"
    if not 0 <= norm.home_share < 1:
        found["home_share"] = "not_a_share"
    if not 0 <= norm.standby_share <= 1:
        found["standby_share"] = "not_a_share"
    if not 0 <= norm.break_hours < norm.block_hours:
        found["break_hours"] = "break_too_long"
    if norm.lanes_per_point < 1:
        found["lanes_per_point"] = "not_positive"
    if any(rule.quantity < 1 or rule.per < 1 for rule in norm.rules):
        found["rules"] = "not_positive"
    if any(rule.block is not None and rule.block <= norm.break_hours for rule in norm.rules):
        found["rules"] = "break_too_long"
    return found


def changed(norm: Norm, numbers: Mapping[str, Any]) -> Norm:
    """The norm with other numbers: by name, or "per.<role>" and "quantity.<role>". Raises KeyError for any other."""
    plain = {name: exact(value) for name, value in numbers.items() if name in NUMBERS}
    whole = {name: int(value) for name, value in numbers.items() if name not in NUMBERS}
    lanes = {"lanes_per_point": whole.pop("lanes_per_point")} if "lanes_per_point" in whole else {}
    rules = {rule.role: rule for rule in norm.rules}
    for name, value in whole.items():
        part, _dot, role = name.partition(".")
        if part not in {"per", "quantity"}:
            raise KeyError(name)
        known = rules[role]
        rules[role] = replace(known, per=value) if part == "per" else replace(known, quantity=value)
    return replace(norm, **plain, **lanes, rules=tuple(rules.values()))  # type: ignore[arg-type]


def written(norm: Norm) -> dict[str, Any]:
    """The norm as JSON numbers, so that a plan keeps what it was made with."""
    found: dict[str, Any] = {name: number(getattr(norm, name)) for name in NUMBERS}
    found |= {name: getattr(norm, name) for name in ("lanes_per_point", "point_kind", "common_kind")}
    found["rules"] = [written_rule(rule) for rule in norm.rules]
    found["checks"] = [
        {"what": check.what, "low": number(check.low), "high": number(check.high), "source": check.source}
        for check in norm.checks
    ]
    found["ranges"] = {name: written_range(known) for name, known in norm.ranges.items()}
    return found


def written_rule(rule: PostNorm) -> dict[str, Any]:
    plain = {each.name: getattr(rule, each.name) for each in fields(rule)}
    return plain | {
        "basis": str(rule.basis),
        "kinds": list(rule.kinds),
        "block": number(rule.block),
        "range": written_range(rule.range),
    }


def written_range(known: Range) -> dict[str, Any]:
    return {"low": number(known.low), "high": number(known.high), "source": known.source}


def number(value: Fraction | None) -> int | float | None:
    """As JSON writes it. Read back by `exact`, a decimal of up to 15 digits is the same number."""
    if value is None or value.denominator == 1:
        return None if value is None else value.numerator
    return float(value)


def exact(value: Any) -> Fraction | None:
    return None if value is None else Fraction(str(value))


def read(plain: Mapping[str, Any]) -> Norm:
    """What `written` wrote."""
    return Norm(
        **{name: exact(plain[name]) for name in NUMBERS},  # type: ignore[arg-type]
        **{name: plain[name] for name in ("lanes_per_point", "point_kind", "common_kind")},
        rules=tuple(read_rule(rule) for rule in plain["rules"]),
        checks=tuple(
            Check(c["what"], Fraction(str(c["low"])), Fraction(str(c["high"])), c["source"]) for c in plain["checks"]
        ),
        ranges={name: read_range(known) for name, known in plain["ranges"].items()},
    )


def read_rule(plain: Mapping[str, Any]) -> PostNorm:
    return PostNorm(
        **{
            **plain,
            "basis": Basis(plain["basis"]),
            "kinds": tuple(plain["kinds"]),
            "block": exact(plain["block"]),
            "range": read_range(plain["range"]),
        }
    )


def read_range(plain: Mapping[str, Any]) -> Range:
    return Range(exact(plain["low"]), exact(plain["high"]), plain["source"])


def said(value: Fraction | None) -> str:
    """For a sentence: at most four decimals; nothing known is a dash."""
    return "–" if value is None else f"{float(value):.4f}".rstrip("0").rstrip(".")
