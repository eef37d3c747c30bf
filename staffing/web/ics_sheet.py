"""ICS forms in a workbook: each with its boxes around the rows, one below the other."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from tablib import Dataset

from communities.models import User
from communities.rules.cells import harmless
from staffing.queries.reports.ics import Box, Form, Hand, forms
from staffing.queries.reports.shape import Report, Scope

MOST = 200  # forms; the sheet after them has all rows


def forms_sheet(report: Report, scope: Scope, by: User) -> Dataset:
    pile = forms(report.slug, scope, Hand(by, timezone.now()), most=MOST)
    lines = [line for form in pile.forms for line in lines_of(report, form)]
    if pile.total > MOST:
        lines.append((_("Forms left off"), pile.total - MOST))
    width = max((len(line) for line in lines), default=1)
    sheet = Dataset(title=report.no)
    for line in lines:
        sheet.append([harmless(cell) for cell in line] + [""] * (width - len(line)))
    return sheet


def lines_of(report: Report, form: Form) -> Iterator[Sequence[Any]]:
    yield report.no, str(report.name), form.place
    for box in form.above:
        yield from lines_of_box(box)
    no, name = form.table
    yield (f"{no}. {name}",)
    yield form.columns
    yield from form.rows
    for box in form.below:
        yield from lines_of_box(box)
    yield ("",)


def lines_of_box(box: Box) -> Iterator[Sequence[str]]:
    first, *more = box.lines or [("", "")]
    yield f"{box.no}. {box.name}", *first
    for line in more:
        yield "", *line
