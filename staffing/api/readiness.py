"""How ready a call is, and the milestones on the way."""

from datetime import datetime
from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from communities.api.words import Choice, Id, Instant, Integer, Said
from communities.models import User
from staffing.actions import readiness as actions
from staffing.actions.readiness import Step
from staffing.models import CallUp
from staffing.queries.readiness import Readiness, Standing, readiness
from staffing.states import Aim, Light


class ForecastRow(serializers.Serializer):
    """When the gap will have closed, as sign-ups come in now; null: not by itself."""

    likely = serializers.DateTimeField(allow_null=True)
    soonest = serializers.DateTimeField(allow_null=True, help_text="One case in ten is sooner.")
    latest = serializers.DateTimeField(allow_null=True, help_text="One case in ten is later.")


class MilestoneRow(serializers.Serializer):
    aim = Choice(Aim)
    due_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(help_text="Before everybody is in place.")
    limit = serializers.IntegerField(help_text="Per cent that may be open then.")
    open = serializers.IntegerField()
    of = serializers.IntegerField()
    light = Choice(Light)
    owner = serializers.IntegerField(allow_null=True)
    escalate_to = serializers.IntegerField(allow_null=True)
    escalate_minutes = serializers.IntegerField()


class ReadinessRow(serializers.Serializer):
    milestones = MilestoneRow(many=True)
    forecast = ForecastRow(allow_null=True)


class MilestoneSaid(Said):
    aim = Choice(Aim)
    minutes = Integer(min_value=0, max_value=10_000)
    limit = Integer(min_value=0, max_value=100, default=0)
    owner = Id(required=False, allow_null=True)
    escalate_to = Id(required=False, allow_null=True)
    escalate_minutes = Integer(min_value=0, max_value=1_440, default=15)


class ReadinessSaid(Said):
    in_place_by = Instant()
    milestones = serializers.ListField(child=MilestoneSaid(), max_length=len(Aim))


def shown(call: CallUp, now: datetime) -> Response:
    found: Readiness = readiness(call, now)
    foreseen = found.forecast
    return Response(
        {
            "milestones": [row(one) for one in found.standings],
            "forecast": {name: getattr(foreseen, name) for name in ("likely", "soonest", "latest")}
            if foreseen
            else None,
        }
    )


def row(found: Standing) -> dict[str, Any]:
    one = found.milestone
    return {
        "aim": one.aim,
        "due_at": one.due,
        "minutes": one.minutes,
        "limit": one.limit,
        "open": found.count.open,
        "of": found.count.of,
        "light": found.light,
        "owner": one.owner_id,
        "escalate_to": one.escalate_to_id,
        "escalate_minutes": one.escalate_minutes,
    }


def change(call: CallUp, at: datetime, said: list[dict[str, Any]], *, by: User, now: datetime) -> None:
    steps = [
        Step(
            Aim(one["aim"]),
            one["minutes"],
            one["limit"],
            one.get("owner"),
            one.get("escalate_to"),
            one["escalate_minutes"],
        )
        for one in said
    ]
    actions.change(call.pk, at, steps, by=by, now=now)
