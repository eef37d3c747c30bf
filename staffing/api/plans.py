"""Demand plans: reckoned, saved, compared with what stands, applied."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, areas
from communities.api.areas import AreaRow
from communities.api.filters import Filters, before, of, since, under
from communities.api.resources import Readable, Resource, deed, dry_run, load, made, says
from communities.api.words import Choice, Flag, Id, Instant, Integer, Name, Said, Text
from communities.errors import Invalid
from communities.models import Area, Compound, User
from staffing import access
from staffing.actions import plans
from staffing.actions.plan_drafts import Work, draw_up, redraw
from staffing.api.plan_rows import AppliedRow, DemandPlanRow, difference_row, shown
from staffing.api.rounds import RoundRow
from staffing.models import DemandPlan, NormProfile, Round
from staffing.phrases import field_error
from staffing.queries.norms import nearest, nearest_first, norm_of
from staffing.rules.demand import Override, Place
from staffing.rules.norms import Norm, changed
from staffing.states import Crewing


class PlanFilters(Filters):
    round = of("round")
    area = of("round__area")
    under = under("round__area__path")
    starts_from = since("starts_at")
    starts_before = before("starts_at")


class PlaceSaid(Said):
    compound = Id(required=False, help_text="Or the name of one that is not in the list yet.")
    name = Name(required=False, help_text="Of a compound that is entered when the plan is saved.")
    residents = Integer(min_value=0, max_value=1_000_000, required=False, help_text="As counted, if not given.")
    households = Integer(min_value=0, max_value=1_000_000, required=False, allow_null=True)
    entrances = Integer(min_value=0, max_value=10_000, required=False)


class OverrideSaid(Said):
    key = Text(max_length=80)
    value = Integer(min_value=0, max_value=plans.MOST)
    reason = Text(max_length=200)


class PlanChange(Said):
    norm = Id(required=False, help_text="Left out: the norm that holds in the area.")
    numbers = serializers.DictField(
        child=serializers.FloatField(),
        required=False,
        help_text="Numbers of the norm that are others here: by name, or per.<role> and quantity.<role>.",
    )
    places = serializers.ListField(child=PlaceSaid(), min_length=1, max_length=200)
    starts_at = Instant()
    ends_at = Instant()
    available = Integer(min_value=0, max_value=10_000, required=False)
    crewing = Choice(Crewing, required=False)
    reason = Text(max_length=200, required=False, allow_blank=True)
    overrides = serializers.ListField(child=OverrideSaid(), required=False, max_length=500)


class NewPlan(PlanChange):
    round = Id(required=False, help_text="An earlier begun round; else say area and kind, and the next one begins.")
    area = Id(required=False)
    kind = Text(max_length=60, required=False)
    kind_en = Text(max_length=60, required=False, allow_blank=True)


class Applying(Said):
    """What the call says: left out, as in the round before, else as in the norm."""

    publish = Flag(required=False, help_text="Open the call at once.")
    keep = Flag(required=False, help_text="Leave seats that are somebody's where the plan has none.")
    insured = Flag(required=False)
    urgent = Flag(required=False)
    title = Text(max_length=120, required=False)
    title_en = Text(max_length=120, required=False)
    text = Text(required=False)
    text_en = Text(required=False)
    issuer = Text(max_length=120, required=False)
    sign_up_until = Instant(required=False)
    arrive_minutes = Integer(min_value=0, max_value=240, required=False)


class DemandPlans(Readable, Resource):
    row = DemandPlanRow
    noun = "demand-plans"
    orderings = ("id", "starts_at")
    filterset_class = PlanFilters

    @says(NewPlan, parameters=["dry_run"])
    def create(self, request: Request) -> Response:
        """Plan what a round needs.

        With dry_run nothing is stored, and the answer is the demand alone. A round has one plan: saved again, it is
        changed. A place with a name is a compound that is entered with the plan; in overrides and in the steps of a
        dry run it goes by minus its position, -1 for the first of the places.
        """
        said, user, now = NewPlan.read(request.data), request.user, timezone.now()
        one, area = self.round_or_area(said)
        draft, work = draft_from(said, area), work_from(said, area)
        if dry_run(request):
            return Response(shown(plans.dry_run(draft, now=now)))
        if not one:
            return made(DemandPlanRow, draw_up(work, draft, by=user, now=now), user)
        new = not DemandPlan.objects.filter(round=one).exists()
        return made(DemandPlanRow, redraw(one.pk, work, draft, by=user, now=now), user, new=new)

    def round_or_area(self, said: dict[str, Any]) -> tuple[Round | None, Area]:
        user = self.request.user
        if "round" in said:
            one = load(RoundRow.visible(user), access.rounds_planned_by(user), said["round"])
            return one, one.area
        if "area" not in said:
            raise Invalid(area=field_error("missing"))
        return None, load(AreaRow.visible(user), areas(user, May.PLAN), said["area"])

    @says(PlanChange, parameters=["dry_run"])
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a plan; what is not said stays. What stands of it changes when it is applied again.

        With dry_run nothing is stored, and the answer is the demand alone.
        """
        plan, now = self.load(pk, access.plans_made_by), timezone.now()
        said = PlanChange.read(request.data, partial=True)
        draft, work = redrafted(plan, said), work_from(said, plan.round.area)
        if dry_run(request):
            return Response(shown(plans.dry_run(draft, now=now)))
        redraw(plan.round_id, work, draft, by=request.user, now=now)
        return Response(DemandPlanRow.one(plan.pk, request.user))

    @deed(allowed=access.plans_run_by, takes=Applying, gives=AppliedRow, parameters=["dry_run"])
    def apply(
        self, plan: DemandPlan, *, by: User, now: datetime, publish: bool = False, keep: bool = False, **words: Any
    ) -> Response:
        """Make the plan stand: points, shifts, posts and the call, in one go.

        Applied again, only the difference is made, and nothing twice. A seat that is somebody's is never dropped:
        that is refused with whose it is, or with `keep` the seat stays. With dry_run only the difference is told.
        """
        if dry_run(self.request):
            return Response({"call_up": plan.call_up_id, "difference": difference_row(plans.difference(plan))})
        done = plans.apply(plan.pk, by=by, now=now, words=plans.Words(**words), publish=publish, keep=keep)
        return Response({"call_up": done.call.pk, "difference": difference_row(done.difference)})


def work_from(said: dict[str, Any], area: Area) -> Work:
    new = {-number: place["name"] for number, place in enumerate(said.get("places", []), 1) if "name" in place}
    return Work(area, said.get("kind", ""), said.get("kind_en", ""), new)


def draft_from(said: dict[str, Any], area: Area) -> plans.Draft:
    profile = norm_in_reach(area, said.get("norm"))
    plain = {name: said[name] for name in ("starts_at", "ends_at", "available", "crewing", "reason") if name in said}
    return plans.Draft(
        profile=profile.pk,
        norm=with_numbers(norm_of(profile), said),
        places=places_from(said["places"], area),
        overrides=overrides_from(said.get("overrides", [])),
        **plain,
    )


def redrafted(plan: DemandPlan, said: dict[str, Any]) -> plans.Draft:
    draft, area = plans.draft_of(plan), plan.round.area
    if "norm" in said:
        profile = norm_in_reach(area, said["norm"])
        draft = replace(draft, profile=profile.pk, norm=norm_of(profile))
    if "places" in said:
        draft = replace(draft, places=places_from(said["places"], area))
    if "overrides" in said:
        draft = replace(draft, overrides=overrides_from(said["overrides"]))
    plain = {name: said[name] for name in ("starts_at", "ends_at", "available", "crewing", "reason") if name in said}
    return replace(draft, norm=with_numbers(draft.norm, said), **plain)


def norm_in_reach(area: Area, pk: int | None) -> NormProfile:
    profile = nearest_first(area).filter(pk=pk).first() if pk else nearest(area)
    if not profile:
        raise Invalid(norm=field_error("unknown_norm"))
    return profile


def with_numbers(norm: Norm, said: dict[str, Any]) -> Norm:
    try:
        return changed(norm, said.get("numbers", {}))
    except (KeyError, ValueError) as error:
        raise Invalid(numbers=field_error("unknown_number")) from error


def places_from(said: Iterable[dict[str, Any]], area: Area) -> list[Place]:
    """The counts given, or those of the compound. One that is not there yet goes by minus its position."""
    said = list(said)
    if any(("compound" in place) == ("name" in place) for place in said):
        raise Invalid(places=field_error("compound_or_name"))
    here = Compound.objects.filter(community__path__startswith=area.path)
    compounds = here.in_bulk([place["compound"] for place in said if "compound" in place])
    if any(place["compound"] not in compounds for place in said if "compound" in place):
        raise Invalid(places=field_error("unknown_compound"))
    known = [compounds.get(place.get("compound", 0), Compound(pk=-no)) for no, place in enumerate(said, 1)]
    return [place_from(place, compound) for place, compound in zip(said, known, strict=True)]


def place_from(said: dict[str, Any], compound: Compound) -> Place:
    residents = said.get("residents", compound.residents)
    if residents is None:
        raise Invalid(places=field_error("residents_missing"))
    return Place(compound.pk, residents, said.get("households", compound.households), said.get("entrances", 0))


def overrides_from(said: Iterable[dict[str, Any]]) -> list[Override]:
    return [Override(each["key"], each["value"], each["reason"]) for each in said]
