from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, areas
from communities.api.areas import AreaRow
from communities.api.compounds import CompoundRow
from communities.api.filters import Filters, before, of, since, under, word
from communities.api.resources import Readable, Resource, deed, load, made, says
from communities.api.rows import Many, Plain, Ref, Row
from communities.api.words import Choice, Id, Instant, Integer, Said, Text
from communities.errors import Forbidden, Invalid
from communities.models import User
from staffing import access
from staffing.actions import supplies
from staffing.actions.supplies import MOST_PARCELS, Wish
from staffing.models import SupplyChange, SupplyRequest
from staffing.phrases import field_error
from staffing.queries import supplies as queries
from staffing.states import SupplyNeed, SupplyStatus
from volunteers.models import Volunteer


class SupplyChangeRow(Row):
    """What the household needed from that instant on."""

    model = SupplyChange
    id = serializers.IntegerField()
    request = serializers.IntegerField()
    need = Choice(SupplyNeed)
    parcels = serializers.IntegerField()
    due_at = serializers.DateTimeField()
    at = serializers.DateTimeField()

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return SupplyChange.objects.filter(request__in=access.supplies_visible_to(user))


class SupplyRow(Row):
    """Something to be brought to a door. Nobody's name is kept."""

    model = SupplyRequest
    id = serializers.IntegerField()
    area = Ref(AreaRow)
    compound = Ref(CompoundRow, allow_null=True)
    place = serializers.CharField(
        required=False, help_text="House, stairwell, flat: for whoever brings it, and for those who may know doors."
    )
    need = Choice(SupplyNeed)
    parcels = serializers.IntegerField()
    due_at = serializers.DateTimeField()
    status = Choice(SupplyStatus)
    carrier = serializers.IntegerField(allow_null=True)
    claims = serializers.IntegerField(help_text="How often somebody took it on.")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    changes = Many(SupplyChangeRow, by="request")
    filled = frozenset({"place"})

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.supplies_visible_to(user)

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        mine = SupplyRequest.objects.filter(access.supplies_addressed_to(user), pk__in=[row["id"] for row in rows])
        doors = dict(mine.values_list("pk", "place"))
        return [row | ({"place": doors[row["id"]]} if row["id"] in doors else {}) for row in rows]


class SupplyFilters(Filters):
    area = of("area")
    under = under("area__path")
    compound = of("compound")
    carrier = of("carrier")
    need = word("need", SupplyNeed)
    status = word("status", SupplyStatus)
    due_from = since("due_at")
    due_before = before("due_at")


class SupplyNeedSaid(Said):
    need = Choice(SupplyNeed)
    parcels = Integer(min_value=1, max_value=MOST_PARCELS)
    due_at = Instant()


class NewSupply(SupplyNeedSaid):
    area = Id()
    compound = Id(required=False, allow_null=True)
    place = Text(max_length=60, required=False, allow_blank=True, help_text="House, stairwell, flat; no name.")


class Handing(Said):
    volunteer = Id(help_text="Somebody on a shift at a supply station of the area.")


class CallingOffSupply(Said):
    reason = Text(max_length=200)


def own_person(user: User) -> int:
    found: int | None = Volunteer.objects.filter(user=user).values_list("pk", flat=True).first()
    if not found:
        raise Forbidden
    return found


class Supplies(Readable, Resource):
    row = SupplyRow
    noun = "supplies"
    orderings = ("due_at", "id")
    filterset_class = SupplyFilters

    @says(NewSupply)
    def create(self, request: Request) -> Response:
        """Write down what has to be brought to a door."""
        said, now = NewSupply.read(request.data), timezone.now()
        user = request.user
        kept = areas(user, May.DOORS) | areas(user, May.RUN)
        area = load(AreaRow.visible(user), kept, said.pop("area"))
        wish = Wish(SupplyNeed(said.pop("need")), compound_id=said.pop("compound", None), **said)
        return made(SupplyRow, supplies.ask(area.pk, wish, by=user, now=now), user)

    @deed(allowed=access.supplies_run_by, takes=SupplyNeedSaid)
    def change(
        self, supply: SupplyRequest, need: str, parcels: int, due_at: datetime, *, by: User, now: datetime
    ) -> SupplyRequest:
        """Say what is needed now; what it was before stays in its history, and whoever brings it is told."""
        return supplies.change(supply.pk, SupplyNeed(need), parcels, due_at, by=by, now=now)

    @deed(allowed=access.supplies_visible_to)
    def claim(self, supply: SupplyRequest, *, by: User, now: datetime) -> SupplyRequest:
        """Bring it, as somebody on duty at the supply station; the first one wins."""
        return supplies.claim(supply.pk, own_person(by), now=now)

    @deed(allowed=access.supplies_run_by, takes=Handing)
    def hand(self, supply: SupplyRequest, volunteer: int, *, by: User, now: datetime) -> SupplyRequest:
        """Give it to somebody at the station; they are told."""
        if not queries.carriers(supply.area, now).filter(pk=volunteer).exists():
            raise Invalid(volunteer=field_error("unknown_person"))
        return supplies.hand(supply.pk, volunteer, by=by, now=now)

    @deed(allowed=access.supplies_of)
    def release(self, supply: SupplyRequest, *, by: User, now: datetime) -> SupplyRequest:
        """Give it back before it is delivered."""
        return supplies.release(supply.pk, now=now)

    @deed("set-out", allowed=access.supplies_of)
    def set_out(self, supply: SupplyRequest, *, by: User, now: datetime) -> SupplyRequest:
        """Say that you are on your way."""
        return supplies.set_out(supply.pk, now=now)

    @deed(allowed=access.supplies_of)
    def deliver(self, supply: SupplyRequest, *, by: User, now: datetime) -> SupplyRequest:
        """Say that it is at the door."""
        return supplies.deliver(supply.pk, now=now)

    @deed(allowed=access.supplies_run_by, takes=CallingOffSupply)
    def cancel(self, supply: SupplyRequest, reason: str, *, by: User, now: datetime) -> SupplyRequest:
        """Call it off: nobody has to bring it any more."""
        return supplies.cancel(supply.pk, by=by, now=now, reason=reason)
