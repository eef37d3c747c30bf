"""A call told in waves: the first one in numbers, the start, the stop, and how it goes."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers, status
from rest_framework.response import Response

from communities.api.words import Choice, Flag, Id, Instant, Integer, Said
from communities.models import User
from staffing.access import teams_visible_to
from staffing.actions import waves as actions
from staffing.actions.waves import RunPlan
from staffing.models import CallUp, WaveRun
from staffing.models.waves import FIRST_WAYS
from staffing.queries import waves as queries
from staffing.queries.waves import Progress
from staffing.states import RunStatus

SHOWN = 20  # runs of a call, the newest first


class WavesSaid(Said):
    """How. What is left out is learned from the answers so far, or as usual."""

    per_seat = Integer(min_value=1, max_value=50, required=False, help_text="People asked for one missing.")
    wait_minutes = Integer(min_value=1, max_value=720, required=False, help_text="Between two waves.")
    until = Instant(required=False)
    channel = Choice(["", *FIRST_WAYS], name="FirstWay", required=False, help_text="Tried first; else each one's own.")
    groups = Flag(required=False, help_text="Tell the chat groups too; true if left out.")
    team = Id(required=False, help_text="Ask the people of this team alone.")


class WavesPreviewRow(serializers.Serializer):
    """The first wave in numbers. Nothing is written."""

    people = serializers.IntegerField()
    expected = serializers.IntegerField(help_text="How many of them are expected to come.")
    seconds = serializers.IntegerField(help_text="Until all of it is sent.")
    audience = serializers.IntegerField(help_text="Who may be asked and could come, in all.")
    missing = serializers.IntegerField()
    per_seat = serializers.FloatField()
    wait_minutes = serializers.IntegerField()
    until = serializers.DateTimeField()
    leaves_at = serializers.DateTimeField(help_text="Later than now in quiet hours.")
    groups = serializers.IntegerField()


class WaveRow(serializers.Serializer):
    number = serializers.IntegerField()
    people = serializers.IntegerField()
    asked_at = serializers.DateTimeField()
    queued = serializers.IntegerField(help_text="Not sent yet.")
    sent = serializers.IntegerField(help_text="Of which nobody knows yet whether they arrived.")
    delivered = serializers.IntegerField()
    failed = serializers.IntegerField()
    kept_back = serializers.IntegerField(help_text="Not sent, since it was filled or stopped.")
    yes = serializers.IntegerField()
    no = serializers.IntegerField()


class WaveRunRow(serializers.Serializer):
    id = serializers.IntegerField()
    status = Choice(RunStatus)
    per_seat = serializers.FloatField(allow_null=True, help_text="Null: learned.")
    wait_minutes = serializers.IntegerField()
    channel = Choice(["", *FIRST_WAYS], name="FirstWay")
    team = serializers.IntegerField(allow_null=True, help_text="Whose people alone are asked.")
    until = serializers.DateTimeField()
    next_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    waves = WaveRow(many=True)


class WaveRunsRow(serializers.Serializer):
    runs = WaveRunRow(many=True)


COLUMNS = ("id", "status", "per_seat", "wait_minutes", "channel", "until", "next_at", "started_at", "ended_at")


def shown(run: WaveRun) -> dict[str, Any]:
    return {name: getattr(run, name) for name in COLUMNS} | {
        "team": run.team_id,
        "waves": [row(one) for one in queries.progress(run)],
    }


def row(wave: Progress) -> dict[str, Any]:
    return {name: value for name, value in asdict(wave).items() if name not in {"first_at", "last_at"}}


def listed(call: CallUp) -> Response:
    return Response({"runs": [shown(run) for run in call.wave_runs.all()[:SHOWN]]})


def preview(call: CallUp, said: dict[str, Any], user: User, now: datetime) -> Response:
    found = actions.preview(call, plan_of(said, user), now)
    names = ("audience", "per_seat", "wait_minutes", "until", "leaves_at", "groups")
    numbers = {name: getattr(found, name) for name in names}
    return Response(asdict(found.wave) | {"missing": found.gap} | numbers)


def plan_of(said: dict[str, Any], user: User) -> RunPlan:
    """Raises Http404 for a team that the user cannot see."""
    if "team" in said:
        get_object_or_404(teams_visible_to(user).standing(), pk=said["team"])
    return RunPlan(**said)


def start(call: CallUp, said: dict[str, Any], *, by: User, now: datetime) -> Response:
    """201 for a new run, 200 for the one that is going already."""
    run = actions.start(call.pk, plan_of(said, by), by=by, now=now)
    code = status.HTTP_201_CREATED if run.started_at == now else status.HTTP_200_OK
    return Response(shown(run), status=code)


def stop(call: CallUp, *, by: User, now: datetime) -> Response:
    return Response(shown(actions.stop(call.pk, by=by, now=now)))
