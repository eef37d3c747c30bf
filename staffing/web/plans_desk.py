"""The plan page: residents and a deadline in, points, posts and the gap out, again with every key that is pressed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from communities.access import May, areas
from communities.models import Area, Compound
from staffing.access import load, plans_made_by, plans_visible_to
from staffing.actions.plan_drafts import Work, draw_up, redraw
from staffing.actions.plans import Draft
from staffing.models import DemandPlan, NormProfile, PlanPlace, Role
from staffing.phrases import field_error
from staffing.queries.norms import norm_of, norms_at
from staffing.queries.plans import norm_in
from staffing.rules.demand import Demand, compute
from staffing.rules.norms import Norm
from staffing.states import Basis, Crewing
from staffing.web.calls_desk import page_and_post
from staffing.web.pages import attempt, back_to, chosen_area, customs, show, staff_only
from staffing.web.plan_forms import (
    NEW_ROWS,
    UNITS,
    NewPlaceForm,
    PlaceForm,
    PlanForm,
    Said,
    knobs,
    plain,
    read_said,
    usual,
)
from staffing.web.plan_page import Page, Shown
from staffing.web.plan_sheet import KINDS, download
from staffing.web.words import local

MOST_COMPOUNDS = 100


@dataclass(slots=True)
class Sheet:
    """All that stands on the page: what was filled in, and what follows from it."""

    area: Area
    form: PlanForm
    rows: Sequence[PlaceForm]
    demand: Demand | None = None
    said: Said | None = None
    shown: Shown | None = None

    @property
    def troubled(self) -> bool:
        bad_rows = any(row.errors for row in self.rows)
        return bool(self.form.errors or bad_rows or (self.said and self.said.errors))

    def taken(self) -> dict[int, PlaceForm]:
        """The rows that count, by the key of their place: the compound's, or less than 0 for one not there yet."""
        return {
            row.compound.pk if row.compound else -number: row for number, row in enumerate(self.rows, 1) if row.taken
        }


def profile_in(profiles: Sequence[NormProfile], data: Mapping[str, Any] | None) -> NormProfile:
    asked = str(data.get("norm", "")) if data else ""
    return next((one for one in profiles if str(one.pk) == asked), profiles[0])


def sheet_of(area: Area, data: QueryDict | None, now: datetime, plan: DemandPlan | None = None) -> Sheet:
    """Read what was typed. A plan that is there brings its own numbers."""
    profiles = ([plan.norm] if plan else []) + [one for one in norms_at(area) if not plan or one != plan.norm]
    profile = profile_in(profiles, data)
    norm = norm_in(plan) if plan and profile == plan.norm else norm_of(profile)
    zone = customs(area).zone
    data = with_knobs(data, norm, profile) if data else None
    first = usual(now, zone) | {"norm": profile.pk, "norm_was": profile.pk, "kind": local(profile, "activity")}
    counted = {at.compound_id: at for at in plan.places.all()} if plan else {}
    first |= of_plan(plan, zone) if plan else {}
    form = PlanForm(data, zone=zone, now=now, profiles=profiles, norm=norm, roles=callers(norm), initial=first)
    return Sheet(area, form, list(rows_of(area, data, counted)))


def callers(norm: Norm) -> dict[str, str]:
    """Who calls on households, by name."""
    slugs = [rule.role for rule in norm.rules if rule.basis is Basis.HOUSEHOLD]
    return {role.slug: str(role) for role in Role.objects.filter(slug__in=slugs)}


def with_knobs(data: QueryDict, norm: Norm, profile: NormProfile) -> QueryDict:
    """Another norm brings its own numbers: what was typed for the one before does not count for it."""
    data = data.copy()
    if data.get("norm_was") != str(profile.pk):
        data["norm_was"], data["kind"] = str(profile.pk), local(profile, "activity")
        for name, value in knobs(norm):
            data[name] = plain(value)
    return data


def compounds_of(area: Area) -> QuerySet[Compound]:
    here = Compound.objects.filter(community__path__startswith=area.path)
    return here.annotate(doors=Count("buildings__entrances")).order_by("pk")


def rows_of(area: Area, data: QueryDict | None, counted: Mapping[int, PlanPlace]) -> Sequence[PlaceForm]:
    compounds = list(compounds_of(area)[:MOST_COMPOUNDS])
    rows: list[PlaceForm] = [
        PlaceForm(data, prefix=f"c{one.pk}", compound=one, initial=counts(one, counted)) for one in compounds
    ]
    blank = max(1, NEW_ROWS - len(compounds))
    rows += [NewPlaceForm(data, prefix=f"n{n}") for n in range(blank)]
    return rows


def of_plan(plan: DemandPlan, zone: ZoneInfo) -> dict[str, Any]:
    start, end = plan.starts_at.astimezone(zone), plan.ends_at.astimezone(zone)
    window = {"day": start.date(), "start": start.time(), "end": end.time()}
    said = {"available": plan.available, "crewing": plan.crewing, "reason": plan.reason}
    return window | said | {"kind": local(plan.round, "kind")}


def counts(compound: Compound, counted: Mapping[int, PlanPlace]) -> dict[str, Any]:
    """As in the plan that is being changed, else as counted last."""
    if place := counted.get(compound.pk):
        return {"on": True, "residents": place.residents, "households": place.households, "entrances": place.entrances}
    known = {"residents": compound.residents, "households": compound.households}
    return {"on": not counted, "entrances": compound.doors or None, **known}  # type: ignore[attr-defined]


def reckon(sheet: Sheet, data: QueryDict) -> Sheet:
    """Compute and lay out, if all that is needed can be read."""
    taken = sheet.taken()
    if not sheet.form.is_valid() or not taken or any(row.errors for row in sheet.rows):
        return sheet
    norm, window, staff = sheet.form.norm_said(), sheet.form.window(), sheet.form.cleaned_data["available"] or 0
    places = [row.place(key) for key, row in taken.items()]
    sheet.said = read_said(data, compute(norm, places, window, staff).steps.values())
    sheet.demand = compute(norm, places, window, staff, sheet.said.overrides)
    names = {key: str(row.compound or row.cleaned_data["name"]) for key, row in taken.items()}
    sheet.shown = Page(norm, sheet.demand, names, sheet.said).shown()
    return sheet


def untouched(sheet: Sheet, plan: DemandPlan | None = None) -> QueryDict:
    """The page as it opens, as if somebody had sent it: so that what is known is reckoned at once."""
    data = QueryDict(mutable=True)
    for form in (sheet.form, *sheet.rows):
        for bound in form:
            value = bound.value()
            if value not in (None, "", False):
                data[bound.html_name] = f"{value:%H:%M}" if isinstance(value, time) else str(value)
    for said in plan.overrides.all() if plan else ():
        data[f"o-{said.key}"], data[f"r-{said.key}"] = str(said.value), said.reason
    return data


def area_of(request: HttpRequest) -> Area:
    area = chosen_area(request, May.PLAN)
    if not area:
        raise Http404
    return area


@page_and_post
@staff_only
def plan_new(request: HttpRequest) -> HttpResponse:
    """While one types, the sums follow; saved, it is the next round of its kind."""
    area, now = area_of(request), timezone.now()
    if not norms_at(area):
        return show(request, "plan/norms.html", area, current="plan_new", found=[])
    sheet = filled_in(request, area, now)
    if wants_saving(request, sheet):
        made = attempt(sheet.form, lambda: draw_up(work_of(sheet), draft_of(sheet), by=request.user, now=now))
        if made:
            return back_to(request, "plan", made.pk)
    return page_of(request, sheet, f"{reverse('plan_new')}?area={area.pk}")


@page_and_post
@staff_only
def plan_change(request: HttpRequest, pk: int) -> HttpResponse:
    plan, now = made_by(request, pk), timezone.now()
    sheet = filled_in(request, plan.round.area, now, plan)
    if wants_saving(request, sheet):
        made = attempt(
            sheet.form, lambda: redraw(plan.round_id, work_of(sheet), draft_of(sheet), by=request.user, now=now)
        )
        if made:
            return back_to(request, "plan", made.pk)
    return page_of(request, sheet, reverse("plan_change", args=[plan.pk]), plan=plan)


def made_by(request: HttpRequest, pk: int) -> DemandPlan:
    """The plan, if the reader may plan in its area."""
    visible = plans_visible_to(request.user).select_related("round__area", "norm", "call_up")
    return load(visible.prefetch_related("places__compound", "overrides"), plans_made_by(request.user), pk=pk)


def filled_in(request: HttpRequest, area: Area, now: datetime, plan: DemandPlan | None = None) -> Sheet:
    data = request.POST if request.method == "POST" else untouched(sheet_of(area, None, now, plan), plan)
    return reckon(sheet_of(area, data, now, plan), data)


def wants_saving(request: HttpRequest, sheet: Sheet) -> bool:
    if request.POST.get("do") != "save" or sheet.troubled or not sheet.demand:
        return False
    found = sheet.form.cleaned_data
    if sheet.demand.option(found["crewing"] or Crewing.STAGGERED).needs_override and not found["reason"]:
        sheet.form.add_error("reason", field_error("reason_missing"))
    return not sheet.form.errors


def work_of(sheet: Sheet) -> Work:
    kind, english = sheet.form.cleaned_data["kind"], ""
    if kind == local(profile := sheet.form.profile, "activity"):
        kind, english = profile.activity, profile.activity_en
    new = {key: row.cleaned_data["name"] for key, row in sheet.taken().items() if key < 0}
    return Work(sheet.area, kind, english, new)


def draft_of(sheet: Sheet) -> Draft:
    found, window = sheet.form.cleaned_data, sheet.form.window()
    return Draft(
        profile=found["norm"],
        norm=sheet.form.norm_said(),
        places=[row.place(key) for key, row in sheet.taken().items()],
        starts_at=window.start,
        ends_at=window.end,
        available=found["available"] or 0,
        overrides=sheet.said.overrides if sheet.said else (),
        crewing=found["crewing"] or Crewing.STAGGERED,
        reason=found["reason"],
    )


def page_of(request: HttpRequest, sheet: Sheet, action: str, **more: Any) -> HttpResponse:
    form = sheet.form
    named = dict(knobs(form.base))
    status = 400 if sheet.troubled and form.is_bound else 200
    context = {
        "sheet": sheet,
        "form": form,
        "rows": sheet.rows,
        "knobs": [(form[name], unit(name)) for name in named if name in TOP or name.startswith("per.")],
        "more": [(form[name], unit(name)) for name in named if name not in TOP and not name.startswith("per.")],
        "when_errors": [form["day"], form["start"], form["end"]],
        "people": pgettext("after a number", "people"),
        "shown": sheet.shown,
        "troubles": sheet.troubled,
        "chosen": form["crewing"].value(),
        "action": action,
        "query": kept(form.data) if form.is_bound else "",
        "places": list(areas(request.user, May.PLAN).order_by("path")[:100]),
    }
    return show(request, "plan/plan.html", sheet.area, current="plan_new", status=status, **context | more)


TOP = ("lane_rate", "home_share", "block_hours")


def unit(name: str) -> str:
    return pgettext("plan", "doors") if name.startswith("per.") else str(UNITS[name])


def kept(data: QueryDict) -> str:
    """What was filled in, as the address of the same plan on paper or in a spreadsheet."""
    said = QueryDict(mutable=True)
    for name in data:
        if name not in ("csrfmiddlewaretoken", "do", "norm_was") and data[name]:
            said[name] = data[name]
    return said.urlencode()


@require_safe
@staff_only
def plan_sheet(request: HttpRequest, ending: str) -> HttpResponse:
    """The plan that the address says, as a spreadsheet."""
    if ending not in KINDS:
        raise Http404
    sheet = read_address(request)
    if not sheet or not sheet.shown:
        return redirect("plan_new")
    with timezone.override(customs(sheet.area).zone):
        return download(sheet.shown, _("Demand plan"), ending)


@require_safe
@staff_only
def plan_print(request: HttpRequest) -> HttpResponse:
    sheet = read_address(request)
    if not sheet or not sheet.shown:
        return redirect("plan_new")
    return show(request, "plan/print.html", sheet.area, current="plan_new", sheet=sheet, shown=sheet.shown)


def read_address(request: HttpRequest) -> Sheet | None:
    """The plan as the address says it; without anything shown if it is not that of a plan. None where no norm holds."""
    area, data = area_of(request), request.GET.copy()
    data.setdefault("norm_was", data.get("norm", ""))
    return reckon(sheet_of(area, data, timezone.now()), data) if norms_at(area) else None
