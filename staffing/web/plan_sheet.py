"""A plan as a table for others: every number with its formula, inputs, source and reason, harmless in a spreadsheet."""

from collections.abc import Iterator, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from tablib import Dataset

from communities.rules.cells import harmless
from staffing.web.plan_page import Number, Shown

type Row = Sequence[str | int]
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(shown: Shown, title: str, ending: str) -> HttpResponse:
    """As CSV (UTF-8 with its mark, so that spreadsheets read Chinese) or XLSX."""
    table = Dataset(*rows(shown), headers=headers(), title=title[:30])
    content = table.export(ending)
    body = content.encode("utf-8-sig") if isinstance(content, str) else content
    answer = HttpResponse(body, content_type=KINDS[ending])
    answer["Content-Disposition"] = f'attachment; filename="plan.{ending}"'
    return answer


def headers() -> Row:
    return [
        pgettext("plan", "What"),
        pgettext("plan", "Number"),
        _("Reckoned"),
        _("Formula"),
        _("Inputs"),
        _("Source"),
        _("Reason"),
    ]


def rows(shown: Shown) -> Iterator[Row]:
    for line in shown.lines:
        yield clean([line.name, line.total, "", line.how, "", "", ""])
        for number in line.numbers:
            yield of_number(number, f"{line.name}: {number.label}")
    for number in shown.others:
        yield of_number(number, number.label)
    for way in shown.ways:
        yield clean([way.name, way.option.people, "", way.note, "", "", ""])
    for text in shown.warnings:
        yield clean([_("Warning"), "", "", text, "", "", ""])


def of_number(number: Number, name: str) -> Row:
    said = "; ".join(f"{what} {value}" for what, value in number.inputs)
    computed = figure(number.computed) if number.step.overridden else ""
    return clean([name, figure(number.value), computed, number.formula, said, number.source, number.step.reason])


def figure(text: str) -> str | int:
    return int(text) if text.isdigit() else text


def clean(cells: Row) -> Row:
    return [harmless(cell) for cell in cells]
