from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, areas
from communities.api.areas import AreaRow
from communities.api.filters import Filters, of, since, under
from communities.api.resources import Readable, Resource, deed, load, made, says
from communities.api.rows import Plain, Ref, Row
from communities.api.words import Flag, Id, Integer, Said, Several, Text
from communities.models import User
from staffing import access
from staffing.actions import equipment
from staffing.actions.equipment import MOST_IN_STOCK, Kind
from staffing.api.signup_rows import SignUpRow
from staffing.models import Equipment, EquipmentIssue
from staffing.rules.equipment import MOST


class EquipmentRow(Row):
    """A kind of thing that an area keeps and its points hand out."""

    model = Equipment
    filled = frozenset({"roles"})
    id = serializers.IntegerField()
    area = Ref(AreaRow)
    name = serializers.CharField()
    name_en = serializers.CharField()
    comes_back = serializers.BooleanField(help_text="False: it is used up.")
    each = serializers.IntegerField(help_text="How many one tap hands to a person.")
    everybody = serializers.BooleanField()
    risky = serializers.BooleanField(help_text="For all risky roles.")
    roles = serializers.ListField(child=serializers.IntegerField(), help_text="Roles that ask for it.")
    stock = serializers.IntegerField(allow_null=True, help_text="What lies there now; null is not counted.")
    low = serializers.IntegerField(allow_null=True, help_text="Those who run the area are told at so many.")
    retired_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.equipment_visible_to(user)

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        links = Equipment.roles.through.objects.filter(equipment__in=[row["id"] for row in rows]).order_by("role")
        roles: dict[int, list[int]] = {row["id"]: [] for row in rows}
        for thing, role in links.values_list("equipment_id", "role_id"):
            roles[thing].append(role)
        return [row | {"roles": roles[row["id"]]} for row in rows]


class EquipmentFilters(Filters):
    area = of("area")
    under = under("area__path")


class IssueRow(Row):
    """What somebody was handed of one thing on a shift, in all, and what became of it."""

    model = EquipmentIssue
    id = serializers.IntegerField()
    thing = Ref(EquipmentRow)
    sign_up = Ref(SignUpRow)
    number = serializers.IntegerField(help_text="Handed out in all.")
    good = serializers.IntegerField(help_text="Back in order.")
    damaged = serializers.IntegerField(help_text="Back damaged.")
    lost = serializers.IntegerField(help_text="Written off.")
    issued_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.issues_visible_to(user)


class IssueFilters(Filters):
    thing = of("thing")
    sign_up = of("sign_up")
    shift = of("sign_up__shift")
    area = of("sign_up__shift__site__area")
    under = under("sign_up__shift__site__area__path")
    changed_after = since("changed_at")


class ThingSaid(Said):
    name = Text(max_length=120)
    name_en = Text(max_length=120, required=False, allow_blank=True)
    comes_back = Flag(required=False)
    each = Integer(min_value=1, max_value=MOST, required=False)
    everybody = Flag(required=False)
    risky = Flag(required=False)
    roles = Several(Id(), required=False)
    low = Integer(min_value=0, max_value=MOST_IN_STOCK, required=False, allow_null=True)

    @staticmethod
    def kind(said: Plain) -> Kind:
        return Kind(**said | {"roles": tuple(said.get("roles", ()))})


class NewThing(ThingSaid):
    area = Id()
    stock = Integer(min_value=0, max_value=MOST_IN_STOCK, required=False, allow_null=True)


class CountingStock(Said):
    stock = Integer(min_value=0, max_value=MOST_IN_STOCK, allow_null=True, help_text="Null: not counted any more.")


class Retiring(Said):
    retired = Flag(default=True)


class Piece(Said):
    thing = Id()
    number = Integer(min_value=0, max_value=MOST, help_text="Handed out in all.")


class HandingOut(Said):
    """Without `things`: what the post asks for, as far as it is in stock."""

    sign_up = Id(help_text="Of somebody who is checked in.")
    things = serializers.ListField(child=Piece(), required=False, min_length=1, max_length=50)


class SettlingIssue(Said):
    """In all, not one after the other."""

    good = Integer(min_value=0, max_value=MOST, default=0)
    damaged = Integer(min_value=0, max_value=MOST, default=0)
    lost = Integer(min_value=0, max_value=MOST, default=0)


class HandedRow(serializers.Serializer):
    issues = IssueRow(many=True)
    short = serializers.ListField(child=serializers.IntegerField(), help_text="Things of which there was not enough.")


class Things(Readable, Resource):
    row = EquipmentRow
    noun = "equipment"
    filterset_class = EquipmentFilters

    @says(NewThing)
    def create(self, request: Request) -> Response:
        """List a thing that the area hands out from now on."""
        said, user = NewThing.read(request.data), request.user
        area = load(AreaRow.visible(user), areas(user, May.RUN), said.pop("area"))
        stock, now = said.pop("stock", None), timezone.now()
        thing = equipment.keep(area.pk, ThingSaid.kind(said), stock=stock, by=user, now=now)
        return made(EquipmentRow, thing, user)

    @deed(allowed=access.equipment_run_by, takes=ThingSaid)
    def change(self, thing: Equipment, *, by: User, now: datetime, **said: Any) -> Equipment:
        """Say anew what it is and who has it; what was handed out stays as it is."""
        return equipment.change(thing.pk, ThingSaid.kind(said), by=by, now=now)

    @deed(allowed=access.equipment_run_by, takes=CountingStock)
    def count(self, thing: Equipment, stock: int | None, *, by: User, now: datetime) -> Equipment:
        """Say how many lie there now."""
        return equipment.count(thing.pk, stock, by=by, now=now)

    @deed(allowed=access.equipment_run_by, takes=Retiring)
    def retire(self, thing: Equipment, retired: bool, *, by: User, now: datetime) -> Equipment:
        """Hand it out no more, or again; what is out can still be taken back."""
        return equipment.retire(thing.pk, retired=retired, by=by, now=now)


class Issues(Readable, Resource):
    row = IssueRow
    noun = "equipment"
    filterset_class = IssueFilters

    @says(HandingOut, {200: HandedRow})
    def create(self, request: Request) -> Response:
        """Hand things to somebody who is checked in. Numbers are in all, so that said twice is said once."""
        said, user, now = HandingOut.read(request.data), request.user, timezone.now()
        seat = load(SignUpRow.visible(user) | access.attendance_of(user), access.attendance_of(user), said["sign_up"])
        if "things" not in said:
            done = equipment.hand_out_usual(seat.pk, by=user, now=now)
            return self.handed(done.given, [thing.pk for thing in done.short])
        numbers = {piece["thing"]: piece["number"] for piece in said["things"]}
        return self.handed(equipment.hand_out(seat.pk, numbers, by=user, now=now), [])

    def handed(self, given: list[EquipmentIssue], short: list[int]) -> Response:
        rows = EquipmentIssue.objects.filter(pk__in=[issue.pk for issue in given]).order_by("pk")
        return Response({"issues": IssueRow.read(rows, self.request.user), "short": short}, status=status.HTTP_200_OK)

    @deed(allowed=access.issues_run_by, takes=SettlingIssue)
    def settle(
        self, issue: EquipmentIssue, good: int, damaged: int, lost: int, *, by: User, now: datetime
    ) -> EquipmentIssue:
        """Say how much of it has come back in all, and how much never will."""
        return equipment.settle(issue.pk, good=good, damaged=damaged, lost=lost, by=by, now=now)
