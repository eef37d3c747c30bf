from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, within
from communities.api.areas import AreaRow
from communities.api.filters import Filters, of
from communities.api.organisations import OrganisationRow
from communities.api.resources import Readable, Resource, deed, made, says
from communities.api.rows import Ref, Row
from communities.api.words import Id, Instant, Said, Seats, Several
from communities.errors import Forbidden
from communities.models import Area, Organisation, User
from staffing import access
from staffing.actions import staff_requests
from staffing.api.roles import RoleRow
from staffing.api.secondments import PERIOD, OutcomeRow, known_role, outcome, theirs
from staffing.models import StaffRequest
from staffing.queries.secondments import offered


class StaffRequestRow(Row):
    """A community asks an organisation for people of a role."""

    model = StaffRequest
    computed = PERIOD | {"offered": offered()}
    id = serializers.IntegerField()
    area = Ref(AreaRow)
    organisation = Ref(OrganisationRow)
    role = Ref(RoleRow)
    people = serializers.IntegerField()
    offered = serializers.IntegerField(help_text="How many of the unit's people have been offered for it.")
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    asked_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.staff_requests_visible_to(user)


class StaffRequestFilters(Filters):
    area = of("area")
    organisation = of("organisation")


class AskingStaff(Said):
    area = Id()
    organisation = Id()
    role = Id()
    people = Seats()
    start = Instant()
    end = Instant()


class StaffAnswering(Said):
    volunteers = Several(Id())


class StaffRequests(Readable, Resource):
    row = StaffRequestRow
    noun = "staff-requests"
    filterset_class = StaffRequestFilters

    @says(AskingStaff)
    def create(self, request: Request) -> Response:
        """Ask a unit for people, as the lead of the community. Asked again, the first."""
        said, user, now = AskingStaff.read(request.data), request.user, timezone.now()
        area = Area.objects.filter(pk=said["area"]).first()
        if not area or not Organisation.objects.filter(pk=said["organisation"]).exists():
            raise Http404
        if not Area.objects.filter(within(user, May.RUN, ""), pk=area.pk).exists():
            raise Forbidden
        asked = staff_requests.ask(
            area.pk, said["organisation"], known_role(said["role"]), said["people"], said["start"], said["end"], by=user, now=now
        )  # fmt: skip
        return made(StaffRequestRow, asked, user, new=asked.asked_at >= now)

    @deed(allowed=access.staff_requests_of_unit, takes=StaffAnswering, gives=OutcomeRow)
    def answer(self, asked: StaffRequest, *, by: User, now: datetime, volunteers: list[int]) -> Response:
        """Offer these of your unit's people for it; with enough of them it is closed. Who stays is told by their id, with the reasons."""
        people = [person for person in volunteers if theirs(person, asked.organisation)]
        return outcome(staff_requests.answer(asked.pk, people, by=by, now=now))

    @deed(allowed=access.staff_requests_visible_to)
    def close(self, asked: StaffRequest, *, by: User, now: datetime) -> StaffRequest:
        """No more people are needed, or none can be sent."""
        return staff_requests.close(asked.pk, now=now)
