"""The driver's pages: what is on offer, one's own rides, and the steps of each."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.errors import Refused
from staffing.access import driver_of, rides_held_by, rides_visible_to
from staffing.actions import rides as actions
from staffing.models import Driver, Ride
from staffing.queries import rides as queries
from staffing.states import RideStatus
from staffing.web.pages import customs
from staffing.web.refusals import why_not

STEPS: dict[str, Callable[..., Ride]] = {
    "release": actions.release,
    "set-out": actions.set_out,
    "picked-up": actions.pick_up,
    "done": actions.finish,
}
NEXT = {RideStatus.GRABBED: "set-out", RideStatus.EN_ROUTE: "picked-up", RideStatus.PICKED_UP: "done"}
EVERY = 5  # seconds between two looks

type DriverView = Callable[..., HttpResponse]


def drivers_only(view: DriverView) -> Callable[..., HttpResponse]:
    """For whoever is a driver; for others there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        driver = driver_of(request.user)
        if not driver:
            raise Http404
        with timezone.override(customs(driver.area).zone):
            return view(request, driver, *args, **kwargs)

    return login_required(guarded)


@require_safe
@drivers_only
def rides(request: HttpRequest, driver: Driver) -> HttpResponse:
    return render(request, "staffing/rides/rides.html", context_of(driver, mine="mine" in request.GET))


def context_of(driver: Driver, *, mine: bool) -> dict[str, Any]:
    now = timezone.now()
    own = list(queries.held(driver))
    shown = own if mine else list(queries.on_offer(driver, now)[:50]) if driver.verified_at else []
    names = queries.riders(own)
    return {
        "driver": driver,
        "on_duty": bool(driver.on_duty_until and driver.on_duty_until > now),
        "mine": mine,
        "own": len(own),
        "rows": [
            (ride, NEXT.get(RideStatus(ride.status), "") if mine else "", names.get(ride.pk, ())) for ride in shown
        ],
        "tally": queries.tally(queries.around(driver.area, now)),
        "every": EVERY,
    }


@require_safe
@drivers_only
def count(request: HttpRequest, driver: Driver) -> HttpResponse:
    """The line that changes by itself."""
    return render(request, "staffing/rides/count.html", context_of(driver, mine=False))


@require_POST
@drivers_only
def claim(request: HttpRequest, driver: Driver, pk: int) -> HttpResponse:
    ride = get_object_or_404(rides_visible_to(request.user), pk=pk)
    try:
        actions.claim(ride.pk, driver.pk, now=timezone.now())
    except Refused as error:
        return lost(request, ride, error)
    messages.success(request, _("The ride is yours."))
    return HttpResponseRedirect(reverse("rides") + "?mine", status=303)


def lost(request: HttpRequest, ride: Ride, error: Refused) -> HttpResponse:
    """Why it went to somebody else: in place of the card, or on top of the list."""
    ride.refresh_from_db()
    if request.headers.get("HX-Request"):
        return render(request, "staffing/rides/gone.html", {"ride": ride, "why": why_not(error.reasons)}, status=409)
    messages.warning(request, " ".join(why_not(error.reasons)))
    return HttpResponseRedirect(reverse("rides"), status=303)


@require_POST
@drivers_only
def advance(request: HttpRequest, driver: Driver, pk: int, doing: str) -> HttpResponse:
    ride = get_object_or_404(rides_held_by(request.user), pk=pk)
    STEPS[doing](ride.pk, now=timezone.now())
    return HttpResponseRedirect(reverse("rides") + "?mine", status=303)


@require_POST
@drivers_only
def duty(request: HttpRequest, driver: Driver) -> HttpResponse:
    actions.be_on_duty(driver.pk, on=request.POST.get("on") == "1", now=timezone.now())
    return HttpResponseRedirect(reverse("rides"), status=303)
