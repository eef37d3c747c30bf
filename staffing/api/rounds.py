"""Rounds: begun, repeated, measured."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, areas
from communities.api.areas import AreaRow
from communities.api.filters import Filters, of, text, under
from communities.api.resources import Readable, Resource, deed, load, made, says
from communities.api.rows import Ref, Row
from communities.api.words import Day, Id, Instant, Integer, Said, Text
from communities.errors import Invalid
from communities.models import User
from communities.phrases import reasons
from communities.queries.customs import customs_of
from staffing import access
from staffing.actions import rounds
from staffing.api.norms import NormProfileRow, Number
from staffing.models import Round
from staffing.phrases import field_error


class RoundRow(Row):
    """One of several goes at the same work in an area."""

    model = Round
    id = serializers.IntegerField()
    area = Ref(AreaRow)
    kind = serializers.CharField()
    kind_en = serializers.CharField()
    no = serializers.IntegerField()
    deadline = serializers.DateTimeField(allow_null=True)
    plan = Ref("staffing.api.plan_rows.DemandPlanRow", allow_null=True)
    measured_rate = Number(allow_null=True, help_text="People an hour on one lane, as it was.")
    measured_seats = serializers.IntegerField()
    measured_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.rounds_visible_to(user).order_by("id")


class RoundFilters(Filters):
    area = of("area")
    under = under("area__path")
    kind = text("kind")


class NewRound(Said):
    area = Id()
    kind = Text(max_length=60, help_text="What for, in a word or two.")
    kind_en = Text(max_length=60, required=False, allow_blank=True)
    no = Integer(min_value=1, max_value=999, required=False, help_text="Left out: the next.")
    deadline = Instant(required=False, allow_null=True)


class AnotherDay(Said):
    day = Day()


class CountSaid(Said):
    sign_up = Id()
    number = Integer(min_value=0, max_value=100_000)


class Counting(Said):
    counts = serializers.ListField(child=CountSaid(), min_length=1, max_length=500)


class RefusedRow(serializers.Serializer):
    sign_up = serializers.IntegerField(help_text="Their seat of the round before.")
    reasons = serializers.ListField(child=serializers.DictField())


class InvitationsRow(serializers.Serializer):
    invited = serializers.ListField(child=serializers.IntegerField(), help_text="Sign-ups, waiting for an answer.")
    refused = RefusedRow(many=True)


class Rounds(Readable, Resource):
    row = RoundRow
    noun = "rounds"
    orderings = ("id", "no")
    filterset_class = RoundFilters

    @says(NewRound)
    def create(self, request: Request) -> Response:
        """Begin a round: the next of its kind in the area. With a number that exists, that one."""
        said, user = NewRound.read(request.data), request.user
        area = load(AreaRow.visible(user), areas(user, May.PLAN), said.pop("area"))
        before = Round.objects.filter(area=area, kind=said["kind"], no=said.get("no")).exists()
        return made(RoundRow, rounds.begin(area.pk, **said, by=user), user, new=not before)

    @deed(allowed=access.rounds_planned_by, takes=AnotherDay)
    def repeat(self, one: Round, day: date, *, by: User, now: datetime) -> Round:
        """Plan the next round like this one, at the same clock time of another day.

        Nothing stands before that plan is applied. Repeated to the same day, the first.
        """
        zone = customs_of([one.area_id])[one.area_id].zone
        return rounds.repeat(one.pk, day, zone=zone, by=by, now=now).round

    @deed(allowed=access.rounds_run_by, gives=InvitationsRow)
    def invite_again(self, one: Round, *, by: User, now: datetime) -> Response:
        """Invite everybody who said after the round before that they would come again. It books nothing."""
        done = rounds.invite_again(one.pk, by=by, now=now)
        refused = [{"sign_up": signup.pk, "reasons": reasons(why)} for signup, why in done.refused]
        return Response({"invited": [signup.pk for signup in done.invited], "refused": refused})

    @deed(allowed=access.rounds_run_by, takes=Counting)
    def count(self, one: Round, counts: list[dict[str, int]], *, by: User, now: datetime) -> Round:
        """Say how many people were served at seats of the round. It measures lanes, not persons."""
        seats = access.signups_run_by(by).filter(shift__call_up__plan__round=one)
        if set(seats.filter(pk__in=[each["sign_up"] for each in counts]).values_list("pk", flat=True)) != {
            each["sign_up"] for each in counts
        }:
            raise Invalid(counts=field_error("unknown_sign_up"))
        for each in counts:
            rounds.count_work(each["sign_up"], each["number"], by=by, now=now)
        return one

    @deed(allowed=access.rounds_planned_by)
    def measure(self, one: Round, *, by: User, now: datetime) -> Round:
        """Measure how fast its lanes were, from what was counted at the seats, else from attendance."""
        return rounds.measure(one.pk, by=by, now=now)

    @deed(allowed=access.rounds_planned_by, gives={201: NormProfileRow})
    def adopt(self, one: Round, *, by: User, now: datetime) -> Response:
        """Take the measured rate into the area's own norm, as a new version."""
        return made(NormProfileRow, rounds.adopt(one.pk, by=by, now=now), by)
