from datetime import datetime
from typing import Any

from django.db.models import F, Func, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, may
from communities.actions.zones import Target
from communities.api.areas import AreaRow
from communities.api.compounds import CompoundRow
from communities.api.filters import Filters, of
from communities.api.resources import Readable, Resource, deed, made, says
from communities.api.rows import Ref, Row
from communities.api.words import Flag, Id, Instant, Said, Text
from communities.errors import Forbidden
from communities.models import Area, Compound, User
from volunteers import access
from volunteers.actions import passes
from volunteers.actions.passes import PassPlan
from volunteers.api.volunteers import VolunteerRow
from volunteers.models import AccessPass


class AccessPassRow(Row):
    """Lets one person through the fence of a compound, or of every compound of an area, over [start, end)."""

    model = AccessPass
    computed = {"start": Func(F("period"), function="lower"), "end": Func(F("period"), function="upper")}

    id = serializers.IntegerField()
    volunteer = Ref(VolunteerRow)
    compound = Ref(CompoundRow, allow_null=True)
    area = Ref(AreaRow, allow_null=True)
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    reason = serializers.CharField()
    closed_loop = serializers.BooleanField()
    asked_at = serializers.DateTimeField()
    issued_at = serializers.DateTimeField(allow_null=True)
    refused_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.passes_visible_to(user)


class PassFilters(Filters):
    volunteer = of("volunteer")
    compound = of("compound")
    area = of("area")


class Asking(Said):
    volunteer = Id()
    compound = Id(required=False)
    area = Id(required=False)
    start = Instant()
    end = Instant()
    reason = Text(max_length=200)
    closed_loop = Flag(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("compound" in attrs) == ("area" in attrs):
            raise serializers.ValidationError({"compound": [_("Choose one compound or one area.")]})
        return attrs


class AccessPasses(Readable, Resource):
    row = AccessPassRow
    noun = "access-passes"
    orderings = ("id", "asked_at")
    filterset_class = PassFilters

    @says(Asking)
    def create(self, request: Request) -> Response:
        """Give a pass, if you set zones there; else ask the district for one."""
        said, user, now = Asking.read(request.data), request.user, timezone.now()
        target = Target(compound=said.pop("compound", None), area=said.pop("area", None))
        where = area_of(target)
        if not access.volunteers_visible_to(user).filter(pk=said["volunteer"]).exists():
            raise Http404
        do = doing(user, where)
        done = do(PassPlan(target=target, **said), by=user, now=now)
        return made(AccessPassRow, done, user, new=done.asked_at >= now)

    @deed(allowed=access.passes_issued_by)
    def issue(self, asked: AccessPass, *, by: User, now: datetime) -> AccessPass:
        """Say yes to a pass that was asked for. Not by the one who asked."""
        return passes.issue(asked.pk, by=by, now=now)

    @deed(allowed=access.passes_issued_by)
    def refuse(self, asked: AccessPass, *, by: User, now: datetime) -> AccessPass:
        """Say no to it."""
        return passes.refuse(asked.pk, by=by, now=now)

    @deed(allowed=access.passes_revoked_by)
    def revoke(self, given: AccessPass, *, by: User, now: datetime) -> AccessPass:
        """It opens nothing any more, and the person's future seats are looked at again."""
        return passes.revoke(given.pk, by=by, now=now)


def area_of(target: Target) -> Area:
    if target.compound:
        found = Compound.objects.filter(pk=target.compound).select_related("community").first()
        area = found.community if found else None
    else:
        area = Area.objects.filter(pk=target.area).first()
    if not area:
        raise Http404
    return area


def doing(user: Visitor, area: Area) -> Any:
    if may(user, May.ZONES, area):
        return passes.give
    if may(user, May.PROPOSE, area):
        return passes.ask
    raise Forbidden
