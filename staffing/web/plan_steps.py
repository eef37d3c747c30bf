"""A saved plan: what it needs, how it differs from what stands and from the round before, and the one button."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from communities.models.places import SITE_KINDS
from staffing.access import load, plans_run_by, plans_visible_to
from staffing.actions import plans
from staffing.actions.plan_calls import Words
from staffing.models import DemandPlan
from staffing.queries.plans import Ground, demand_of, difference_of, ground_of, holders, norm_in, previous
from staffing.queries.rounds import said_again
from staffing.rules.demand import Demand
from staffing.rules.layout import Difference, Spot
from staffing.states import CallStatus
from staffing.web.pages import back_to, rights, show, staff_only
from staffing.web.plan_forms import Said, plain
from staffing.web.plan_page import Page
from staffing.web.plans_desk import made_by


@require_safe
@staff_only
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    found = made_by(request, pk)
    area, demand, norm = found.round.area, demand_of(found), norm_in(found)
    ground = ground_of(found, norm)
    change = difference_of(found, demand, ground)
    names = {at.compound_id: str(at.compound) for at in found.places.all()}
    seen = rights(request.user, area)
    context = {
        "plan": found,
        "option": demand.option(found.crewing),
        "shown": Page(norm, demand, names, Said()).shown(),
        "change": change,
        "lines": list(sentences(change, ground, found)),
        "blocked": [names for names in holders(change.blocked).values() if seen.names],
        "points": points_of(change, ground, norm.point_kind),
        "insured": insured(found),
        "before": compared(found, demand),
        "again": again(found),
        "rights": seen,
        "may_invite": seen.run and bool(found.call_up and found.call_up.status == CallStatus.OPEN),
    }
    return show(request, "plan/steps.html", area, current="plan_new", **context)


def new_spots(change: Difference, ground: Ground) -> set[Spot]:
    return {shift.spot for shift in change.new} - ground.sites.keys()


def points_of(change: Difference, ground: Ground, kind: str) -> int:
    """Points where a first shift is set up, whether the site is there or not."""
    return len({shift.spot for shift in change.new if shift.spot.kind == kind})


def sentences(change: Difference, ground: Ground, found: DemandPlan) -> Iterator[str]:
    """The difference in words: places, shifts, seats, the call."""
    for kind, n in Counter(spot.kind for spot in new_spots(change, ground)).items():
        facts = {"n": n, "kind": SITE_KINDS[kind]}
        yield ngettext("%(n)s new place: %(kind)s", "%(n)s new places: %(kind)s", n) % facts
    if n := len(change.new):
        yield ngettext("%(n)s new shift", "%(n)s new shifts", n) % {"n": n}
    if n := change.new_seats:
        yield ngettext("%(n)s seat more", "%(n)s seats more", n) % {"n": n}
    if n := sum(each.old - each.new for each in change.fewer):
        yield ngettext("%(n)s seat less", "%(n)s seats less", n) % {"n": n}
    if n := len(change.moved):
        yield ngettext(
            "%(n)s shift gets other times; its people are asked",
            "%(n)s shifts get other times; their people are asked",
            n,
        ) % {"n": n}
    if n := len(change.dropped):
        yield ngettext("%(n)s shift goes", "%(n)s shifts go", n) % {"n": n}
    if not found.call_up:
        yield _("A call, as a draft: nobody sees it before you publish it")


def insured(found: DemandPlan) -> bool:
    """Said already: by the plan's call, or by the one of the round before."""
    if found.call_up:
        return found.call_up.insured
    before = previous(found.round)
    call = before.plan.call_up if before and hasattr(before, "plan") else None
    return bool(call and call.insured)


def again(found: DemandPlan) -> int:
    """How many said after the round before that they would come again."""
    before = previous(found.round)
    call = before.plan.call_up_id if before and hasattr(before, "plan") else None
    return said_again([call]).get(call, 0) if call else 0


@dataclass(frozen=True, slots=True)
class Compared:
    name: str
    before: str
    now: str


def compared(found: DemandPlan, demand: Demand) -> dict[str, Any] | None:
    """The round before, number by number."""
    before = previous(found.round)
    if not before or not hasattr(before, "plan"):
        return None
    was = demand_of(before.plan)
    return {"round": before, "plan": before.plan, "rows": list(pairs(was, demand))}


def pairs(was: Demand, now: Demand) -> Sequence[Compared]:
    shown = {
        _("Residents"): [sum(at.place.residents for at in one.places) for one in (was, now)],
        _("Hours"): [one.window.hours for one in (was, now)],
        _("Points"): [was.points, now.points],
        _("On duty at the same time"): [was.posts, now.posts],
        _("Staff"): [was.available, now.available],
        _("Volunteers to find"): [was.gap, now.gap],
        _("Seats, all blocks together"): [was.seats, now.seats],
        _("Hours of people"): [was.person_hours, now.person_hours],
    }
    return [Compared(name, plain(Fraction(before)), plain(Fraction(after))) for name, (before, after) in shown.items()]


@require_POST
@staff_only
def plan_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it stand; then the page with the link, the code and the words for the chat."""
    found = load(plans_visible_to(request.user), plans_run_by(request.user), pk=pk)
    words = Words(insured="insured" in request.POST)
    done = plans.apply(found.pk, by=request.user, now=timezone.now(), words=words, keep="keep" in request.POST)
    messages.success(request, _("Everything is set up."))
    draft = done.call.status == CallStatus.DRAFT
    return back_to(request, "call_share" if draft else "call_desk", done.call.pk)
