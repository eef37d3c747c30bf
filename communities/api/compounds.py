from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Now
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities import access
from communities.access import May, Visitor
from communities.actions import places
from communities.actions.zones import Decree, set_level
from communities.api import entrances
from communities.api.areas import CommunityRow
from communities.api.filters import Filters, of, under, word
from communities.api.resources import Readable, Resource, deed, load, made, says
from communities.api.rows import Ref, Row
from communities.api.words import Choice, Day, Id, Integer, Said, Text
from communities.api.zones import Decreeing
from communities.models import Compound, User, ZoneStatus
from communities.models.places import COMPOUND_KINDS
from communities.states import ZoneLevel

NOW = ZoneStatus.objects.filter(compound=OuterRef("pk"), valid__contains=Now())


class CompoundRow(Row):
    """Where people live behind one fence. Residents are a count on a day, never a list."""

    model = Compound
    computed = {"zone": Coalesce(Subquery(NOW.values("level")[:1]), Value(ZoneLevel.NONE))}

    id = serializers.IntegerField()
    community = Ref(CommunityRow)
    kind = Choice(COMPOUND_KINDS, name="CompoundKind")
    name = serializers.CharField()
    name_en = serializers.CharField()
    residents = serializers.IntegerField(allow_null=True)
    households = serializers.IntegerField(allow_null=True)
    counted_at = serializers.DateField(allow_null=True)
    zone = serializers.CharField(help_text="The level of its own zone now, as in zone-policies.")

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


def zoned_by(user: Visitor) -> QuerySet[Compound]:
    return Compound.objects.filter(access.within(user, May.ZONES, "community"))


def entered_by(user: Visitor) -> QuerySet[Compound]:
    return Compound.objects.filter(access.within(user, May.PLACES, "community"))


class Compounds(Readable, Resource):
    row = CompoundRow
    noun = "compounds"
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

    @deed(allowed=zoned_by, takes=Decreeing)
    def zone(self, compound: Compound, *, by: User, now: datetime, **said: Any) -> Compound:
        """Set the level of a compound's zone, as a notice says."""
        set_level(compound.pk, Decree(**said), by=by, now=now)
        return compound

    @deed("doors:generate", allowed=entered_by, takes=entrances.Pattern, gives=entrances.EnteredRow)
    def doors_generate(self, compound: Compound, *, by: User, now: datetime, **said: Any) -> Response:
        """Enter the doors of one entrance by its pattern: six floors of three flats are 101 to 603."""
        return entrances.generate(compound, by=by, **said)

    @deed("doors:preview", allowed=entered_by, takes=entrances.DoorsSaid, gives=entrances.DoorListRow)
    def doors_preview(self, compound: Compound, text: str, *, by: User, now: datetime) -> Response:
        """Read a list of doors line by line, without entering any."""
        return entrances.preview(compound, text)

    @deed("doors:commit", allowed=entered_by, takes=entrances.DoorsSaid, gives=entrances.EnteredRow)
    def doors_commit(self, compound: Compound, text: str, *, by: User, now: datetime) -> Response:
        """Enter the doors of a list, all of it or nothing. The same list again enters nothing."""
        return entrances.commit(compound, text, by=by)
