"""The carrier's page: what waits to be brought where one is on duty, and what one brings."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.errors import Forbidden, Refused
from staffing import access
from staffing.actions import supplies as actions
from staffing.models import SupplyRequest
from staffing.queries import supplies as queries
from staffing.states import SupplyStatus
from staffing.web.pages import customs
from staffing.web.refusals import why_not
from volunteers.models import Volunteer

STEPS: dict[str, Callable[..., SupplyRequest]] = {
    "release": actions.release,
    "set-out": actions.set_out,
    "done": actions.deliver,
}
NEXT = {SupplyStatus.MATCHED: "set-out", SupplyStatus.DELIVERING: "done"}


def person(request: HttpRequest) -> Volunteer | None:
    return Volunteer.objects.filter(user=request.user.pk).first()


@require_safe
@login_required
def supplies(request: HttpRequest) -> HttpResponse:
    """The most urgent first. The door is read once one brings it."""
    who, now = person(request), timezone.now()
    carried = list(queries.carried(who.pk)) if who else []
    waiting = list(queries.on_offer(who.pk, now)[:50]) if who else []
    station = queries.stations(who.pk, now).select_related("shift__site__area").first() if who else None
    context = {
        "carried": [(one, NEXT[SupplyStatus(one.status)]) for one in carried],
        "waiting": waiting,
        "station": station.shift.site if station else None,
    }
    zone = customs(station.shift.site.area).zone if station else timezone.get_current_timezone()
    with timezone.override(zone):
        return render(request, "staffing/supplies.html", context)


@require_POST
@login_required
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(access.supplies_visible_to(request.user), pk=pk)
    who = person(request)
    if not who:
        raise Forbidden
    try:
        actions.claim(found.pk, who.pk, now=timezone.now())
        messages.success(request, _("You bring it. The door is written below."))
    except Refused as error:
        messages.warning(request, " ".join(why_not(error.reasons)))
    return HttpResponseRedirect(reverse("supplies"), status=303)


@require_POST
@login_required
def advance(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    found = get_object_or_404(access.supplies_of(request.user), pk=pk)
    STEPS[doing](found.pk, now=timezone.now())
    return HttpResponseRedirect(reverse("supplies"), status=303)
