from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities import access
from communities.access import May, Visitor
from communities.actions import places
from communities.api.areas import CommunityRow
from communities.api.filters import Filters, of, under, word
from communities.api.resources import Readable, Resource, load, made, says
from communities.api.rows import Ref, Row
from communities.api.words import Choice, Day, Id, Integer, Said, Text
from communities.models import Compound
from communities.models.places import COMPOUND_KINDS


class CompoundRow(Row):
    """Where people live behind one fence. Residents are a count on a day, never a list."""

    model = Compound
    id = serializers.IntegerField()
    community = Ref(CommunityRow)
    kind = Choice(COMPOUND_KINDS, name="CompoundKind")
    name = serializers.CharField()
    name_en = serializers.CharField()
    residents = serializers.IntegerField(allow_null=True)
    households = serializers.IntegerField(allow_null=True)
    counted_at = serializers.DateField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return Compound.objects.order_by("id")


class CompoundFilters(Filters):
    community = of("community")
    under = under("community__path")
    kind = word("kind", COMPOUND_KINDS)


class CompoundChange(Said):
    name = Text(max_length=120)
    name_en = Text(max_length=120, required=False, allow_blank=True)
    kind = Choice(COMPOUND_KINDS, name="CompoundKind", required=False)
    residents = Integer(min_value=0, max_value=1_000_000, required=False, allow_null=True)
    households = Integer(min_value=0, max_value=1_000_000, required=False, allow_null=True)
    counted_at = Day(required=False, allow_null=True)


class NewCompound(CompoundChange):
    community = Id()


def entered_by(user: Visitor) -> QuerySet[Compound]:
    return Compound.objects.filter(access.within(user, May.PLACES, "community"))


class Compounds(Readable, Resource):
    row = CompoundRow
    scope = "compounds"
    orderings = ("id", "name")
    filterset_class = CompoundFilters

    @says(NewCompound)
    def create(self, request: Request) -> Response:
        """Enter a compound of a community you look after."""
        said = NewCompound.read(request.data)
        community = load(
            CommunityRow.visible(request.user), access.areas(request.user, May.PLACES), said.pop("community")
        )
        found = places.create_compound(community, places.CompoundPlan(**said), by=request.user)
        return made(CompoundRow, found, request.user)

    @says(CompoundChange)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct a compound."""
        compound = self.load(pk, entered_by)
        said = CompoundChange.read(request.data, partial=True)
        return Response(CompoundRow.one(places.edit_compound(compound, said, by=request.user).pk, request.user))
