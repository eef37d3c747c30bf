"""Reports: which there are, each as a page with its picture and its meanings, and as a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from tablib import Databook, Dataset

from communities.access import May, areas
from communities.days import day_in
from communities.models import Area, Site, User
from communities.numbers import number_in
from communities.phrases import say
from communities.rules.cells import harmless
from staffing.queries.reports import REPORTS
from staffing.queries.reports.asked import Wish, read, readable
from staffing.queries.reports.ics import MAKERS
from staffing.queries.reports.shape import Column, Kind, Line, Report, Table
from staffing.rules.charts import Chart, draw, gists
from staffing.rules.reports import Days, days, wrong
from staffing.rules.withholding import SMALLEST
from staffing.web.desk_forms import DayField
from staffing.web.ics_sheet import forms_sheet
from staffing.web.pages import chosen_area, customs, show, staff_only
from staffing.web.plan_sheet import KINDS

PER_PAGE = 100
PLACES = 120  # sites and areas to choose from; where there are more, one goes down first
MOST = 50_000  # rows of a workbook


class ScopeForm(forms.Form):
    """What a report is about. The days are named as in an address: from, to."""

    area = forms.ModelChoiceField(Area.objects.none(), label=gettext_lazy("Area"), empty_label=None)
    site = forms.ModelChoiceField(
        Site.objects.none(), label=gettext_lazy("Point"), required=False, empty_label=gettext_lazy("all")
    )

    def __init__(self, *args: Any, request: HttpRequest, area: Area, sites: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = around(request, area)  # type: ignore[attr-defined]
        self.fields["from"] = DayField(label=gettext_lazy("From"))
        self.fields["to"] = DayField(label=gettext_lazy("Until"))
        here = Site.objects.filter(area__path__startswith=area.path).order_by("area", "kind", "no", "name")
        if sites and here.count() <= PLACES:
            self.fields["site"].queryset = here  # type: ignore[attr-defined]
        else:
            del self.fields["site"]
        self.order_fields(["area", "from", "to", "site"])

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("from") and said.get("to") and (found := wrong(Days(said["from"], said["to"]))):
            self.add_error("to", [say(refusal) for refusal in found])
        return said


def around(request: HttpRequest, area: Area) -> Any:
    """The area, those above it and right below it, as far as the reader may see them."""
    held = areas(request.user, May.SEE)
    near = held.filter(pk__in=area.ancestor_ids) | held.filter(parent=area)
    return held.filter(pk__in=near.order_by("path").values("pk")[:PLACES]).order_by("path")


@dataclass(frozen=True, slots=True)
class Asked:
    """The form as it was sent, what it says, and how that is written in an address."""

    area: Area
    form: ScopeForm
    wish: Wish

    @property
    def query(self) -> str:
        said = {"area": self.area.pk, "from": self.wish.days.first, "to": self.wish.days.last}
        if self.wish.site:
            said["site"] = self.wish.site
        return urlencode(said)


def asked(request: HttpRequest, report: Report | None = None) -> Asked:
    area = chosen_area(request, May.SEE)
    if not area:
        raise Http404
    today = timezone.localdate(timezone=customs(area).zone)
    given = {name: request.GET.get(name, "") for name in ("from", "to")}
    usual = days(today, day_in(given["from"]), day_in(given["to"]))
    data = {"from": given["from"] or usual.first, "to": given["to"] or usual.last, "area": area.pk}
    form = ScopeForm(data | site_in(request, area), request=request, area=area, sites=bool(report and report.places))
    said = form.cleaned_data if form.is_valid() else {}
    site = said.get("site")
    span = Days(said["from"], said["to"]) if said else days(today)
    return Asked(area, form, Wish(area, span, request.GET.get("by", ""), site.pk if site else None))


def site_in(request: HttpRequest, area: Area) -> dict[str, str]:
    """The site asked for, unless the area has been changed since it was chosen."""
    pk = number_in(request.GET.get("site"))
    here = Site.objects.filter(area__path__startswith=area.path)
    return {"site": str(pk)} if here.filter(pk=pk).exists() else {}


@require_safe
@staff_only
def reports(request: HttpRequest) -> HttpResponse:
    """Those the reader may read about the area."""
    found = asked(request)
    context = {"asked": found, "form": found.form, "reports": readable(request.user, found.area)}
    return page(request, "reports.html", found, **context)


def page(request: HttpRequest, template: str, found: Asked, **context: Any) -> HttpResponse:
    status = 400 if found.form.errors else 200
    return show(request, f"desk/{template}", found.area, current="reports", status=status, **context)


def named(slug: str) -> Report:
    if slug not in REPORTS:
        raise Http404
    return REPORTS[slug]


@require_safe
@staff_only
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Days that make no sense come back as the form, with the usual days below."""
    kind = named(slug)
    found = asked(request, kind)
    table = read(kind, found.wish, request.user)
    sheet = Paginator(table.lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": found,
        "form": found.form,
        "report": kind,
        "table": table,
        "page": sheet,
        "rows": [cells(table.columns, line) for line in sheet.object_list],
        "total": cells(table.columns, table.total) if has_total(table) else [],
        "picture": picture(table.chart) if table.chart else None,
        "withheld": any(None in line.values() for line in table.lines) and bool(kind.people),
        "smallest": SMALLEST,
        "form_of": kind.slug in MAKERS,
    }
    return page(request, "report.html", found, **context)


def has_total(table: Table) -> bool:
    return len(table.lines) > 1 and any(column.adds for column in table.columns)


def cells(columns: Sequence[Column], line: Line) -> list[tuple[Column, Any]]:
    return [(column, line.get(column.key, "")) for column in columns]


def picture(chart: Chart) -> dict[str, Any]:
    """What the page draws, with the words for who does not see it."""
    return {"chart": chart, "drawing": draw(chart), "gists": gists(chart), "keys": [*chart.bars, *chart.lines]}


@require_safe
@staff_only
def report_sheet(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """All rows as CSV or XLSX; the workbook has a second sheet with what each number means."""
    kind = named(slug)
    if ending not in KINDS:
        raise Http404
    found = asked(request, kind)
    if found.form.errors:
        return HttpResponse(status=400)
    table = read(kind, found.wish, request.user)
    with timezone.override(table.scope.zone):
        rows = rows_of(table)
        content = (
            rows.export("csv").encode("utf-8-sig") if ending == "csv" else workbook(table, rows, found, request.user)
        )
    answer = HttpResponse(content, content_type=KINDS[ending])
    answer["Content-Disposition"] = (
        f'attachment; filename="{kind.slug}-{found.wish.days.first}-{found.wish.days.last}.{ending}"'
    )
    return answer


def workbook(table: Table, rows: Dataset, found: Asked, by: User) -> bytes:
    """The rows and their meanings; before them an ICS form as it is laid out."""
    sheets = [rows, meanings(table, found)]
    if table.report.slug in MAKERS:
        sheets.insert(0, forms_sheet(table.report, table.scope, by))
    content: bytes = Databook(sheets).export("xlsx")
    return content


def rows_of(table: Table) -> Dataset:
    sheet = Dataset(headers=[str(column.name) for column in table.columns], title=str(table.report.name)[:30])
    for line in table.lines[:MOST]:
        sheet.append([plain(column, line.get(column.key)) for column in table.columns])
    if has_total(table):
        total = [plain(column, table.total.get(column.key, "")) for column in table.columns]
        sheet.append([_("All"), *total[1:]] if not table.columns[0].adds else total)
    return sheet


def plain(column: Column, value: Any) -> Any:
    """As a spreadsheet takes it: hours as a number, times without a zone, words harmless."""
    if value is None:
        return f"< {SMALLEST}" if column.kind is Kind.COUNT else ""
    match value:
        case datetime():
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case int() if column.kind is Kind.MINUTES:
            return round(value / 60, 2)
    return harmless(value)


def meanings(table: Table, found: Asked) -> Dataset:
    """What the report is about, when it was made, and each number with its meaning."""
    sheet = Dataset(headers=[_("What"), _("What it means")], title=_("Meanings")[:30])
    about = [
        (f"{table.report.no} {table.report.name}", str(table.report.meaning)),
        (_("Area"), str(found.area)),
        (_("Days"), f"{found.wish.days.first} – {found.wish.days.last}"),
        (_("Made"), f"{timezone.localtime():%Y-%m-%d %H:%M}"),
    ]
    if (left_off := len(table.lines) - MOST) > 0:
        about.append((_("Rows left off"), str(left_off)))
    if table.report.people:
        about.append((f"< {SMALLEST}", str(withheld())))
    for name, meaning in [*about, *((str(column.name), str(column.meaning)) for column in table.columns)]:
        sheet.append([harmless(name), harmless(meaning)])
    return sheet


def withheld() -> str:
    return _("under %(n)d, or withheld so that it cannot be worked out") % {"n": SMALLEST}
