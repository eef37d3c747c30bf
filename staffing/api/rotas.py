from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities import access as roles
from communities.access import May, Visitor
from communities.api.areas import AreaRow
from communities.api.filters import Filters, of, under
from communities.api.resources import Readable, Resource, deed, dry_run, load, made, says
from communities.api.rows import Many, Plain, Ref, Row
from communities.api.words import Clock, Day, Id, Said, Seats, Text
from communities.days import day_in
from communities.errors import Invalid
from communities.models import User
from communities.numbers import number_in
from staffing import access
from staffing.actions import rotas
from staffing.actions.rotas import RotaPlan
from staffing.models import Rota, RotaDayOff, RotaMember, RotaSite
from staffing.phrases import field_error
from staffing.queries import rotas as queries
from staffing.queries.rotas import Sheet
from staffing.rules.rota_patterns import CHANGES, STANDARD, Pattern

MOST_DAYS = 31


class RotaSiteRow(Row):
    model = RotaSite
    id = serializers.IntegerField()
    rota = serializers.IntegerField()
    site = serializers.IntegerField()
    seats = serializers.IntegerField(help_text="In every shift.")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return RotaSite.objects.filter(rota__in=access.rotas_visible_to(user))


class RotaRow(Row):
    """Posts held round the clock by the same people in turn."""

    model = Rota
    id = serializers.IntegerField()
    area = Ref(AreaRow)
    call_up = Ref("staffing.api.callup_rows.CallUpRow")
    role = Ref("staffing.api.roles.RoleRow")
    changes = serializers.ListField(
        child=serializers.TimeField(), help_text="When people change over, on the area's clock."
    )
    pattern = serializers.CharField(
        help_text="A letter a day: 1 the first shift of the day, 2 the second, - a day off."
    )
    first_day = serializers.DateField()
    ended_at = serializers.DateTimeField(allow_null=True)
    sites = Many(RotaSiteRow, by="rota")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.rotas_visible_to(user)


class RotaFilters(Filters):
    area = of("area")
    under = under("area__path")
    call_up = of("call_up")


class SiteSeats(Said):
    site = Id()
    seats = Seats()


class NewRota(Said):
    area = Id()
    call_up = Id()
    role = Id()
    sites = serializers.ListField(child=SiteSeats(), min_length=1, max_length=200)
    first_day = Day()
    changes = serializers.ListField(child=Clock(), min_length=2, max_length=6, required=False)
    pattern = Text(max_length=60, required=False)
    briefing = Text(required=False, allow_blank=True)
    briefing_en = Text(required=False, allow_blank=True)


class OneDay(Said):
    day = Day()


class Enlisting(Said):
    volunteers = serializers.ListField(
        child=Id(), max_length=1000, required=False, help_text="Left out: everybody on duty with the area."
    )
    day = Day(required=False, help_text="From which day on; left out: from the first that can be published.")


class DayOffSaid(Said):
    member = Id()
    day = Day()
    instead = Day(required=False, allow_null=True, help_text="The pattern's own day off on which they would serve.")


class EmptyReasonRow(serializers.Serializer):
    code = serializers.CharField()
    people = serializers.IntegerField()


class RotaGapRow(serializers.Serializer):
    """Seats that nobody is left for."""

    day = serializers.DateField()
    slot = serializers.IntegerField(help_text="The shift of the day, from 0.")
    site = serializers.IntegerField()
    seats = serializers.IntegerField()
    reasons = EmptyReasonRow(many=True)


class RotaTurnRow(serializers.Serializer):
    day = serializers.DateField()
    slot = serializers.IntegerField(help_text="The shift of the day, from 0.")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    site = serializers.IntegerField()
    member = serializers.IntegerField(allow_null=True, help_text="null: somebody who is not of the rota.")
    volunteer = serializers.IntegerField(allow_null=True)


class RotaDayPublishedRow(serializers.Serializer):
    day = serializers.DateField()
    published = serializers.BooleanField()
    seats = serializers.IntegerField()
    placed = serializers.IntegerField()
    gaps = RotaGapRow(many=True)


class RotaSheetRow(serializers.Serializer):
    published = serializers.ListField(child=serializers.DateField())
    turns = RotaTurnRow(many=True)
    gaps = RotaGapRow(many=True)


class RotaMemberRow(Row):
    """Somebody of a rota."""

    model = RotaMember
    id = serializers.IntegerField()
    volunteer = serializers.IntegerField()
    phase = serializers.IntegerField()
    site = serializers.IntegerField(allow_null=True)
    from_day = serializers.DateField()
    until_day = serializers.DateField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.rota_members_visible_to(user)


class RotaDayOffRow(Row):
    model = RotaDayOff
    id = serializers.IntegerField()
    member = serializers.IntegerField()
    day = serializers.DateField()
    instead = serializers.DateField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return RotaDayOff.objects.filter(member__in=access.rota_members_visible_to(user))


class EnlistedRow(serializers.Serializer):
    members = RotaMemberRow(many=True)


class MendedRow(serializers.Serializer):
    stood_in = serializers.IntegerField()


class Rotas(Readable, Resource):
    row = RotaRow
    noun = "rotas"
    orderings = ("id", "first_day")
    filterset_class = RotaFilters

    @says(NewRota)
    def create(self, request: Request) -> Response:
        """Begin a rota on a call. Its pattern has to keep every rest rule. Begun again for the call, the first."""
        said, now = NewRota.read(request.data), timezone.now()
        area = load(AreaRow.visible(request.user), roles.areas(request.user, May.RUN), said.pop("area"))
        seats = {each["site"]: each["seats"] for each in said.pop("sites")}
        before = Rota.objects.filter(area=area, call_up=said["call_up"]).exists()
        plan = RotaPlan(seats=seats, **{"changes": CHANGES, "pattern": STANDARD} | said)
        return made(RotaRow, rotas.begin(area.pk, plan, by=request.user, now=now), request.user, new=not before)

    @deed(allowed=access.rotas_named_to, methods=("get",), gives=RotaSheetRow, parameters=("day", "days"))
    def sheet(self, rota: Rota, *, by: User, now: datetime) -> Response:
        """Read who stands where: published days as they are, those to come as they would be dealt now."""
        asked, zone = self.request.query_params, queries.zone_of(rota)
        today = now.astimezone(zone).date()
        first = read_day(asked.get("day")) or max(today, rota.first_day)
        days = number_in(asked.get("days", "7")) or 0
        if not 1 <= days <= MOST_DAYS:
            raise serializers.ValidationError({"days": [f"1-{MOST_DAYS}"]})
        found = queries.sheet(rota, first, days, today, zone)
        return Response(shown(found, queries.pattern_of(rota, zone)))

    @deed(allowed=access.rotas_named_to, methods=("get",), gives=EnlistedRow)
    def members(self, rota: Rota, *, by: User, now: datetime) -> Response:
        """List the people of the rota."""
        return Response({"members": RotaMemberRow.read(rota.members.order_by("phase", "pk"), by)})

    @deed(allowed=access.rotas_run_by, takes=OneDay, gives=RotaDayPublishedRow, parameters=["dry_run"])
    def publish(self, rota: Rota, day: date, *, by: User, now: datetime) -> Response:
        """Publish the next day: its shifts, seats and people, in one transaction. Published again, as it is.

        With dry_run nothing is written, and the answer says who would be missing.
        """
        done = (
            rota.days.filter(day=day).first() if dry_run(self.request) else rotas.publish(rota.pk, day, by=by, now=now)
        )
        if done:
            gaps = [gap | {"day": day, "reasons": told(gap["reasons"])} for gap in done.gaps]
            return Response({"day": day, "published": True, "seats": done.seats, "placed": done.placed, "gaps": gaps})
        dealt = rotas.preview(rota, day)
        empty = sum(gap.seats for gap in dealt.gaps)
        placed = len(dealt.turns)
        gaps = [gap_of(gap) for gap in dealt.gaps]
        return Response({"day": day, "published": False, "seats": placed + empty, "placed": placed, "gaps": gaps})

    @deed(allowed=access.rotas_run_by, takes=Enlisting, gives=EnlistedRow)
    def enlist(
        self, rota: Rota, *, by: User, now: datetime, volunteers: list[int] | None = None, day: date | None = None
    ) -> Response:
        """Take people on duty with the area into the rota. Who is in one already stays where they are."""
        today = now.astimezone(queries.zone_of(rota)).date()
        found = rotas.enlist(rota.pk, volunteers, day=day or queries.next_day(rota, today), by=by, now=now)
        return Response({"members": RotaMemberRow.read(rota.members.filter(pk__in=[one.pk for one in found]), by)})

    @deed("days-off", allowed=access.rotas_run_by, takes=DayOffSaid, gives=RotaDayOffRow)
    def days_off(
        self, rota: Rota, member: int, day: date, *, by: User, now: datetime, instead: date | None = None
    ) -> Response:
        """Give somebody another day off; a seat that comes free by it goes to the reserves, then to whoever can."""
        if not rota.members.filter(pk=member).exists():
            raise Invalid(member=field_error("unknown_person"))
        return Response(RotaDayOffRow.one(rotas.give_day_off(member, day, instead, by=by, now=now).pk, by))

    @deed(allowed=access.rotas_run_by, takes=OneDay, gives=MendedRow)
    def mend(self, rota: Rota, day: date, *, by: User, now: datetime) -> Response:
        """Fill what came free on a published day with people of the rota who have no shift on it and have rested."""
        return Response({"stood_in": rotas.mend_day(rota.pk, day, by=by, now=now)})

    @deed(allowed=access.rotas_run_by)
    def end(self, rota: Rota, *, by: User, now: datetime) -> Rota:
        """End the rota: no more days are published, those that are stand."""
        return rotas.end(rota.pk, by=by, now=now)


def read_day(text: str | None) -> date | None:
    found = day_in(text)
    if text and not found:
        raise serializers.ValidationError({"day": ["YYYY-MM-DD"]})
    return found


def told(reasons: Any) -> list[Plain]:
    return [{"code": code, "people": number} for code, number in reasons]


def gap_of(gap: Any) -> Plain:
    return {"day": gap.day, "slot": gap.slot, "site": gap.site, "seats": gap.seats, "reasons": told(gap.reasons)}


def shown(sheet: Sheet, pattern: Pattern) -> Plain:
    who = dict(RotaMember.objects.filter(pk__in={turn.hand for turn in sheet.turns}).values_list("pk", "volunteer"))
    turns = [(turn, turn.hand, who.get(turn.hand)) for turn in sheet.turns]
    turns += [(turn, None, turn.hand) for turn in sheet.guests]
    rows = []
    for turn, member, volunteer in sorted(turns, key=lambda row: row[0]):
        block = pattern.block(turn.slot, turn.day)
        rows.append(
            {
                "day": turn.day,
                "slot": turn.slot,
                "starts_at": block.start,
                "ends_at": block.end,
                "site": turn.site,
                "member": member,
                "volunteer": volunteer,
            }
        )
    return {"published": sorted(sheet.published), "turns": rows, "gaps": [gap_of(gap) for gap in sheet.gaps]}
