"""What the API shows of a demand plan: its demand with every step, and what applying it changes."""

from collections.abc import Iterable
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from communities.access import Visitor
from communities.api.rows import Plain, Ref, Row
from communities.api.words import Choice
from communities.phrases import reasons
from staffing import access
from staffing.api.callup_rows import CallUpRow
from staffing.api.norms import NormProfileRow
from staffing.api.rounds import RoundRow
from staffing.models import DemandPlan, PlanOverride, PlanPlace
from staffing.queries.plans import demand_of, holders
from staffing.rules.demand import Demand
from staffing.rules.layout import Difference, WantedShift
from staffing.rules.steps import Step
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
            row["demand"] = shown(demand_of(plan))
        return rows


PLACE = ("residents", "households", "entrances")


def picked(thing: Any, key: str, names: Iterable[str]) -> Plain:
    return {key.removesuffix("_id"): getattr(thing, key)} | {name: getattr(thing, name) for name in names}


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


def difference_row(change: Difference) -> Plain:
    names = holders(change.blocked) if change.blocked else {}
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


def wanted_row(shift: WantedShift) -> Plain:
    posts = [{"role": post.role, "seats": post.seats} for post in shift.posts]
    where = {"compound": shift.spot.place, "site_kind": shift.spot.kind, "index": shift.spot.index}
    return where | {"starts_at": shift.start, "ends_at": shift.end, "posts": posts}
