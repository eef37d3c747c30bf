from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.response import Response

from communities.access import May
from communities.api.areas import DutyAreaFilters, DutyAreaRow
from communities.api.resources import Readable, Resource, deed
from communities.api.rows import Plain
from communities.api.words import Choice, Day, Said, Text
from communities.models import Area, User
from communities.phrases import say
from communities.queries.customs import customs_in
from staffing.queries.reports import REPORTS
from staffing.queries.reports.asked import Wish, read, readable
from staffing.queries.reports.shape import Kind, Report, Table
from staffing.rules.reports import Days, days, wrong

MOST = 5000


class ReportAreaRow(DutyAreaRow):
    """An area whose boards and figures you may see: reports can be read about it."""

    may = May.SEE


class ColumnRow(serializers.Serializer):
    key = serializers.CharField()
    name = serializers.CharField(help_text="In the language asked for.")
    kind = Choice(Kind)
    meaning = serializers.CharField(help_text="What the number counts.")


class ReportRow(serializers.Serializer):
    """A report there is. `ways`: the ways in which its rows can be cut, for `by`."""

    report = serializers.CharField()
    no = serializers.CharField()
    name = serializers.CharField()
    meaning = serializers.CharField()
    ways = serializers.ListField(child=serializers.CharField())
    columns = ColumnRow(many=True)


class TableRow(ReportRow):
    """A report as it is read. In `rows` and `total`, by the columns' keys; null is withheld or cannot be reckoned.

    Minutes are whole minutes, moments have their zone.
    """

    area = serializers.IntegerField()
    first = serializers.DateField()
    last = serializers.DateField()
    by = serializers.CharField()
    rows = serializers.ListField(child=serializers.DictField())
    total = serializers.DictField()
    left_off = serializers.IntegerField(help_text="Rows beyond the 5,000 that are given.")


class Asking(Said):
    report = Text(max_length=20)
    first = Day(required=False)
    last = Day(required=False)
    by = Text(max_length=20, required=False)
    site = serializers.RegexField(r"^\d{1,18}$", required=False)

    def validate_report(self, slug: str) -> str:
        if slug not in REPORTS:
            raise serializers.ValidationError(", ".join(REPORTS))
        return slug

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        ways = REPORTS[attrs["report"]].ways
        if attrs.get("by") and attrs["by"] not in ways:
            raise serializers.ValidationError({"by": [", ".join(ways)]})
        return attrs


class Reports(Readable, Resource):
    row = ReportAreaRow
    noun = "reports"
    filterset_class = DutyAreaFilters

    @deed(allowed=ReportAreaRow.visible, gives=ReportRow(many=True), methods=("get",))
    def kinds(self, area: Area, *, by: User, now: datetime) -> Response:
        """The reports that you may read about the area, with what each of their numbers means."""
        return Response([described(report, report.way("")) for report in readable(by, area)])

    @deed(
        allowed=ReportAreaRow.visible,
        gives=TableRow,
        methods=("get",),
        parameters=("report", "first", "last", "by", "site"),
    )
    def table(self, area: Area, *, by: User, now: datetime) -> Response:
        """One report about the area: `report` as in `kinds`, over the days `first` to `last` (both included).

        Without days: from a fortnight ago to the day after tomorrow. `by` cuts the rows in one of its `ways`, `site`
        asks for a single site where the report knows them. Reports with names need a role that sees them.
        """
        asked = Asking.read({key: value for key, value in self.request.query_params.items() if key != "lang"})
        today = timezone.localdate(now, timezone=customs_in([area])[area.pk].zone)
        span = days(today, asked.get("first"), asked.get("last"))
        if found := wrong(span):
            raise serializers.ValidationError({"last": [say(refusal) for refusal in found]})
        site = int(asked["site"]) if "site" in asked else None
        wish = Wish(area, span, asked.get("by", ""), site)
        return Response(told(read(REPORTS[asked["report"]], wish, by), span))


def described(report: Report, way: str) -> Plain:
    return {
        "report": report.slug,
        "no": report.no,
        "name": str(report.name),
        "meaning": str(report.meaning),
        "ways": list(report.ways),
        "columns": [
            {"key": column.key, "name": str(column.name), "kind": column.kind, "meaning": str(column.meaning)}
            for column in report.shown(way)
        ],
    }


def told(table: Table, span: Days) -> Plain:
    return described(table.report, table.scope.way) | {
        "area": table.scope.area.pk,
        "first": span.first,
        "last": span.last,
        "by": table.scope.way,
        "rows": table.lines[:MOST],
        "total": table.total,
        "left_off": max(0, len(table.lines) - MOST),
    }
