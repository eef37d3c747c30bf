"""What everybody may know: how many people served how long, by whole months and never of fewer than ten people."""

from datetime import date
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from communities.models import Area
from communities.models.areas import DEFAULT_ZONE
from communities.queries.customs import customs_in
from staffing.queries.reports import REPORTS
from staffing.queries.reports.shape import Scope, Table, table
from staffing.rules.reports import month_of, months_over, whole_month
from staffing.rules.withholding import SMALLEST

SHOWN = ("statistics", "share")
COLUMNS = ("people", "minutes")
KEPT = 600  # seconds
TREES = 20  # areas with nothing above them


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Of the trees of areas from their tops: a page further down would let one subtract."""
    months = months_over(timezone.localdate(timezone=DEFAULT_ZONE))
    month = month_of(request.GET.get("month", "")) if "month" in request.GET else months[0]
    if month not in months:
        raise Http404
    context = {"found": kept(month), "month": month, "months": months, "smallest": SMALLEST}
    return render(request, "staffing/statistics.html", context)


def kept(month: date) -> list[Any]:
    """Read once in ten minutes for all who ask."""
    key = f"statistics:{month:%Y-%m}:{get_language()}"
    found: list[Any] | None = cache.get(key)
    if found is None:
        found = [of_area(area, month) for area in Area.objects.filter(parent=None).order_by("path")[:TREES]]
        cache.set(key, found, KEPT)
    return found


def of_area(area: Area, month: date) -> tuple[str, list[Any]]:
    zone = customs_in([area])[area.pk].zone
    since, until = whole_month(month).span(zone)
    return str(area), [plain(table(REPORTS[slug], Scope(area, since, until, zone))) for slug in SHOWN]


def plain(found: Table) -> dict[str, Any]:
    """Words and numbers alone, so that they can be kept."""
    first, numbers = found.columns[0], [column for column in found.columns if column.key in COLUMNS]
    keys = [column.key for column in numbers]
    return {
        "name": str(found.report.name),
        "heads": [str(column.name) for column in (first, *numbers)],
        "meanings": [(str(column.name), str(column.meaning)) for column in numbers],
        "rows": [(line[first.key], [line[key] for key in keys]) for line in found.lines],
        "total": [found.total[key] for key in keys],
    }
