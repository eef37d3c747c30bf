from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities import access as roles
from communities.access import May, Visitor
from communities.api.areas import AreaRow
from communities.api.filters import Filters, of, under, word
from communities.api.organisations import OrganisationRow
from communities.api.resources import Readable, Resource, deed, load, made, says
from communities.api.rows import Many, Plain, Ref, Row
from communities.api.sites import SiteRow
from communities.api.words import Choice, Flag, Id, Instant, Phone, Said, Text
from communities.models import User
from staffing import access
from staffing.actions import on_call
from staffing.actions.on_call import CrewPlan
from staffing.models import Inspection, OnCall, OutsideCrew
from staffing.queries import on_call as queries
from staffing.rules.on_call import MOST_ITEMS
from staffing.states import Trade


class CrewRow(Row):
    """People of a power, telecom or other company who keep a place going."""

    model = OutsideCrew
    id = serializers.IntegerField()
    area = Ref(AreaRow)
    organisation = Ref(OrganisationRow)
    trade = Choice(Trade)
    name = serializers.CharField()
    contact = serializers.CharField()
    phone = serializers.CharField(required=False, help_text="For those who may ring them.")
    checklist = serializers.CharField(help_text="What they look at, one a line.")
    filled = frozenset({"phone"})

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.crews_visible_to(user)

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        phones = queries.phones({row["id"] for row in rows}, user)
        return [row | ({"phone": phones[row["id"]]} if row["id"] in phones else {}) for row in rows]


class InspectionRow(Row):
    """One thing to look at during a duty."""

    model = Inspection
    id = serializers.IntegerField()
    on_call = serializers.IntegerField()
    position = serializers.IntegerField()
    item = serializers.CharField()
    fine = serializers.BooleanField(allow_null=True)
    finding = serializers.CharField()
    done_at = serializers.DateTimeField(allow_null=True)
    done_by = serializers.IntegerField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return Inspection.objects.filter(on_call__in=access.on_calls_visible_to(user))


class OnCallRow(Row):
    """A crew that can be called to a site over a time."""

    model = OnCall
    id = serializers.IntegerField()
    crew = Ref(CrewRow)
    site = Ref(SiteRow)
    starts_at = serializers.DateTimeField(source="period__startswith")
    ends_at = serializers.DateTimeField(source="period__endswith")
    cancelled_at = serializers.DateTimeField(allow_null=True)
    inspections = Many(InspectionRow, by="on_call")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.on_calls_visible_to(user)


class CrewFilters(Filters):
    area = of("area")
    under = under("area__path")
    organisation = of("organisation")
    trade = word("trade", Trade)


class OnCallFilters(Filters):
    crew = of("crew")
    site = of("site")
    under = under("crew__area__path")
    trade = word("crew__trade", Trade)


class NewCrew(Said):
    area = Id()
    organisation = Id()
    trade = Choice(Trade)
    name = Text(max_length=120)
    contact = Text(max_length=120)
    phone = Phone(required=False)
    checklist = Text(required=False, allow_blank=True, help_text="What they look at, one a line.")


class NewOnCall(Said):
    crew = Id()
    site = Id()
    starts_at = Instant()
    ends_at = Instant()
    checklist = serializers.ListField(
        child=Text(max_length=200),
        max_length=MOST_ITEMS,
        required=False,
        help_text="Left out: what the crew always looks at.",
    )


class Looked(Said):
    inspection = Id()
    fine = Flag(allow_null=True, help_text="null: it has still to be looked at.")
    finding = Text(max_length=200, required=False, allow_blank=True, help_text="Needed where it is not in order.")


class EndingOnCall(Said):
    reason = Text(max_length=200)


class OutsideCrews(Readable, Resource):
    row = CrewRow
    noun = "outside-crews"
    filterset_class = CrewFilters

    @says(NewCrew)
    def create(self, request: Request) -> Response:
        """Register a crew of an area. Registered again under the same name, the first with the new contact."""
        said = NewCrew.read(request.data)
        area = load(AreaRow.visible(request.user), roles.areas(request.user, May.RUN), said.pop("area"))
        plan = CrewPlan(trade=Trade(said.pop("trade")), **said)
        before = OutsideCrew.objects.filter(area=area, organisation=plan.organisation, name=plan.name).exists()
        return made(CrewRow, on_call.register(area.pk, plan, by=request.user), request.user, new=not before)


class OnCalls(Readable, Resource):
    row = OnCallRow
    noun = "on-calls"
    orderings = ("period", "id")
    filterset_class = OnCallFilters

    @says(NewOnCall)
    def create(self, request: Request) -> Response:
        """Put a crew on call for a site and a time."""
        said, now, user = NewOnCall.read(request.data), timezone.now(), request.user
        crew = load(CrewRow.visible(user), access.crews_run_by(user), said["crew"])
        start, end, things = said["starts_at"], said["ends_at"], said.get("checklist", [])
        return made(OnCallRow, on_call.plan(crew.pk, said["site"], start, end, things, by=user, now=now), user)

    @deed(allowed=access.inspected_by, takes=Looked, gives=InspectionRow)
    def inspect(
        self, duty: OnCall, inspection: int, fine: bool | None, *, by: User, now: datetime, finding: str = ""
    ) -> Response:
        """Say that something of the checklist has been looked at: in order or not, and what was found."""
        found = get_object_or_404(duty.inspections, pk=inspection)
        if fine is None:
            return Response(InspectionRow.one(on_call.untick(found.pk, by=by, now=now).pk, by))
        return Response(InspectionRow.one(on_call.tick(found.pk, fine=fine, finding=finding, by=by, now=now).pk, by))

    @deed(allowed=access.on_calls_run_by, takes=EndingOnCall)
    def cancel(self, duty: OnCall, reason: str, *, by: User, now: datetime) -> OnCall:
        """Cancel the duty: the crew need not stand by."""
        return on_call.cancel(duty.pk, by=by, now=now, reason=reason)
