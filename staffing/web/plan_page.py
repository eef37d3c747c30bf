"""A demand as a page shows it: the sum on top, rows with their formula, each number open to a better one, three ways."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from communities.models.places import SITE_KINDS
from communities.phrases import say
from staffing.models import Role
from staffing.rules.crews import Option
from staffing.rules.demand import Demand, Need, Window
from staffing.rules.norms import Norm, PostNorm
from staffing.rules.steps import Step
from staffing.states import Basis, Crewing
from staffing.web.norm_words import source_of
from staffing.web.plan_forms import KNOBS, Said, plain
from staffing.web.plan_words import formula, inputs

WIDTH, BAR = 130, 8  # of the drawing beside an option
OTHERS = (
    "blocks",
    "seats",
    "relief",
    "standby",
    "headcount",
    "person_hours",
    "available",
    "gap",
    "share",
    "share_of_all",
)


@dataclass(frozen=True, slots=True)
class Number:
    """One number: what it is called, how it came about, and what somebody wrote in its place."""

    step: Step
    label: str
    typed: str = ""
    reason: str = ""
    error: str = ""

    @property
    def value(self) -> str:
        return shown(self.step, self.step.value)

    @property
    def computed(self) -> str:
        return shown(self.step, self.step.computed)

    @property
    def formula(self) -> str:
        return formula(self.step)

    @property
    def inputs(self) -> Sequence[tuple[str, str]]:
        return inputs(self.step)

    @property
    def source(self) -> str:
        return source_of(self.step.source)

    @property
    def touched(self) -> bool:
        return bool(self.typed or self.reason)


def shown(step: Step, value: int | Fraction) -> str:
    if step.key in ("share", "share_of_all"):
        return f"{round(value * 100)}%"
    return plain(Fraction(value))


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: a value for each place, their sum, the formula, and the numbers it is made of."""

    name: str
    cells: Sequence[int]
    total: int
    how: str
    numbers: Sequence[Number] = ()
    is_sum: bool = False

    @property
    def source(self) -> str:
        return source_of(self.step.source)

    @property
    def touched(self) -> bool:
        return any(number.touched for number in self.numbers)

    @property
    def formula(self) -> str:
        """What all its numbers have in common."""
        return self.numbers[0].formula if self.numbers else ""


@dataclass(frozen=True, slots=True)
class Way:
    """One of the ways to staff the window, drawn as bars (x, y, width)."""

    option: Option
    name: str
    note: str
    bars: Sequence[tuple[int, int, int]]
    best: bool


@dataclass(frozen=True, slots=True)
class Shown:
    demand: Demand
    point: str
    names: Sequence[str]
    lines: Sequence[Line]
    others: Sequence[Number]
    ways: Sequence[Way]
    warnings: Sequence[str]
    said: Sequence[Number] = field(default_factory=tuple)


class Page:
    """Turns one demand into rows. `places` and `roles` are the names of what the keys of the steps stand for."""

    def __init__(self, norm: Norm, demand: Demand, places: Mapping[int, str], said: Said) -> None:
        self.norm, self.demand, self.places, self.said = norm, demand, places, said
        self.roles = {
            role.slug: str(role) for role in Role.objects.filter(slug__in={n.rule.role for n in demand.needs})
        }
        self.keys = [at.place.key for at in demand.places]

    def shown(self) -> Shown:
        lines = list(self.lines())
        others = [self.number(key, other(key)) for key in OTHERS]
        everything = [number for line in lines for number in line.numbers] + others
        return Shown(
            demand=self.demand,
            point=self.point(),
            names=[self.places[key] for key in self.keys],
            lines=lines,
            others=others,
            ways=list(ways(self.demand)),
            warnings=[self.warning(found) for found in self.demand.warnings if found.code != "longer_than_block"],
            said=[number for number in everything if number.step.overridden],
        )

    def number(self, key: str, label: str) -> Number:
        typed, reason = self.said.typed.get(key, ("", ""))
        return Number(self.demand.steps[key], label, typed, reason, self.said.errors.get(key, ""))

    def lines(self) -> Iterator[Line]:
        if self.norm.lane_rate is not None:
            yield self.lanes()
        if self.norm.lanes_per_point > 1:
            yield self.points()
        own = [rule for rule in self.norm.rules if rule.counts]
        for basis, rules in groupby(sorted(own, key=lambda rule: ORDER[rule.basis]), key=lambda rule: rule.basis):
            yield self.group(basis, list(rules))
        yield self.line(_("On duty at the same time"), own, _("The rows above, added up"), is_sum=True)
        for rule in self.norm.rules:
            if not rule.counts:
                how = _("%(sentence)s; sent by others, not counted") % {"sentence": per([rule], self.roles)}
                yield self.line(self.roles.get(rule.role, rule.role), [rule], how)

    def lanes(self) -> Line:
        cells = [at.lanes for at in self.demand.places]
        name = self.point() if self.norm.lanes_per_point == 1 else _("Lanes")
        numbers = [self.number(f"lanes.{key}", self.label(key, name)) for key in self.keys]
        facts = {
            "share": plain((1 - self.norm.home_share) * 100),
            "rate": plain(self.norm.lane_rate or Fraction()),
            "hours": plain(self.demand.window.hours),
        }
        how = _("residents × %(share)s%% ÷ (%(rate)s an hour × %(hours)s h), rounded up in each place") % facts
        return Line(name[:1].upper() + name[1:], cells, sum(cells), how, numbers)

    def point(self) -> str:
        return _("%(kind)ss") % {"kind": SITE_KINDS.get(self.norm.point_kind, self.norm.point_kind)}

    def points(self) -> Line:
        cells = [at.points for at in self.demand.places]
        how = _("lanes ÷ %(per)s, rounded up") % {"per": self.norm.lanes_per_point}
        numbers = [self.number(f"points.{key}", self.label(key, self.point())) for key in self.keys]
        return Line(self.point(), cells, sum(cells), how, numbers)

    def group(self, basis: Basis, rules: Sequence[PostNorm]) -> Line:
        name = self.roles.get(rules[0].role, rules[0].role) if len(rules) == 1 else str(group_name(basis))
        return self.line(name, rules, per(rules, self.roles))

    def line(self, name: str, rules: Iterable[PostNorm], how: str, *, is_sum: bool = False) -> Line:
        wanted = {rule.role for rule in rules}
        needs = [need for need in self.demand.needs if need.rule.role in wanted]
        cells = [sum(need.number for need in needs if need.place == key) for key in self.keys]
        numbers = (
            []
            if is_sum
            else [
                self.number(key_of(need), self.label(need.place, self.roles.get(need.rule.role, need.rule.role)))
                for need in needs
            ]
        )
        return Line(name, cells, sum(need.number for need in needs), how, numbers, is_sum)

    def label(self, place: int | None, name: str) -> str:
        return name if place is None else _("%(place)s, %(role)s") % {"place": self.places[place], "role": name}

    def warning(self, found: Any) -> str:
        facts = {name: plain(value) if isinstance(value, Fraction) else value for name, value in found.facts.items()}
        if found.code == "households_estimated":
            facts["place"] = self.places.get(facts["place"], facts["place"])
        if found.code in ("guide_differs", "outside_range"):
            name = "what" if found.code == "guide_differs" else "name"
            facts[name] = self.roles.get(facts[name]) or str(
                KNOBS.get(facts[name]) or CHECKED.get(facts[name], facts[name])
            )
        if found.code == "guide_differs" and facts["low"] == facts["high"]:
            return _("The guide has %(low)s for %(what)s; the plan has %(value)s.") % facts
        return str(say(type(found)(found.code, facts)))


CHECKED = {"points": pgettext_lazy("plan", "points"), "lanes": pgettext_lazy("plan", "lanes")}
ORDER = {basis: place for place, basis in enumerate(Basis)}


def key_of(need: Need) -> str:
    return f"posts.{need.rule.role}" + (f".{need.place}" if need.place is not None else "")


def group_name(basis: Basis) -> str:
    return {
        Basis.LANE: _("Posts on the lanes"),
        Basis.POINT: _("Posts at the points"),
        Basis.COMPOUND: _("Posts of each compound"),
        Basis.HOUSEHOLD: _("Posts by households"),
        Basis.RESIDENT: _("Posts by residents"),
        Basis.ENTRANCE: _("Posts by entrances"),
        Basis.FIXED: _("Posts needed once"),
    }[basis]


def per(rules: Sequence[PostNorm], roles: Mapping[str, str]) -> str:
    """One formula for rules with the same basis: 7 in each compound: lead 1, gate 2 …"""
    if len({rule.per for rule in rules}) > 1:
        return _("; ").join(per([rule], roles) for rule in rules)
    each, people = rules[0].per, sum(rule.quantity for rule in rules)
    facts = {"n": people, "per": each, "roles": listed(rules, roles)}
    return (MANY if each > 1 else ONE)[rules[0].basis](facts)


def listed(rules: Sequence[PostNorm], roles: Mapping[str, str]) -> str:
    if len(rules) == 1:
        return ""
    named = _(", ").join(f"{roles.get(rule.role, rule.role)} {rule.quantity}" for rule in rules)
    return _(": %(roles)s") % {"roles": named}


ONE = {
    Basis.LANE: lambda facts: _("%(n)s on each lane%(roles)s") % facts,
    Basis.POINT: lambda facts: _("%(n)s at each point%(roles)s") % facts,
    Basis.COMPOUND: lambda facts: _("%(n)s in each compound%(roles)s") % facts,
    Basis.HOUSEHOLD: lambda facts: _("%(n)s for each household%(roles)s") % facts,
    Basis.RESIDENT: lambda facts: _("%(n)s for each resident%(roles)s") % facts,
    Basis.ENTRANCE: lambda facts: _("%(n)s at each entrance%(roles)s") % facts,
    Basis.FIXED: lambda facts: _("%(n)s in all%(roles)s") % facts,
}
MANY = {
    Basis.LANE: lambda facts: _("%(n)s for every %(per)s lanes, rounded up%(roles)s") % facts,
    Basis.POINT: lambda facts: _("%(n)s for every %(per)s points, rounded up%(roles)s") % facts,
    Basis.COMPOUND: lambda facts: _("%(n)s in each compound%(roles)s") % facts,
    Basis.HOUSEHOLD: lambda facts: _("%(n)s for every %(per)s households, rounded up%(roles)s") % facts,
    Basis.RESIDENT: lambda facts: _("%(n)s for every %(per)s residents, rounded up%(roles)s") % facts,
    Basis.ENTRANCE: lambda facts: _("%(n)s for every %(per)s entrances, rounded up%(roles)s") % facts,
    Basis.FIXED: lambda facts: _("%(n)s in all%(roles)s") % facts,
}


def other(key: str) -> str:
    return {
        "blocks": pgettext("plan", "Blocks"),
        "seats": _("Seats, all blocks together"),
        "relief": _("Relief"),
        "standby": _("Standby"),
        "headcount": _("People for the whole window"),
        "person_hours": _("Hours of people"),
        "available": _("Staff you have"),
        "gap": _("Volunteers to find"),
        "share": _("Volunteers' part of the hours"),
        "share_of_all": _("Their part with those sent by others"),
    }[key]


def ways(demand: Demand) -> Iterator[Way]:
    """Three ways side by side; just one where the window is a single block."""
    for option in demand.options if len(demand.blocks) > 1 else demand.options[:1]:
        name, note = WAYS[option.crewing](demand, option)
        best = option.crewing == Crewing.STAGGERED or len(demand.blocks) == 1
        yield Way(option, name, note, bars(option, len(demand.blocks)), best)


def through(demand: Demand, option: Option) -> tuple[str, str]:
    hours = plain(demand.window.hours)
    if not option.needs_override:
        return _("One block"), _("%(hours)s h in one go.") % {"hours": hours}
    note = _("%(hours)s h without relief. The lead in charge has to allow it and say why.") % {"hours": hours}
    return _("One crew all through"), note


def in_turn(demand: Demand, option: Option) -> tuple[str, str]:
    n = option.relief
    note = ngettext(
        "%(n)s person more relieves the others in turn.", "%(n)s people more relieve the others in turn.", n
    )
    return _("Breaks in turn"), note % {"n": n} + " " + _("Nobody stands longer than the limit in one go.")


def crews(demand: Demand, option: Option) -> tuple[str, str]:
    change = _(", ").join(f"{timezone.localtime(block.start):%H:%M}" for block in demand.blocks[1:])
    facts = {"at": change, "hours": length(demand.blocks[0])}
    return _("A crew for each block"), _("Change at %(at)s, %(hours)s each. Easiest to do, hardest to find.") % facts


WAYS = {Crewing.SAME_CREW: through, Crewing.STAGGERED: in_turn, Crewing.TWO_CREWS: crews}


def length(block: Window) -> str:
    minutes = int((block.end - block.start) / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    return _("%(h)s h %(m)s min") % {"h": hours, "m": rest} if rest else _("%(h)s h") % {"h": hours}


def bars(option: Option, blocks: int) -> Sequence[tuple[int, int, int]]:
    if option.crewing == Crewing.STAGGERED:
        return [(0, 0, 44), (54, 0, 76), (0, 13, 70), (80, 13, 50)]
    if option.crews <= 1:
        return [(0, 7, WIDTH)]
    step = WIDTH // option.crews
    return [(n * step, n % 2 * 13, step) for n in range(option.crews)]
