"""A pasted chain list: what it would do, and taking it in."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from communities.api.words import Flag, Said, Text
from communities.errors import Refusal
from communities.models import User
from communities.phrases import say
from staffing.actions import chains
from staffing.actions.chains import MOST_BYTES
from staffing.models import CallUp
from staffing.queries.chains import Plan, Preview
from staffing.rules.chain.documents import entry_document


class ChainSaid(Said):
    text = Text(max_length=MOST_BYTES, trim_whitespace=False, help_text="The whole paste; at most 10,000 lines.")


class ChainTaken(ChainSaid):
    free = Flag(
        required=False,
        help_text="Seats of those who took their line back are given back; else they wait for an answer.",
    )


class ChoiceRow(serializers.Serializer):
    volunteer = serializers.IntegerField()
    name = serializers.CharField()


class FlagsRow(serializers.Serializer):
    cancelled = serializers.BooleanField()
    proxy = serializers.BooleanField()
    question = serializers.BooleanField()


class LineRow(serializers.Serializer):
    """One line: what was read, and what would become of it."""

    line = serializers.IntegerField()
    kind = serializers.ChoiceField(["matched", "new", "ask", "back", "same"])
    how = serializers.CharField(help_text="phone, name, alias, answer or new; empty if it has to be asked.")
    volunteer = serializers.IntegerField(allow_null=True)
    same_as = serializers.IntegerField(allow_null=True, help_text="An earlier line about the same person.")
    changed = serializers.ListField(child=serializers.CharField(), help_text="Fields that differ from the last paste.")
    reason = serializers.CharField(help_text="Why it has to be asked; a stable code.")
    detail = serializers.CharField(help_text="The same as a sentence.")
    choices = ChoiceRow(many=True)
    position = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    head_count = serializers.IntegerField()
    phone = serializers.CharField(allow_null=True)
    building = serializers.CharField(allow_null=True)
    entrance = serializers.CharField(allow_null=True)
    flat = serializers.CharField(allow_null=True)
    role = serializers.CharField(allow_null=True)
    time = serializers.CharField(allow_null=True)
    comment = serializers.CharField()
    flags = FlagsRow()


class ChainPreviewRow(serializers.Serializer):
    title = serializers.CharField(allow_null=True)
    lines = LineRow(many=True)
    comers = serializers.IntegerField(help_text="People who would get a seat or a place in line.")
    seated = serializers.IntegerField(help_text="Of them, those there is a seat for now.")
    freed = serializers.IntegerField(help_text="Lines whose seats would go back.")
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    gone = serializers.IntegerField()


class ChainOutcomeRow(serializers.Serializer):
    entered = serializers.IntegerField(help_text="People who got a place now.")
    waiting = serializers.IntegerField(help_text="Of them, who wait in line.")
    asking = serializers.IntegerField(help_text="Lines that wait for an answer.")
    changed = serializers.IntegerField()
    back = serializers.IntegerField()
    same = serializers.IntegerField()


def preview(call: CallUp, text: str, *, now: datetime) -> Response:
    found = chains.preview(call.pk, text, now=now)
    return Response(preview_document(found))


def preview_document(found: Preview) -> dict[str, Any]:
    figures = {"comers": found.comers, "seated": found.seated, "freed": len(found.freed)} | found.changes
    return {"title": found.title, "lines": [line(plan) for plan in found.plans]} | figures


def line(plan: Plan) -> dict[str, Any]:
    refusal = plan.refusal or Refusal(plan.match.reason)
    known = {
        "line": plan.line,
        "kind": plan.kind,
        "how": plan.match.how,
        "volunteer": plan.match.volunteer,
        "same_as": plan.same_as,
        "changed": list(plan.changed),
        "reason": plan.reason,
        "detail": say(refusal) if plan.reason else "",
        "choices": [{"volunteer": known.volunteer, "name": known.name} for known in plan.match.choices],
    }
    return known | entry_document(plan.entry)


def commit(call: CallUp, text: str, *, free: bool, by: User, now: datetime) -> Response:
    return Response(asdict(chains.commit(call.pk, text, free=free, by=by, now=now)))
