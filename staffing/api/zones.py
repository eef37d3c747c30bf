from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Func, QuerySet, When
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, within
from communities.actions import proposals, zones
from communities.actions.proposals import Wish
from communities.actions.zones import Decree, Target
from communities.api.areas import AreaRow
from communities.api.compounds import CompoundRow
from communities.api.filters import Filters, flag, of, text, under, word
from communities.api.resources import Readable, Resource, deed, dry_run, made, says
from communities.api.rows import Plain, Ref, Row
from communities.api.words import Choice, Id, Instant, Nothing, Said, Text
from communities.api.zones import Decreeing
from communities.errors import Forbidden
from communities.models import Area, Compound, User, ZoneProposal, ZoneStatus
from communities.states import ProposalStatus, ZoneReason
from staffing import access
from staffing.actions import rechecks
from staffing.api.signup_rows import SignUpRow
from staffing.models import RecheckedSeat, ZoneRecheck
from staffing.queries import rechecks as queries
from staffing.states import Verdict


class ZoneStatusRow(Row):
    """One level of a compound, or of a whole area, from an instant until the next notice."""

    model = ZoneStatus
    computed = {"since": Func(F("valid"), function="lower"), "until": Func(F("valid"), function="upper")}

    id = serializers.IntegerField()
    compound = Ref(CompoundRow, allow_null=True)
    area = Ref(AreaRow, allow_null=True)
    level = serializers.CharField()
    group = serializers.CharField()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    issuer = serializers.CharField()
    notice_no = serializers.CharField()
    reason = Choice(ZoneReason)
    earliest_release_at = serializers.DateTimeField(allow_null=True)
    recheck = serializers.IntegerField(allow_null=True, help_text="Its row in zone-rechecks.")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        """What a notice says is public."""
        return ZoneStatus.objects.order_by("id")


class StatusFilters(Filters):
    compound = of("compound")
    area = of("area")
    under = under("compound__community__path")
    level = text("level")
    current = flag("current", "In force now.")


class Placing(Said):
    """Over which place: one compound, or a whole area."""

    compound = Id(required=False)
    area = Id(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("compound" in attrs) == ("area" in attrs):
            raise serializers.ValidationError({"compound": [_("Choose one compound or one area.")]})
        return attrs


class Setting(Decreeing, Placing):
    """What a notice says, and over which place."""


class FiguresRow(serializers.Serializer):
    """What a change does to the seats in its reach, in numbers."""

    seats = serializers.IntegerField()
    stay = serializers.IntegerField()
    approve = serializers.IntegerField(help_text="Of those that stay: the lead still has to approve the person.")
    cannot_enter = serializers.IntegerField()
    cannot_leave = serializers.IntegerField()
    on_duty = serializers.IntegerField(help_text="Checked in; not touched, perhaps shut in.")
    line = serializers.IntegerField(help_text="Places in line that are lost.")
    people = serializers.IntegerField(help_text="People who are told.")


def target(said: dict[str, Any], user: Visitor, may: May) -> Target:
    """The place that is spoken of, taken out of what was said. Not there is 404, not theirs 403."""
    place = Target(compound=said.pop("compound", None), area=said.pop("area", None))
    rows, lookup = (Compound.objects, "community") if place.compound else (Area.objects, "")
    found = rows.filter(pk=place.compound or place.area)
    if not found.exists():
        raise Http404
    if not found.filter(within(user, may, lookup)).exists():
        raise Forbidden
    return place


class ZoneStatuses(Readable, Resource):
    row = ZoneStatusRow
    noun = "zone-statuses"
    orderings = ("id", "since")
    filterset_class = StatusFilters

    def get_queryset(self) -> QuerySet[Any]:
        now = Case(When(valid__contains=timezone.now(), then=True), default=False)
        return super().get_queryset().annotate(current=now)

    @says(Setting, parameters=["dry_run"])
    def create(self, request: Request) -> Response:
        """Set the level of a compound or of a whole area, as a notice says. With dry_run, what it would do, in numbers."""
        said, user, now = Setting.read(request.data), request.user, timezone.now()
        place = target(said, user, May.ZONES)
        if dry_run(request):
            return Response(asdict(rechecks.foresee(place, Decree(**said), by=user, now=now)))
        return made(ZoneStatusRow, zones.set_zone(place, Decree(**said), by=user, now=now), user)


class ZoneProposalRow(Row):
    """A level that a community asks for; the district or above sets it under a notice, or refuses."""

    model = ZoneProposal
    id = serializers.IntegerField()
    compound = Ref(CompoundRow, allow_null=True)
    area = Ref(AreaRow, allow_null=True)
    level = serializers.CharField()
    group = serializers.CharField()
    since = serializers.DateTimeField()
    reason = Choice(ZoneReason)
    status = Choice(ProposalStatus)
    proposed_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField()
    zone_status = serializers.IntegerField(source="made", allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.proposals_visible_to(user)


class ProposalFilters(Filters):
    compound = of("compound")
    area = of("area")
    status = word("status", ProposalStatus)


class Proposing(Placing):
    level = Text(max_length=30, help_text="One of zone-policies.")
    since = Instant()
    group = Text(max_length=40, required=False)
    reason = Choice(ZoneReason, required=False)


class Answering(Said):
    answer = Text(max_length=200)


class SettingProposed(Decreeing):
    """What the notice says; level and start may differ from what was asked for."""


class ZoneProposals(Readable, Resource):
    row = ZoneProposalRow
    noun = "zone-proposals"
    orderings = ("id", "proposed_at")
    filterset_class = ProposalFilters

    @says(Proposing)
    def create(self, request: Request) -> Response:
        """Ask for a level. Nothing changes until somebody else sets it."""
        said, user, now = Proposing.read(request.data), request.user, timezone.now()
        place = target(said, user, May.PROPOSE)
        done = proposals.propose(place, Wish(**said), by=user, now=now)
        return made(ZoneProposalRow, done, user, new=done.proposed_at >= now)

    @deed("set", allowed=access.proposals_decided_by, takes=SettingProposed)
    def set_proposed(self, proposal: ZoneProposal, *, by: User, now: datetime, **said: Any) -> ZoneProposal:
        """Set it, as the notice says. Not by the one who proposed it."""
        proposals.decree(proposal.pk, Decree(**said), by=by, now=now)
        return proposal

    @deed(allowed=access.proposals_decided_by, takes=Answering)
    def refuse(self, proposal: ZoneProposal, answer: str, *, by: User, now: datetime) -> ZoneProposal:
        """Say no, and why. Not by the one who proposed it."""
        return proposals.refuse(proposal.pk, answer, by=by, now=now)

    @deed(allowed=access.proposals_made_by)
    def withdraw(self, proposal: ZoneProposal, *, by: User, now: datetime) -> ZoneProposal:
        """Ask for it no longer."""
        return proposals.withdraw(proposal.pk, by=by, now=now)


class RecheckRow(Row):
    """All future seats in reach of one change, looked at again: how far it has come."""

    model = ZoneRecheck
    id = serializers.IntegerField()
    zone_status = serializers.IntegerField(allow_null=True)
    policy = serializers.IntegerField(allow_null=True)
    access_pass = serializers.IntegerField(allow_null=True)
    opened_at = serializers.DateTimeField()
    seats = serializers.IntegerField(help_text="Seats, offers and places in line in reach when it began.")
    checked = serializers.IntegerField()
    finished_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return queries.visible_to(user)


class FoundRow(Row):
    """What a re-check found about one sign-up."""

    model = RecheckedSeat
    sign_up = Ref(SignUpRow)
    verdict = Choice(Verdict)
    code = serializers.CharField(help_text="Why not, as in reasons.")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return queries.seats_seen_by(user)


class RepairList(serializers.Serializer):
    figures = FiguresRow()
    found = serializers.ListField(child=FoundRow(), help_text="Of places where you may see names; at most 1,000.")


class ZoneRechecks(Readable, Resource):
    row = RecheckRow
    noun = "zone-rechecks"
    orderings = ("id", "opened_at")

    @says(Nothing, RepairList)
    @action(detail=True, url_path="repair-list")
    def repair_list(self, request: Request, pk: str) -> Response:
        """Who may stay, who cannot enter or leave, and who is on duty there: in numbers, and seat by seat."""
        recheck = get_object_or_404(self.get_queryset(), pk=pk)
        found = queries.seats_seen_by(request.user).filter(recheck=recheck).order_by("sign_up")[:1000]
        rows: list[Plain] = list(found.values("sign_up", "verdict", "code"))
        return Response({"figures": asdict(queries.figures(recheck)), "found": rows})
