"""Demand plans: reckoned, saved, compared with what stands, applied."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, areas
from communities.api.areas import AreaRow
from communities.api.filters import Filters, before, of, since, under
from communities.api.resources import Readable, Resource, deed, dry_run, load, made, says
from communities.api.rows import Plain, Ref, Row
from communities.api.words import Choice, Flag, Id, Instant, Integer, Said, Text
from communities.errors import Invalid
from communities.models import Area, Compound, User
from communities.phrases import reasons
from staffing import access
from staffing.actions import plans, rounds
from staffing.api.callups import CallUpRow
from staffing.api.norms import NormProfileRow
from staffing.api.rounds import RoundRow
from staffing.models import DemandPlan, NormProfile, PlanOverride, PlanPlace, Round
from staffing.phrases import field_error
from staffing.queries import plans as found
from staffing.queries.norms import nearest, nearest_first, norm_of
from staffing.rules import layout
from staffing.rules.demand import Demand, Override, Place, Step
from staffing.rules.norms import Norm, changed
from staffing.states import Basis, Crewing


class BlockRow(serializers.Serializer):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class PlaceDemandRow(serializers.Serializer):
    compound = serializers.IntegerField()
    residents = serializers.IntegerField()
    households = serializers.FloatField(help_text="Estimated where nobody has counted them.")
    lanes = serializers.IntegerField()
    points = serializers.IntegerField()
    posts = serializers.IntegerField(help_text="The community's own.")


class NeedRow(serializers.Serializer):
    role = serializers.CharField()
    compound = serializers.IntegerField(allow_null=True, help_text="null: once for the whole plan.")
    basis = Choice(Basis)
    posts = serializers.IntegerField()
    seats = serializers.IntegerField(help_text="Posts in all their blocks.")
    counts = serializers.BooleanField()


class OptionRow(serializers.Serializer):
    crewing = Choice(Crewing)
    people = serializers.IntegerField()
    gap = serializers.IntegerField()
    crews = serializers.IntegerField()
    relief = serializers.IntegerField()
    needs_override = serializers.BooleanField(help_text="Longer in one go than the rotation allows: needs a reason.")


class StepRow(serializers.Serializer):
    key = serializers.CharField(help_text="What an override names.")
    value = serializers.FloatField()
    computed = serializers.FloatField()
    formula = serializers.CharField()
    inputs = serializers.DictField()
    source = serializers.CharField()
    reason = serializers.CharField(help_text="Why another number was put in its place.")
    open = serializers.BooleanField(help_text="Whether it may be overridden; sums follow their parts.")


class WarningRow(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()


class DemandRow(serializers.Serializer):
    """What a plan asks for: whole numbers, and for each how it came about."""

    lanes = serializers.IntegerField()
    points = serializers.IntegerField()
    posts = serializers.IntegerField()
    outside = serializers.IntegerField(help_text="Posts that others fill.")
    seats = serializers.IntegerField()
    person_hours = serializers.FloatField()
    relief = serializers.IntegerField()
    standby = serializers.IntegerField()
    headcount = serializers.IntegerField()
    available = serializers.IntegerField()
    gap = serializers.IntegerField()
    share = serializers.FloatField()
    share_of_all = serializers.FloatField()
    blocks = BlockRow(many=True)
    places = PlaceDemandRow(many=True)
    needs = NeedRow(many=True)
    options = OptionRow(many=True)
    steps = StepRow(many=True)
    warnings = WarningRow(many=True)


NUMBERS = (
    "lanes", "points", "posts", "outside", "seats", "relief", "standby", "headcount", "available", "gap",
    "person_hours", "share", "share_of_all",
)  # fmt: skip


def shown(demand: Demand) -> Plain:
    return {
        **{name: number(getattr(demand, name)) for name in NUMBERS},
        "blocks": [{"starts_at": block.start, "ends_at": block.end} for block in demand.blocks],
        "places": [
            {
                "compound": at.place.key,
                "residents": at.place.residents,
                "households": number(at.households),
                "lanes": at.lanes,
                "points": at.points,
                "posts": demand.at(at.place.key),
            }
            for at in demand.places
        ],
        "needs": [
            {
                "role": need.rule.role,
                "compound": need.place,
                "basis": need.rule.basis,
                "posts": need.number,
                "seats": need.seats,
                "counts": need.rule.counts,
            }
            for need in demand.needs
        ],
        "options": [asdict(option) for option in demand.options],
        "steps": [step_row(step) for step in demand.steps.values()],
        "warnings": reasons(demand.warnings),
    }


def step_row(step: Step) -> Plain:
    inputs = {name: number(value) for name, value in step.inputs.items()}
    plain = {name: getattr(step, name) for name in ("key", "formula", "source", "reason", "open")}
    return plain | {"inputs": inputs, "value": number(step.value), "computed": number(step.computed)}


def number(value: int | Fraction | str) -> int | float | str:
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else round(float(value), 6)
    return value


class PlanPlaceRow(serializers.Serializer):
    compound = serializers.IntegerField()
    residents = serializers.IntegerField()
    households = serializers.IntegerField(allow_null=True)
    entrances = serializers.IntegerField()


class PlanOverrideRow(serializers.Serializer):
    key = serializers.CharField()
    value = serializers.IntegerField()
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class DemandPlanRow(Row):
    """What a round needs, by the numbers of a norm as they were when the plan was saved."""

    model = DemandPlan
    filled = frozenset({"places", "overrides", "demand"})

    id = serializers.IntegerField()
    round = Ref(RoundRow)
    norm = Ref(NormProfileRow)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    available = serializers.IntegerField()
    crewing = Choice(Crewing)
    reason = serializers.CharField()
    version = serializers.IntegerField()
    applied_version = serializers.IntegerField(help_text="0: it stands nowhere yet.")
    applied_at = serializers.DateTimeField(allow_null=True)
    call_up = Ref(CallUpRow, allow_null=True)
    places = PlanPlaceRow(many=True)
    overrides = PlanOverrideRow(many=True)
    demand = DemandRow()

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return (access.plans_visible_to(user) | access.plans_made_by(user)).order_by("id")

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        wanted = DemandPlan.objects.prefetch_related(
            Prefetch("places", PlanPlace.objects.order_by("pk")),
            Prefetch("overrides", PlanOverride.objects.order_by("pk")),
        ).in_bulk([row["id"] for row in rows])
        for row in rows:
            plan = wanted[row["id"]]
            row["places"] = [picked(at, "compound_id", PLACE) for at in plan.places.all()]
            row["overrides"] = [picked(each, "key", ("value", "reason", "at")) for each in plan.overrides.all()]
            row["demand"] = shown(found.demand_of(plan))
        return rows


PLACE = ("residents", "households", "entrances")


def picked(thing: Any, key: str, names: Iterable[str]) -> Plain:
    return {key.removesuffix("_id"): getattr(thing, key)} | {name: getattr(thing, name) for name in names}


class PlanFilters(Filters):
    round = of("round")
    area = of("round__area")
    under = under("round__area__path")
    starts_from = since("starts_at")
    starts_before = before("starts_at")


class PlaceSaid(Said):
    compound = Id()
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


class WantedPostRow(serializers.Serializer):
    role = serializers.CharField()
    seats = serializers.IntegerField()


class WantedShiftRow(serializers.Serializer):
    compound = serializers.IntegerField(allow_null=True)
    site_kind = serializers.CharField()
    index = serializers.IntegerField(help_text="The how-manieth site of the kind there, from 0.")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    posts = WantedPostRow(many=True)


class MovedRow(serializers.Serializer):
    shift = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class AddedRow(WantedPostRow):
    shift = serializers.IntegerField()


class SeatsRow(serializers.Serializer):
    post = serializers.IntegerField()
    role = serializers.CharField()
    old = serializers.IntegerField()
    new = serializers.IntegerField(help_text="0: the post goes.")


class BlockedRow(serializers.Serializer):
    post = serializers.IntegerField()
    people = serializers.ListField(child=serializers.CharField())


class DifferenceRow(serializers.Serializer):
    """What applying changes; all empty: it stands as planned."""

    new_seats = serializers.IntegerField()
    new = WantedShiftRow(many=True)
    moved = MovedRow(many=True)
    added = AddedRow(many=True)
    more = SeatsRow(many=True)
    fewer = SeatsRow(many=True)
    dropped = serializers.ListField(child=serializers.IntegerField(), help_text="Shifts.")
    blocked = BlockedRow(many=True, help_text="Posts with more people than seats would be left, and who they are.")


class AppliedRow(serializers.Serializer):
    call_up = serializers.IntegerField(allow_null=True)
    difference = DifferenceRow()


def difference_row(change: layout.Difference) -> Plain:
    names = found.holders(change.blocked) if change.blocked else {}
    return {
        "new_seats": change.new_seats,
        "new": [wanted_row(shift) for shift in change.new],
        "moved": [{"shift": have.id, "starts_at": want.start, "ends_at": want.end} for have, want in change.moved],
        "added": [{"shift": shift, "role": post.role, "seats": post.seats} for shift, post in change.added],
        "more": [asdict(each) for each in change.more],
        "fewer": [asdict(each) for each in change.fewer],
        "dropped": [shift.id for shift in change.dropped],
        "blocked": [{"post": post, "people": names.get(post, [])} for post in change.blocked],
    }


def wanted_row(shift: layout.WantedShift) -> Plain:
    posts = [{"role": post.role, "seats": post.seats} for post in shift.posts]
    where = {"compound": shift.spot.place, "site_kind": shift.spot.kind, "index": shift.spot.index}
    return where | {"starts_at": shift.start, "ends_at": shift.end, "posts": posts}


class DemandPlans(Readable, Resource):
    row = DemandPlanRow
    noun = "demand-plans"
    orderings = ("id", "starts_at")
    filterset_class = PlanFilters

    @says(NewPlan, parameters=["dry_run"])
    def create(self, request: Request) -> Response:
        """Plan what a round needs.

        With dry_run nothing is stored, and the answer is the demand alone. A round has one plan: saved again, it is
        changed.
        """
        said, user, now = NewPlan.read(request.data), request.user, timezone.now()
        one, area = self.round_or_area(said)
        draft = draft_from(said, area)
        if dry_run(request):
            return Response(shown(plans.dry_run(draft, now=now)))
        if not one:
            one = rounds.begin(area.pk, said.get("kind", ""), kind_en=said.get("kind_en", ""), by=user)
        new = not DemandPlan.objects.filter(round=one).exists()
        return made(DemandPlanRow, plans.save(one.pk, draft, by=user, now=now), user, new=new)

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
        draft = redrafted(plan, PlanChange.read(request.data, partial=True))
        if dry_run(request):
            return Response(shown(plans.dry_run(draft, now=now)))
        plans.save(plan.round_id, draft, by=request.user, now=now)
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
    """The counts given, or those of the compound."""
    said = list(said)
    here = Compound.objects.filter(community__path__startswith=area.path)
    compounds = here.in_bulk([place["compound"] for place in said])
    if any(place["compound"] not in compounds for place in said):
        raise Invalid(places=field_error("unknown_compound"))
    return [place_from(place, compounds[place["compound"]]) for place in said]


def place_from(said: dict[str, Any], compound: Compound) -> Place:
    residents = said.get("residents", compound.residents)
    if residents is None:
        raise Invalid(places=field_error("residents_missing"))
    return Place(compound.pk, residents, said.get("households", compound.households), said.get("entrances", 0))


def overrides_from(said: Iterable[dict[str, Any]]) -> list[Override]:
    return [Override(each["key"], each["value"], each["reason"]) for each in said]
