from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities import access as roles
from communities.access import May, Visitor
from communities.api.areas import AreaRow
from communities.api.compounds import CompoundRow
from communities.api.filters import Filters, flag, of, since, under
from communities.api.resources import Readable, Resource, deed, load, made, says
from communities.api.rows import Ref, Row
from communities.api.words import Id, Instant, Integer, Said, Several, Text
from communities.errors import Invalid
from communities.models import Entrance, User
from staffing import access
from staffing.actions import beats, door_rounds
from staffing.actions.door_rounds import RoundPlan
from staffing.models import Beat, BeatHolding, DoorRound, RoundEntrance
from staffing.phrases import field_error
from staffing.queries.beats import seats_for
from staffing.queries.door_rounds import entrances_of, figures, totals


class CountsRow(serializers.Serializer):
    """Doors and their outcomes. `done` have one, `again` are to be tried once more."""

    doors = serializers.IntegerField()
    done = serializers.IntegerField()
    notified = serializers.IntegerField()
    no_answer = serializers.IntegerField(help_text="Tried three times at other hours.")
    home_service = serializers.IntegerField()
    vacant = serializers.IntegerField()
    refused = serializers.IntegerField()
    again = serializers.IntegerField()
    disputed = serializers.IntegerField(help_text="Two helpers found different things.")


class EntranceCountsRow(CountsRow):
    entrance = serializers.IntegerField(help_text="Of the round.")
    compound = serializers.IntegerField()
    building = serializers.CharField()
    no = serializers.CharField()
    beat = serializers.IntegerField(allow_null=True)


class CoverageRow(serializers.Serializer):
    """A round's counts in all and by entrance."""

    total = CountsRow()
    entrances = EntranceCountsRow(many=True)


class DoorRoundRow(Row):
    """Every door of some entrances knocked at once, until each has an outcome."""

    model = DoorRound
    id = serializers.IntegerField()
    area = Ref(AreaRow)
    title = serializers.CharField()
    title_en = serializers.CharField()
    shift = Ref("staffing.api.shifts.ShiftRow", allow_null=True)
    begins_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    waiver = serializers.CharField(help_text="Why it was closed with open doors.")
    closed_at = serializers.DateTimeField(allow_null=True)
    purged_at = serializers.DateTimeField(allow_null=True, help_text="Since when only the counts are kept.")
    counts = CountsRow()
    filled = frozenset({"counts"})

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.door_rounds_visible_to(user)

    @classmethod
    def shown(cls, rows: list[dict[str, Any]], user: Visitor) -> list[dict[str, Any]]:
        found = totals([DoorRound(pk=row["id"]) for row in rows])
        for row in rows:
            row["counts"] = counts(found[row["id"]])
        return rows


def counts(found: Any) -> dict[str, int]:
    return {name: getattr(found, name) for name in CountsRow._declared_fields}


class DoorRoundFilters(Filters):
    area = of("area")
    under = under("area__path")
    begins_from = since("begins_at")
    open = flag("closed_at__isnull", "true: those that are not closed.")


class NewDoorRound(Said):
    area = Id()
    title = Text(max_length=120)
    title_en = Text(max_length=120, required=False, allow_blank=True)
    script = Text(required=False, allow_blank=True)
    script_en = Text(required=False, allow_blank=True)
    begins_at = Instant()
    ends_at = Instant()
    compounds = Several(Id(), required=False, help_text="All entrances of these whose doors are entered.")
    entrances = Several(Id(), required=False, help_text="Ids of entrances, as the admin site has them.")
    shift = Id(required=False)


class Dealing(Said):
    number = Integer(min_value=1, max_value=beats.MOST_BEATS)


class Closing(Said):
    waiver = Text(max_length=200, required=False, allow_blank=True)


class DoorRounds(Readable, Resource):
    row = DoorRoundRow
    noun = "door-rounds"
    orderings = ("begins_at", "id")
    filterset_class = DoorRoundFilters

    @says(NewDoorRound)
    def create(self, request: Request) -> Response:
        """Begin a round over the doors of compounds or entrances of a community."""
        said, now = NewDoorRound.read(request.data), timezone.now()
        area = load(AreaRow.visible(request.user), roles.areas(request.user, May.RUN), said.pop("area"))
        compounds = CompoundRow.visible(request.user).filter(pk__in=said.pop("compounds", []), community=area)
        inside = Entrance.objects.filter(building__compound__in=compounds, doors__isnull=False).distinct()
        entrances = {*said.pop("entrances", []), *inside.values_list("pk", flat=True)}
        shift = said.pop("shift", None)
        if (
            shift
            and not access.shifts_run_by(request.user).filter(pk=shift, site__area__path__startswith=area.path).exists()
        ):
            raise Invalid(shift=field_error("unknown_shift"))
        plan = RoundPlan(entrances=sorted(entrances), shift_id=shift, **said)
        return made(DoorRoundRow, door_rounds.begin(area.pk, plan, by=request.user, now=now), request.user)

    @deed(allowed=access.door_rounds_visible_to, gives=CoverageRow, methods=("get",))
    def coverage(self, found: DoorRound, *, by: User, now: datetime) -> Response:
        """Count the round's doors and outcomes, in all and by entrance."""
        rows = list(entrances_of([found]).filter(pk__in=access.round_entrances_visible_to(by)))
        return Response(
            {
                "total": counts(totals([found])[found.pk]),
                "entrances": [entrance_counts(row) for row in rows],
            }
        )

    @deed(allowed=access.door_rounds_run_by, takes=Dealing)
    def deal(self, found: DoorRound, number: int, *, by: User, now: datetime) -> DoorRound:
        """Deal the entrances into so many beats of even work, neighbours together."""
        beats.deal(found.pk, number, by=by, now=now)
        return found

    @deed("hand-out", allowed=access.door_rounds_run_by)
    def hand_out(self, found: DoorRound, *, by: User, now: datetime) -> DoorRound:
        """Give each free beat to a confirmed seat of the round's shift that has none."""
        beats.hand_out(found.pk, by=by, now=now)
        return found

    @deed(allowed=access.door_rounds_run_by, takes=Closing)
    def close(self, found: DoorRound, waiver: str = "", *, by: User, now: datetime) -> DoorRound:
        """Close the round; with doors still open only for a reason."""
        return door_rounds.close(found.pk, by=by, now=now, waiver=waiver)


def entrance_counts(row: RoundEntrance) -> dict[str, Any]:
    building = row.entrance.building
    place = {"entrance": row.pk, "compound": building.compound_id, "building": building.no, "no": row.entrance.no}
    return place | {"beat": row.beat_id} | counts(figures(row))


class BeatRow(Row):
    """Entrances of a round that go together."""

    model = Beat
    id = serializers.IntegerField()
    round = Ref(DoorRoundRow)
    no = serializers.IntegerField()
    area = serializers.IntegerField(source="round__area")
    until = serializers.DateTimeField(source="round__ends_at")
    seats = serializers.ListField(
        child=serializers.IntegerField(), help_text="Sign-ups that hold it, for who may give it to people."
    )
    filled = frozenset({"seats"})

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.beats_visible_to(user)

    @classmethod
    def shown(cls, rows: list[dict[str, Any]], user: Visitor) -> list[dict[str, Any]]:
        held: dict[int, list[int]] = {}
        given = access.holdings_given_by(user).filter(beat__in=[row["id"] for row in rows], until=None)
        for beat, seat in given.values_list("beat", "sign_up"):
            held.setdefault(beat, []).append(seat)
        for row in rows:
            row["seats"] = sorted(held.get(row["id"], []))
        return rows


class BeatFilters(Filters):
    round = of("round")


class Seat(Said):
    sign_up = Id()


class Beats(Readable, Resource):
    row = BeatRow
    noun = "beats"
    orderings = ("id",)
    filterset_class = BeatFilters

    @deed(allowed=access.beats_given_by, takes=Seat)
    def give(self, beat: Beat, sign_up: int, *, by: User, now: datetime) -> Beat:
        """Give the beat to a confirmed seat, beside others that hold it."""
        if not seats_for(beat.round).filter(pk=sign_up).exists():
            raise Invalid(sign_up=field_error("unknown_sign_up"))
        beats.give(beat.pk, sign_up, by=by, now=now)
        return beat

    @deed("take-back", allowed=access.beats_given_by, takes=Seat)
    def take_back(self, beat: Beat, sign_up: int, *, by: User, now: datetime) -> Beat:
        """Take the beat back from a seat. What was tapped until now counts, also when it arrives later."""
        for holding in BeatHolding.objects.filter(beat=beat, sign_up=sign_up, until=None):
            beats.take_back(holding.pk, by=by, now=now)
        return beat
