"""Passes through the fence of a zone: asked for by the community, issued by the district, revoked by either."""

from collections.abc import Callable, Sequence
from datetime import time, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from communities.access import May, areas, may
from communities.errors import Forbidden
from communities.models import Area, Compound
from communities.numbers import number_in
from communities.web.forms import status_of
from staffing.access import load
from staffing.web.calls_desk import page_and_post
from staffing.web.pages import attempt, back_to, chosen_area, customs, rights, show, staff_only
from staffing.web.zone_forms import PassForm
from volunteers import access
from volunteers.actions import passes
from volunteers.models import AccessPass

PER_PAGE, MOST = 50, 500
STATES = {
    "asked": ("warn", "half", gettext_lazy("asked for")),
    "valid": ("ok", "check", gettext_lazy("valid")),
    "coming": ("info", "clock", gettext_lazy("not yet valid")),
    "over": ("off", "dash", gettext_lazy("over")),
    "refused": ("off", "ban", gettext_lazy("refused")),
    "revoked": ("off", "ban", gettext_lazy("revoked")),
}
DOINGS: dict[str, tuple[Callable[..., Any], Callable[..., QuerySet[AccessPass]]]] = {
    "issue": (passes.issue, access.passes_issued_by),
    "refuse": (passes.refuse, access.passes_issued_by),
    "revoke": (passes.revoke, access.passes_revoked_by),
}


def of_area(area: Area) -> Q:
    return Q(compound__community__path__startswith=area.path) | Q(area__path__startswith=area.path)


@require_safe
@staff_only
def passes_list(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.NAMES)
    if not area:
        raise Http404
    now = timezone.now()
    found = access.passes_visible_to(request.user).filter(of_area(area))
    found = found.select_related("volunteer__user", "compound", "area").order_by("issued_at", "-asked_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, STATES[one.state(now)], one.state(now)) for one in page.object_list],
        "rights": rights(request.user, area),
        "places": list(areas(request.user, May.NAMES).order_by("path")[:200]),
    }
    return show(request, "desk/passes.html", area, current="zones", **context)


@page_and_post
@staff_only
def pass_new(request: HttpRequest) -> HttpResponse:
    """Given at once by who sets zones there; asked for by the community."""
    area = chosen_area(request, May.NAMES)
    if not area:
        raise Http404
    do = doing_in(request, area)
    form = pass_form(request, area)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if attempt(form, lambda: do(form.plan(), by=request.user, now=now)):
            messages.success(request, _("The pass is given.") if do is passes.give else _("The district is asked."))
            return back_to(request, "passes")
    gives = do is passes.give
    return show(request, "desk/pass_form.html", area, current="zones", status=status_of(form), form=form, gives=gives)


def doing_in(request: HttpRequest, area: Area) -> Callable[..., AccessPass]:
    if may(request.user, May.ZONES, area):
        return passes.give
    if may(request.user, May.PROPOSE, area):
        return passes.ask
    raise Forbidden


def pass_form(request: HttpRequest, area: Area) -> PassForm:
    zone = customs(area).zone
    today = timezone.now().astimezone(zone).date()
    asked = {name: request.GET[name] for name in ("volunteer", "place") if name in request.GET}
    days = {"day": today, "clock": time(0), "end_day": today + timedelta(days=3), "end_clock": time(0)}
    return PassForm(
        request.POST or None, zone=zone, people=people(request, area), places=fences(area), initial=days | asked
    )


def people(request: HttpRequest, area: Area) -> Sequence[tuple[int, str]]:
    """Those the reader may see: checked in here, and the one asked about by another page."""
    seen = access.volunteers_visible_to(request.user).select_related("user")
    here = Q(enrolments__community__path__startswith=area.path, enrolments__ended_at=None)
    named = number_in(request.GET.get("volunteer") or request.POST.get("volunteer"))
    wanted = here | Q(pk=named) if named else here
    found = seen.filter(wanted).distinct().order_by("pk")[:MOST]
    return [(person.pk, f"{person.user.name} {person.number}") for person in found]


def fences(area: Area) -> Sequence[tuple[str, str]]:
    compounds = Compound.objects.filter(community__path__startswith=area.path).order_by("community__path", "pk")[:MOST]
    return [(f"compound:{one.pk}", str(one)) for one in compounds] + [(f"area:{area.pk}", str(area))]


@require_POST
@staff_only
def pass_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    act, allowed = DOINGS[doing]
    found = load(access.passes_visible_to(request.user), allowed(request.user), pk=pk)
    act(found.pk, by=request.user, now=timezone.now())
    messages.success(request, done(doing))
    return back_to(request, "passes")


def done(doing: str) -> str:
    return {
        "issue": _("The pass is given."),
        "refuse": _("The pass is refused."),
        "revoke": _("The pass opens nothing any more; the person's seats are looked at again."),
    }[doing]
