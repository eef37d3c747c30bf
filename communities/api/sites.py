from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities import access
from communities.access import May, Visitor
from communities.actions import places
from communities.api.areas import AreaRow
from communities.api.compounds import CompoundRow
from communities.api.filters import Filters, of, under, word
from communities.api.resources import Readable, Resource, load, made, says
from communities.api.rows import Ref, Row
from communities.api.words import Choice, Flag, Id, Integer, Said, Text
from communities.models import SamplingPoint, Site
from communities.models.places import SITE_KINDS


class SiteRow(Row):
    """Any place where a shift happens."""

    model = Site
    id = serializers.IntegerField()
    area = Ref(AreaRow)
    compound = Ref(CompoundRow, allow_null=True)
    kind = Choice(SITE_KINDS, name="SiteKind")
    no = serializers.IntegerField(allow_null=True, help_text="Its number in the area.")
    name = serializers.CharField()
    name_en = serializers.CharField()
    gate = serializers.CharField(help_text="How to get in.")
    gate_en = serializers.CharField()
    lanes = serializers.IntegerField(allow_null=True)
    priority_lane = serializers.BooleanField()

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return cls.model.objects.order_by("id")


class SamplingPointRow(SiteRow):
    """A site of the kind sampling_point."""

    model = SamplingPoint


class SamplingPointFilters(Filters):
    area = of("area")
    under = under("area__path")
    compound = of("compound")


class SiteFilters(SamplingPointFilters):
    kind = word("kind", SITE_KINDS)


class SamplingPointChange(Said):
    name = Text(max_length=120)
    name_en = Text(max_length=120, required=False, allow_blank=True)
    no = Integer(min_value=1, max_value=9999, required=False, allow_null=True)
    gate = Text(max_length=200, required=False, allow_blank=True)
    gate_en = Text(max_length=200, required=False, allow_blank=True)
    lanes = Integer(min_value=1, max_value=100, required=False, allow_null=True)
    priority_lane = Flag(required=False)


class NewSamplingPoint(SamplingPointChange):
    area = Id()
    compound = Id(required=False, allow_null=True)


class NewSite(NewSamplingPoint):
    kind = Choice(SITE_KINDS, name="SiteKind")


def entered_by(user: Visitor) -> QuerySet[Site]:
    return Site.objects.filter(access.within(user, May.PLACES, "area"))


class SamplingPoints(Readable, Resource):
    row = SamplingPointRow
    noun = "sampling-points"
    orderings = ("id", "name")
    filterset_class = SamplingPointFilters

    @says(NewSamplingPoint)
    def create(self, request: Request) -> Response:
        """Enter a sampling point in an area you look after."""
        return self.enter(request, NewSamplingPoint.read(request.data))

    @says(SamplingPointChange)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct a site."""
        site = self.load(pk, entered_by)
        said = SamplingPointChange.read(request.data, partial=True)
        return Response(self.row.one(places.edit_site(site, said, by=request.user).pk, request.user))

    def enter(self, request: Request, said: dict[str, Any]) -> Response:
        area = load(AreaRow.visible(request.user), access.areas(request.user, May.PLACES), said.pop("area"))
        return made(self.row, places.create_site(area, places.SitePlan(**said), by=request.user), request.user)


class Sites(SamplingPoints):
    row = SiteRow
    noun = "sites"
    filterset_class = SiteFilters

    @says(NewSite)
    def create(self, request: Request) -> Response:
        """Enter a site in an area you look after."""
        return self.enter(request, NewSite.read(request.data))
