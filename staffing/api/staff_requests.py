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
from communities.api.resources import Readable, Resource, made, says
from communities.api.rows import Ref, Row
from communities.api.words import Id, Instant, Said, Seats
from communities.errors import Forbidden
from communities.models import Area, Organisation
from staffing import access
from staffing.actions import secondments
from staffing.api.roles import RoleRow
from staffing.api.secondments import PERIOD, known_role
from staffing.models import StaffRequest


class StaffRequestRow(Row):
    """A community asks an organisation for people of a role."""

    model = StaffRequest
    computed = PERIOD
    id = serializers.IntegerField()
    area = Ref(AreaRow)
    organisation = Ref(OrganisationRow)
    role = Ref(RoleRow)
    people = serializers.IntegerField()
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
        asked = secondments.request(
            area.pk, said["organisation"], known_role(said["role"]), said["people"], said["start"], said["end"], by=user, now=now
        )  # fmt: skip
        return made(StaffRequestRow, asked, user, new=asked.asked_at >= now)
