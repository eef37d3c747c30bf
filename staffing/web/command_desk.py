"""The command board: the communities below a node ranked by what they lack, live, and how one of them can be helped."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from communities.access import May, areas, may
from communities.models import Area, ZonePolicy
from communities.states import Level
from staffing.access import lendings_visible_to, takeovers_visible_to
from staffing.models import Lending, Role, Takeover
from staffing.queries.command import Board, coming
from staffing.queries.reinforcements import Helper, Need, levels, need
from staffing.queries.zones import tone
from staffing.rules.command import Line, Ready
from staffing.states import Outlook, Ranking
from staffing.web.pages import chosen_area, customs, rights, show, staff_only

PER_PAGE = 50
EVERY = 15  # seconds between two looks
SECONDS, KEPT = 5, 20  # how old a board may be, and how many a process keeps of those that all share
SEEN: dict[str, Board] = {}
BIT_LATE = timedelta(minutes=20)
ORDERS = {
    Ranking.SHARE: gettext_lazy("share not covered"),
    Ranking.MISSING: gettext_lazy("seats not covered"),
    Ranking.READY: gettext_lazy("complete last"),
    Ranking.NAME: gettext_lazy("name"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it is shown: with its zone, its chip, and whether it is the chosen one."""

    line: Line
    zone: tuple[str, str, str]
    chosen: bool = False

    @property
    def chip(self) -> tuple[str, str, str]:
        return chip_of(self.line.ready)

    @property
    def name(self) -> str:
        return local(self.line)


def local(line: Line) -> str:
    return line.name_en if line.name_en and get_language() == "en" else line.name


def commanded(request: HttpRequest) -> Area:
    """The node asked for, else the highest the reader commands. Raises Http404."""
    area = chosen_area(request, May.COMMAND)
    if not area:
        raise Http404
    return area


def order(request: HttpRequest) -> Ranking:
    by = request.GET.get("by", "")
    return Ranking(by) if by in list(Ranking) else Ranking.SHARE


def looked_up(request: HttpRequest) -> Board:
    """Once per request, and at most SECONDS old: the tag and the page are made of the same figures."""
    if "command_board" not in request.__dict__:
        request.__dict__["command_board"] = counted_board(commanded(request), order(request))
    found: Board = request.__dict__["command_board"]
    return found


def counted_board(area: Area, by: Ranking) -> Board:
    """Before dawn everybody above looks at the same city; it is counted once for all who ask at that moment."""
    key = f"command board:{area.pk}:{by}"
    if (kept := SEEN.get(key)) and is_fresh(kept):
        return kept
    found: Board | None = cache.get(key)
    if not found or not is_fresh(found):
        found = coming(area, timezone.now(), by)
        cache.set(key, found, SECONDS)
    if len(SEEN) > KEPT:
        SEEN.clear()
    SEEN[key] = found
    return found


def is_fresh(found: Board) -> bool:
    return timedelta() <= timezone.now() - found.at < timedelta(seconds=SECONDS)


def page_of(request: HttpRequest, found: Board) -> Any:
    return Paginator(found.lines, PER_PAGE).get_page(request.GET.get("page"))


def tag(request: HttpRequest) -> str:
    """Changes whenever a figure on the page does, and with the minute."""
    found = looked_up(request)
    page = page_of(request, found)
    minute = int(found.at.timestamp()) // 60
    look = (found.total, found.on_time, found.free, page.object_list, request.GET.get("c", ""), get_language(), minute)
    return f'"{hashlib.sha256(repr(look).encode()).hexdigest()[:16]}"'


@require_safe
@staff_only
def command(request: HttpRequest) -> HttpResponse:
    area = commanded(request)
    context = context_of(request) | {"nodes": below(request, area), "above": above(request, area)}
    context["rights"] = rights(request.user, area)
    return show(request, "command/board.html", area, current="command", **context)


@require_safe
@staff_only
@condition(etag_func=tag)
def command_live(request: HttpRequest) -> HttpResponse:
    """The part of the page that changes by itself."""
    area = commanded(request)
    with timezone.override(customs(area).zone):
        return render(
            request, "staffing/command/live.html", {"area": area, "now": timezone.now(), **context_of(request)}
        )


def below(request: HttpRequest, area: Area) -> QuerySet[Area]:
    """The nodes right below that have a board of their own."""
    children = areas(request.user, May.COMMAND).filter(parent=area)
    return children.exclude(level__in=[Level.COMMUNITY, Level.GRID]).order_by("path")[:50]


def above(request: HttpRequest, area: Area) -> list[Area]:
    """The nodes above, as far as the reader commands them."""
    return list(areas(request.user, May.COMMAND).filter(pk__in=area.ancestor_ids[:-1]).order_by("path"))


def context_of(request: HttpRequest) -> dict[str, Any]:
    found = looked_up(request)
    page = page_of(request, found)
    lines: Sequence[Line] = page.object_list
    chosen = picked(request, found, lines)
    shown = Area.objects.in_bulk([line.area for line in lines] + [line.area for line in chosen])
    zones = levels(list(shown.values()), found.at)
    taken = set(Takeover.objects.in_force(found.at).filter(area__in=list(shown)).values_list("area", flat=True))
    context = {
        "board": found,
        "page": page,
        "rows": [Row(line, zone_of(zones.get(line.area)), [line] == chosen) for line in lines],
        "scale": max((line.tally.need for line in lines), default=1),
        "orders": ORDERS.items(),
        "by": order(request),
        "taken": taken,
        "tag": tag(request),
        "every": EVERY,
    }
    return context | (about(request, shown[chosen[0].area], chosen[0], zones) if chosen else {})


def picked(request: HttpRequest, found: Board, lines: Sequence[Line]) -> list[Line]:
    """The line asked for, else the worst that lacks somebody."""
    asked = request.GET.get("c", "")
    named = [line for line in found.lines if str(line.area) == asked]
    return named or [line for line in lines if line.tally.bare][:1]


def about(request: HttpRequest, area: Area, line: Line, zones: dict[int, ZonePolicy]) -> dict[str, Any]:
    found = need(area, looked_up(request))
    return {
        "chosen": Row(line, zone_of(zones.get(area.pk)), chosen=True),
        "need": found,
        "short": _(", ").join(counted(role, bare) for role, bare in found.roles),
        "helpers": [(helper, way(helper)) for helper in found.helpers],
        "after": after(line, found),
        "here": rights(request.user, area),
        "may_share": may(request.user, May.SHARE, area),
    }


def counted(role: Role, number: int) -> str:
    return pgettext("a role and how many", "%(role)s %(n)d") % {"role": role, "n": number}


def zone_of(policy: ZonePolicy | None) -> tuple[str, str, str]:
    return (*tone(policy), str(policy) if policy else _("none"))


def chip_of(found: Ready) -> tuple[str, str, str]:
    """When the community is complete, in colour, shape and word, by the clock that is in force."""
    at = f"{timezone.localtime(found.at):%H:%M}" if found.at else ""
    match found.outlook:
        case Outlook.ON_TIME:
            return "ok", "check", at or _("complete")
        case Outlook.UNKNOWN:
            return "off", "ring", _("not known yet")
        case Outlook.NEVER:
            return "bad", "alert", _("not by itself")
    late = _("%(clock)s, %(n)d min late") % {"clock": at, "n": -(-found.late // timedelta(minutes=1))}
    return ("warn", "alert", late) if found.late <= BIT_LATE else ("bad", "alert", late)


def way(helper: Helper) -> tuple[str, str, str]:
    if not helper.can_enter:
        return "off", "ban", _("cannot get in")
    if helper.can_enter == helper.line.free:
        return "ok", "there", _("can get in")
    return "warn", "half", ngettext("%(n)d can get in", "%(n)d can get in", helper.can_enter) % {"n": helper.can_enter}


def after(line: Line, found: Need) -> tuple[int, int]:
    """The gap now, and what is left of it once people who are here already and those who could be lent have posts."""
    able = line.free + sum(helper.can_enter for helper in found.helpers)
    return line.tally.bare, max(0, line.tally.bare - able)


@require_safe
@staff_only
def command_log(request: HttpRequest) -> HttpResponse:
    """Boards that were taken over and people who were lent below a node, newest first."""
    area = commanded(request)
    taken = takeovers_visible_to(request.user).filter(area__path__startswith=area.path).select_related("area", "user")
    lent = lendings_visible_to(request.user).filter(taker__path__startswith=area.path)
    rows = [
        *(("takeover", row) for row in taken.order_by("-pk")[:200]),
        *(("lending", row) for row in lent.select_related("giver", "taker", "proposed_by").order_by("-pk")[:200]),
    ]
    rows.sort(key=lambda pair: since(pair[1]), reverse=True)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return show(request, "command/log.html", area, current="command", page=page, here=rights(request.user, area))


def since(row: Takeover | Lending) -> datetime:
    found: datetime = row.period.lower if isinstance(row, Takeover) else row.proposed_at
    return found
