"""The report on the situation: a page that prints well, a workbook, and each number with what it means."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from tablib import Databook, Dataset

from communities.rules.cells import harmless
from staffing.queries.situation import Situation, situation
from staffing.rules.command import Tally
from staffing.rules.withholding import SMALLEST
from staffing.states import Outlook
from staffing.web.command_desk import Row, commanded, local
from staffing.web.pages import customs, show, staff_only
from staffing.web.plan_sheet import KINDS
from volunteers.models.people import PERSON_KINDS
from volunteers.states import PersonKind

OUTLOOKS = {
    Outlook.ON_TIME: gettext_lazy("complete in time"),
    Outlook.LATE: gettext_lazy("late"),
    Outlook.NEVER: gettext_lazy("not by itself"),
    Outlook.UNKNOWN: gettext_lazy("not known yet"),
}
DEFINITIONS = {
    gettext_lazy("Posts"): gettext_lazy(
        "Seats of the communities' own posts on shifts that are not over and begin within 24 hours (where none do, 48). Of shifts of a call "
        "that follow each other without a break the one that lacks most counts. Other agencies' seats do not count."
    ),
    gettext_lazy("Named"): gettext_lazy("Seats that somebody has said yes to, or was assigned to on duty."),
    gettext_lazy("Pledged"): gettext_lazy("Seats kept for names an organisation owes; without names when they are due, they are open again."),
    gettext_lazy("Asked"): gettext_lazy("Seats offered to somebody who has not answered yet."),
    gettext_lazy("Not covered"): gettext_lazy("Posts less named, asked and pledged: covered by nobody's word."),
    gettext_lazy("Checked in"): gettext_lazy("Seats whose holder has checked in, those who have gone home again included."),
    gettext_lazy("Complete at"): gettext_lazy(
        "When the last seat is expected to be taken, by the sign-ups of the last hour and what earlier calls taught, and half an "
        "hour for the way; never before everybody has to be in place."
    ),
    gettext_lazy("Complete in time"): gettext_lazy("Communities that are complete when everybody has to be in place."),
    gettext_lazy("People who served"): gettext_lazy(
        "Different people with hours on record that began in the 24 hours before eight o'clock, by what they served as."
    ),
    gettext_lazy("Hours"): gettext_lazy("Their hours from check-in to check-out."),
    gettext_lazy("Seconded"): gettext_lazy("People lent by organisations, on duty now."),
    gettext_lazy("Lent"): gettext_lazy("People lent by one community to another now."),
}  # fmt: skip


def withheld() -> str:
    return _("under %(n)d, or withheld so that it cannot be worked out") % {"n": SMALLEST}


def read(request: HttpRequest) -> Situation:
    area = commanded(request)
    return situation(area, timezone.now(), customs(area).zone)


@require_safe
@staff_only
def command_report(request: HttpRequest) -> HttpResponse:
    found = read(request)
    context = {
        "found": found,
        "total": found.board.total,
        "outlooks": [(OUTLOOKS[one], number) for one, number in found.outlooks.items()],
        "worst": [Row(line, ("", "", "")) for line in found.worst],
        "served": served(found),
        "definitions": DEFINITIONS.items(),
        "smallest": SMALLEST,
    }
    return show(request, "command/report.html", found.node, current="command", **context)


def served(found: Situation) -> list[tuple[str, int | None, int | None]]:
    """What people served as, how many they were, and for how many minutes."""
    return [
        (str(PERSON_KINDS[PersonKind(kind)]), people, found.served.minutes[kind])
        for kind, people in found.served.people.groups.items()
    ]


@require_safe
@staff_only
def command_report_sheet(request: HttpRequest) -> HttpResponse:
    found = read(request)
    with timezone.override(customs(found.node).zone):
        book = Databook([summary(found), by_part(found), by_community(found), by_kind(found), meanings()])
    answer = HttpResponse(book.export("xlsx"), content_type=KINDS["xlsx"])
    answer["Content-Disposition"] = f'attachment; filename="situation-{found.until:%Y-%m-%d}.xlsx"'
    return answer


def sheet(title: str, head: Sequence[object], lines: Iterable[Sequence[Any]]) -> Dataset:
    rows = [[harmless(cell) for cell in line] for line in lines]
    table = Dataset(*rows, headers=[str(word) for word in head])
    table.title = title[:30]
    return table


def told(count: int | None) -> int | str:
    return f"< {SMALLEST}" if count is None else count


def summary(found: Situation) -> Dataset:
    tally, board = found.board.total, found.board
    lines: list[tuple[object, object]] = [
        (_("Area"), str(found.node)),
        (_("As of"), f"{timezone.localtime(board.at):%Y-%m-%d %H:%M}"),
        *zip(HEAD[1:], figures(tally), strict=True),
        (_("Complete in time"), f"{board.on_time}/{len(board.lines)}"),
        (_("People who served"), told(found.served.people.total)),
        (_("Seconded"), told(found.seconded)),
        (_("Lent"), told(found.lent)),
        (_("Boards taken over"), found.takeovers),
    ]
    return sheet(_("Summary"), [_("What"), _("Number")], [(str(name), value) for name, value in lines])


HEAD = [
    gettext_lazy("Community"),
    gettext_lazy("Posts"),
    gettext_lazy("Named"),
    gettext_lazy("Asked"),
    gettext_lazy("Pledged"),
    gettext_lazy("Not covered"),
    gettext_lazy("Checked in"),
]


def figures(tally: Tally) -> list[int]:
    return [tally.need, tally.named, tally.asked, tally.pledged, tally.bare, tally.here]


def by_part(found: Situation) -> Dataset:
    head = [_("Area"), _("Communities"), _("Complete in time"), *HEAD[1:], _("People who served")]
    lines = [
        [str(part.area), part.communities, part.on_time, *figures(part.tally), told(part.served)]
        for part in found.parts
    ]
    return sheet(_("Areas"), head, lines)


def by_community(found: Situation) -> Dataset:
    head = [*HEAD, _("Share not covered, %"), _("Complete at"), _("Outlook")]
    lines = [
        [
            local(line),
            *figures(line.tally),
            line.tally.percent,
            f"{timezone.localtime(line.ready.at):%H:%M}" if line.ready.at else "",
            str(OUTLOOKS[line.ready.outlook]),
        ]
        for line in found.board.lines
    ]
    return sheet(_("Communities"), head, lines)


def by_kind(found: Situation) -> Dataset:
    lines = [
        [kind, told(people), "" if minutes is None else round(minutes / 60, 1)]
        for kind, people, minutes in served(found)
    ]
    return sheet(_("People who served"), [_("Served as"), _("People"), _("Hours")], lines)


def meanings() -> Dataset:
    lines = [(str(name), str(meaning)) for name, meaning in DEFINITIONS.items()]
    return sheet(_("Meanings"), [_("Number"), _("What it means")], [*lines, (f"< {SMALLEST}", withheld())])
