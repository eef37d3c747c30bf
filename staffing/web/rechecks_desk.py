"""The repair list of a change: who stays, who lost the seat and why, who is on duty there, and what to do about each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from communities.access import May, area_paths
from communities.errors import Refusal
from communities.models import Area
from communities.phrases import say
from staffing.models import RecheckedSeat
from staffing.queries import rechecks as queries
from staffing.states import Verdict
from staffing.web.pages import chosen_area, show, staff_only

PER_PAGE = 50
VERDICTS = {
    Verdict.ON_DUTY: ("bad", "alert", _("on duty, perhaps shut in")),
    Verdict.CANNOT_ENTER: ("warn", "lock", _("can't enter")),
    Verdict.CANNOT_LEAVE: ("warn", "home", _("can't leave")),
    Verdict.APPROVE: ("info", "half", _("stays, needs your approval")),
    Verdict.STAYS: ("ok", "check", _("stays")),
}


def why(code: str) -> str:
    """The reason as the lead reads it; the person is told the same about themselves."""
    if code == "zone_cannot_leave":
        return gettext("The home compound is closed.")
    return say(Refusal(code)) if code else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One seat of the list, with the reason in words and what the reader may do."""

    seat: RecheckedSeat
    chip: tuple[str, str, object]
    why: str
    mine: bool
    zones: bool


@require_safe
@staff_only
def repair_list(request: HttpRequest, pk: int) -> HttpResponse:
    """In numbers for whoever sees the place; seat by seat for who may see names there."""
    recheck = get_object_or_404(
        queries.visible_to(request.user).select_related("zone_status__compound", "zone_status__area", "policy", "area"),
        pk=pk,
    )
    verdict = request.GET.get("verdict", "")
    found = queries.repair(request.user, recheck, verdict if verdict in VERDICTS else "")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    figures = queries.figures(recheck)
    context = {
        "recheck": recheck,
        "place": recheck.zone_status.place if recheck.zone_status else recheck.area or recheck.policy,
        "figures": figures,
        "page": page,
        "lines": list(lines(request, page.object_list)),
        "verdicts": [(key, label) for key, (_tone, _shape, label) in VERDICTS.items()],
        "chosen": verdict,
    }
    area: Area | None = recheck.area or chosen_area(request)
    return show(request, "desk/repair_list.html", area, current="zones", **context)


def lines(request: HttpRequest, seats: Iterable[RecheckedSeat]) -> Iterable[Line]:
    runs, sets = area_paths(request.user, May.RUN), area_paths(request.user, May.ZONES)
    for seat in seats:
        path = seat.sign_up.shift.site.area.path
        yield Line(
            seat=seat,
            chip=VERDICTS[Verdict(seat.verdict)],
            why=why(seat.code),
            mine=any(path.startswith(one) for one in runs),
            zones=any(path.startswith(one) for one in sets),
        )
