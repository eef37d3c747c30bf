"""The zones of an area over time: proposed by the community, set by the district and above, with the consequences first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import May, areas, within
from communities.actions import proposals
from communities.actions.zones import Decree, Target, set_zone
from communities.errors import DomainError
from communities.models import Area, Compound, ZonePolicy, ZoneProposal
from communities.web.forms import status_of
from staffing import access
from staffing.access import load
from staffing.actions.rechecks import foresee
from staffing.queries import rechecks
from staffing.queries import zones as queries
from staffing.queries.rechecks import Figures
from staffing.web.calls_desk import page_and_post
from staffing.web.pages import attempt, back_to, chosen_area, customs, rights, show, staff_only
from staffing.web.zone_forms import AnswerForm, Foreseen, Levels, WishForm, ZoneForm

PER_PAGE = 50


@require_safe
@staff_only
def zones(request: HttpRequest) -> HttpResponse:
    """The timeline, with what waits for somebody above it."""
    area = chosen_area(request)
    if not area:
        raise Http404
    now = timezone.now()
    here = Compound.objects.filter(community__path__startswith=area.path).select_related("community")
    page = Paginator(here.order_by("community__path", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    lanes, over = queries.lanes(page.object_list, now), queries.overlays(area, now)
    context = {
        "page": page,
        "lanes": lanes,
        "overlays": over,
        "ticks": queries.ticks(now),
        "release": queries.to_release([*over, *lanes], now),
        "proposals": [(one, word(one.level)) for one in queries.proposals_in(area)],
        "rechecks": [(one, rechecks.figures(one)) for one in latest(request, area)],
        "places": list(areas(request.user, May.SEE).order_by("path")[:200]),
        "rights": rights(request.user, area),
    }
    return show(request, "desk/zones.html", area, current="zones", **context)


def latest(request: HttpRequest, area: Area) -> list[Any]:
    """The last changes that touched a seat."""
    found = rechecks.visible_to(request.user).filter(seats__gt=0)
    return list(found.select_related("zone_status__compound", "zone_status__area", "policy").order_by("-pk")[:5])


def word(level: str) -> str:
    policy = ZonePolicy.objects.filter(level=level).first()
    return str(policy) if policy else level


def levels() -> Levels:
    """The least strict of each scheme first; the scheme is named where there are several."""
    found = list(ZonePolicy.objects.select_related("scheme"))
    several = len({policy.scheme_id for policy in found}) > 1
    return [
        (
            policy.level,
            _("%(scheme)s: %(level)s") % {"scheme": policy.scheme, "level": policy} if several else str(policy),
        )
        for policy in found
    ]


@dataclass(frozen=True, slots=True)
class Place:
    """What a form is about: a compound or a whole area, and the area whose clock it goes by."""

    thing: Compound | Area
    area: Area
    target: Target


def compound(request: HttpRequest, pk: int, may: May) -> Place:
    visible = Compound.objects.filter(within(request.user, May.SEE, "community"))
    allowed = Compound.objects.filter(within(request.user, may, "community"))
    found = load(visible.select_related("community"), allowed, pk=pk)
    return Place(found, found.community, Target(compound=found.pk))


def whole_area(request: HttpRequest, pk: int, may: May) -> Place:
    found = load(areas(request.user, May.SEE), areas(request.user, may), pk=pk)
    return Place(found, found, Target(area=found.pk))


@page_and_post
@staff_only
def zone_set(request: HttpRequest, pk: int) -> HttpResponse:
    return setting(request, compound(request, pk, May.ZONES))


@page_and_post
@staff_only
def overlay_set(request: HttpRequest, pk: int) -> HttpResponse:
    return setting(request, whole_area(request, pk, May.ZONES))


@page_and_post
@staff_only
def zone_propose(request: HttpRequest, pk: int) -> HttpResponse:
    return proposing(request, compound(request, pk, May.PROPOSE))


@page_and_post
@staff_only
def overlay_propose(request: HttpRequest, pk: int) -> HttpResponse:
    return proposing(request, whole_area(request, pk, May.PROPOSE))


def setting(request: HttpRequest, place: Place) -> HttpResponse:
    now = timezone.now()
    form = written(ZoneForm, request, place, now)

    def act() -> Any:
        return set_zone(place.target, form.decree(), by=request.user, now=now)

    context = {"heading": _("Set the zone"), "verb": _("Set the zone")}
    return two_steps(request, place, form, act, now, done=_("The zone is set."), **context)


def proposing(request: HttpRequest, place: Place) -> HttpResponse:
    now = timezone.now()
    form = written(WishForm, request, place, now)

    def act() -> Any:
        return proposals.propose(place.target, form.wish(), by=request.user, now=now)

    context = {"heading": _("Propose a zone"), "verb": _("Send it to the district")}
    return two_steps(request, place, form, act, now, done=_("The district has your proposal."), **context)


def written(kind: type[WishForm], request: HttpRequest, place: Place, now: datetime) -> Any:
    zone = customs(place.area).zone
    here = now.astimezone(zone)
    asked = {name: request.GET[name] for name in ("level", "reason") if name in request.GET}
    return kind(
        request.POST or None,
        zone=zone,
        levels=levels(),
        overlay=place.target.area is not None,
        initial={"day": here.date(), "clock": here.time()} | asked,
    )


def two_steps(
    request: HttpRequest, place: Place, form: Any, act: Callable[[], Any], now: datetime, *, done: str, **context: Any
) -> HttpResponse:
    """First what it would do, in numbers; then, for the very same words, the deed."""
    figures = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") == "set" and form.was_seen:
            if attempt(form, act):
                messages.success(request, done)
                return back_to(request, "zones")
        else:
            figures = looked(form, place.target, form.decree(), request, now)
    context |= {"form": form, "place": place.thing, "figures": figures}
    return show(request, "desk/zone_form.html", place.area, current="zones", status=status_of(form), **context)


def looked(form: Foreseen, target: Target, decree: Decree, request: HttpRequest, now: datetime) -> Figures | None:
    """The figures; the form remembers what it said when they were shown."""
    figures = attempt(form, lambda: foresee(target, decree, by=request.user, now=now))
    if figures:
        form.data = form.data.copy()
        form.data["seen"] = form.print()
    return figures


def load_proposal(request: HttpRequest, pk: int, allowed: Any) -> ZoneProposal:
    visible = access.proposals_visible_to(request.user).select_related("compound__community", "area", "proposed_by")
    return load(visible, allowed, pk=pk)


@page_and_post
@staff_only
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked for and what it would do. Who sets zones there answers it; others read."""
    found = load_proposal(request, pk, access.proposals_visible_to(request.user))
    area = found.area or found.compound.community  # type: ignore[union-attr]
    now, seen = timezone.now(), rights(request.user, area)
    if request.method == "POST":
        load_proposal(request, pk, access.proposals_decided_by(request.user))
    place = Place(found.place, area, proposals.target_of(found))
    form = answer_form(request, found, place)
    if request.method == "POST" and form.is_valid() and decreed(request, found, form, now):
        messages.success(request, _("The zone is set."))
        return back_to(request, "zones")
    wish = Decree(found.level, found.since, "-", "-", found.group, reason=found.reason)
    waits = found.status == "proposed"
    context = {
        "proposal": found,
        "word": word(found.level),
        "place": found.place,
        "form": form,
        "refusing": AnswerForm(),
        "figures": look(place.target, wish, request, now) if waits else None,
        "decides": waits and seen.zones and found.proposed_by_id != request.user.pk,
        "asks": waits and access.proposals_made_by(request.user).filter(pk=found.pk).exists(),
    }
    return show(request, "desk/zone_proposal.html", area, current="zones", status=status_of(form), **context)


def decreed(request: HttpRequest, found: ZoneProposal, form: ZoneForm, now: datetime) -> Any:
    return attempt(form, lambda: proposals.decree(found.pk, form.decree(), by=request.user, now=now))


def answer_form(request: HttpRequest, found: ZoneProposal, place: Place) -> ZoneForm:
    zone = customs(place.area).zone
    since = found.since.astimezone(zone)
    initial = {"level": found.level, "day": since.date(), "clock": since.time(), "group": found.group}
    return ZoneForm(
        request.POST or None,
        zone=zone,
        levels=levels(),
        overlay=place.target.area is not None,
        initial=initial | {"reason": found.reason},
    )


def look(target: Target, decree: Decree, request: HttpRequest, now: datetime) -> Figures | None:
    """Nothing to show where it cannot be set like this any more."""
    try:
        return foresee(target, decree, by=request.user, now=now)
    except DomainError:
        return None


@require_POST
@staff_only
def proposal_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    now = timezone.now()
    if doing == "withdraw":
        found = load_proposal(request, pk, access.proposals_made_by(request.user))
        proposals.withdraw(found.pk, by=request.user, now=now)
        messages.success(request, _("It is no longer asked for."))
        return back_to(request, "zones")
    found = load_proposal(request, pk, access.proposals_decided_by(request.user))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why not; the community reads it."))
        return redirect("zone_proposal", found.pk)
    proposals.refuse(found.pk, form.cleaned_data["answer"], by=request.user, now=now)
    messages.success(request, _("The community is told why not."))
    return back_to(request, "zones")
