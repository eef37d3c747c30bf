"""What every report is made of: a scope, columns that say what they mean, and rows from one statement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import get_language

from communities.access import May
from communities.models import Area
from staffing.rules.charts import Chart
from staffing.rules.reports import percent, too_few

type Words = str | Promise
type Row = Sequence[Any]
type Line = dict[str, Any]


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    COUNT = "count"
    MINUTES = "minutes"
    PERCENT = "percent"
    DAY = "day"
    MOMENT = "moment"


NUMBERS = frozenset({Kind.COUNT, Kind.MINUTES, Kind.PERCENT})


@dataclass(frozen=True, slots=True)
class Scope:
    """An area with everything below it, over [since, until) by its own clock. `names`: the reader may see them."""

    area: Area
    since: datetime
    until: datetime
    zone: ZoneInfo
    way: str = ""
    site: int | None = None
    names: bool = False

    @property
    def values(self) -> Line:
        """What the statements ask for."""
        return {
            "below": f"{self.area.path}%",
            "node": self.area.pk,
            "oldest": self.since,
            "since": self.since,
            "until": self.until,
            "zone": self.zone.key,
            "site": self.site,
        }


@dataclass(frozen=True, slots=True)
class Column:
    """A number or a word of each row. `of`: it is that column in per cent of the other; `adds`: its sum means something."""

    key: str
    name: Words
    meaning: Words = ""
    kind: Kind = Kind.COUNT
    adds: bool = True
    of: tuple[str, str] | None = None

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS


def text(key: str, name: Words, meaning: Words = "") -> Column:
    return Column(key, name, meaning, Kind.TEXT, adds=False)


def moment(key: str, name: Words, meaning: Words = "") -> Column:
    return Column(key, name, meaning, Kind.MOMENT, adds=False)


def day(key: str, name: Words, meaning: Words = "") -> Column:
    return Column(key, name, meaning, Kind.DAY, adds=False)


def minutes(key: str, name: Words, meaning: Words) -> Column:
    return Column(key, name, meaning, Kind.MINUTES)


def share(key: str, name: Words, meaning: Words, of: tuple[str, str] | None = None) -> Column:
    return Column(key, name, meaning, Kind.PERCENT, adds=False, of=of)


@dataclass(frozen=True, slots=True)
class Way:
    """One of several ways to cut the same numbers, with the columns that name a row then."""

    name: Words
    columns: Sequence[Column]


@dataclass(frozen=True, slots=True)
class Report:
    """`read` gives the columns' values in their order, but for those that are a share of others.

    `people` names the column that counts people: who may not see names is not told of fewer than ten, nor of the columns
    in `hides`; with `strict` nobody is. `places`: it can be asked for a single site.
    """

    slug: str
    no: str
    name: Words
    meaning: Words
    columns: Sequence[Column]
    read: Callable[[Scope], Sequence[Row]]
    needs: May = May.SEE
    ways: Mapping[str, Way] = field(default_factory=dict)
    people: str = ""
    hides: frozenset[str] = frozenset()
    strict: bool = False
    places: bool = False
    chart: Callable[[Scope, Sequence[Line]], Chart | None] | None = None

    def way(self, asked: str) -> str:
        """The way asked for, else the first."""
        return asked if asked in self.ways else next(iter(self.ways), "")

    def shown(self, way: str) -> list[Column]:
        """The columns, with those that name a row."""
        return [*(self.ways[way].columns if way in self.ways else ()), *self.columns]


@dataclass(frozen=True, slots=True)
class Table:
    """A report as it is read: None in place of a number is withheld."""

    report: Report
    scope: Scope
    columns: Sequence[Column]
    lines: Sequence[Line]
    total: Line
    chart: Chart | None = None


def table(report: Report, scope: Scope) -> Table:
    """One statement."""
    columns = report.shown(scope.way)
    given = [column.key for column in columns if column.of is None]
    lines = [dict(zip(given, row, strict=True)) for row in report.read(scope)]
    total: Line = {column.key: sum(line[column.key] for line in lines) for column in columns if column.adds}
    if report.people and (report.strict or not scope.names):
        withhold(report, lines, total)
    for column in columns:
        if column.of:
            for line in (*lines, total):
                line[column.key] = percent_of(line, *column.of)
    return Table(report, scope, columns, lines, total, drawn(report, scope, lines))


def percent_of(line: Line, part: str, whole: str) -> int | None:
    """None also where the two do not add up to anything."""
    some, all_of = line.get(part), line.get(whole)
    return None if some is None or all_of is None else percent(some, all_of)


def withhold(report: Report, lines: Sequence[Line], total: Line) -> None:
    found = too_few([line[report.people] for line in lines])
    for index, count in found.groups.items():
        if count is None:
            lines[index].update(dict.fromkeys({report.people} | report.hides))
    if report.people in total and found.total is None:
        total.update(dict.fromkeys(({report.people} | report.hides) & set(total)))


def drawn(report: Report, scope: Scope, lines: Sequence[Line]) -> Chart | None:
    """Nothing of a report that has no picture, no rows, or something in it that is withheld."""
    whole = not any(
        value is None for line in lines for key, value in line.items() if key in report.hides | {report.people}
    )
    return report.chart(scope, lines) if report.chart and lines and whole else None


def named(name: str | None, name_en: str | None) -> str:
    """In the reader's language where it was written in it."""
    return (name_en if name_en and get_language() == "en" else name) or ""


def clock(scope: Scope, at: datetime) -> str:
    return f"{at.astimezone(scope.zone):%H:%M}"


def day_and_clock(scope: Scope, at: datetime) -> str:
    return f"{at.astimezone(scope.zone):%m-%d %H:%M}"


def short_day(day: date) -> str:
    return f"{day:%m-%d}"
