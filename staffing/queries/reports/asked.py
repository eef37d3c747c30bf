"""A report as somebody asks for it: only those they may read, of an area they may see, for days that make sense."""

from collections.abc import Sequence
from dataclasses import dataclass

from communities.access import May, Visitor, may
from communities.errors import Forbidden
from communities.models import Area
from communities.queries.customs import customs_in
from staffing.queries.reports import ALL
from staffing.queries.reports.shape import Report, Scope, Table, table
from staffing.rules.reports import Days


@dataclass(frozen=True, slots=True)
class Wish:
    """Which area, over which days, cut in which way, of which site alone."""

    area: Area
    days: Days
    way: str = ""
    site: int | None = None


def readable(user: Visitor, area: Area) -> Sequence[Report]:
    """The reports that the reader may read about the area."""
    return [report for report in ALL if may(user, report.needs, area)]


def scope_of(report: Report, wish: Wish, user: Visitor) -> Scope:
    zone = customs_in([wish.area])[wish.area.pk].zone
    since, until = wish.days.span(zone)
    site = wish.site if report.places else None
    return Scope(wish.area, since, until, zone, report.way(wish.way), site, names=may(user, May.NAMES, wish.area))


def read(report: Report, wish: Wish, user: Visitor) -> Table:
    """Raises Forbidden if it holds names that the reader may not see."""
    if not may(user, report.needs, wish.area):
        raise Forbidden
    return table(report, scope_of(report, wish, user))
