from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import Visitor
from communities.api.filters import Filters, of, since, word
from communities.api.resources import Readable, Resource, deed, says
from communities.api.rows import Ref, Row
from communities.api.words import Choice, Flag, Id, Instant, Said, Text
from communities.errors import Invalid
from communities.models import User
from communities.phrases import say
from staffing import access
from staffing.actions import door_visits, homes
from staffing.actions.door_visits import MOST_TAPS, Taken, Tap
from staffing.api.door_rounds import DoorRoundRow
from staffing.models import DoorVisit, HomeService, RoundDoor
from staffing.phrases import field_error
from staffing.states import DoorOutcome, HomeStatus, Need

OUTCOMES = tuple(outcome for outcome in DoorOutcome if outcome is not DoorOutcome.PENDING)


class RoundDoorRow(Row):
    """A door in a round and where it stands. It is forgotten 14 days after the round is closed."""

    model = RoundDoor
    id = serializers.IntegerField()
    round = Ref(DoorRoundRow, source="stairs__round")
    entrance = serializers.IntegerField(source="stairs", help_text="Of the round.")
    building = serializers.CharField(source="door__entrance__building__no")
    entrance_no = serializers.CharField(source="door__entrance__no")
    number = serializers.CharField(source="door__number")
    floor = serializers.IntegerField(source="door__floor", allow_null=True)
    outcome = Choice(DoorOutcome)
    needs = serializers.ListField(child=Choice(Need, name="HomeNeed"))
    tries = serializers.IntegerField(help_text="Times without an answer, each two hours after the last at least.")
    said = serializers.ListField(child=Choice(DoorOutcome), help_text="More than one: helpers found different things.")
    last_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.round_doors_visible_to(user)


class RoundDoorFilters(Filters):
    round = of("stairs__round")
    entrance = of("stairs")
    beat = of("stairs__beat")
    outcome = word("outcome", DoorOutcome)


class Word(Said):
    outcome = Choice(OUTCOMES, name="DoorAnswer")
    need = Choice(Need, name="HomeNeed", required=False)


def need_of(said: dict[str, Any]) -> Need | None:
    """Home service has a need, and nothing else has one."""
    need = said.get("need")
    if (said["outcome"] == DoorOutcome.HOME_SERVICE) != bool(need):
        raise Invalid(need=field_error("need_with_home_service"))
    return Need(need) if need else None


class RoundDoors(Readable, Resource):
    row = RoundDoorRow
    noun = "doors"
    orderings = ("id",)
    filterset_class = RoundDoorFilters

    @deed(allowed=access.round_doors_decided_by, takes=Word)
    def decide(self, door: RoundDoor, outcome: str, need: str = "", *, by: User, now: datetime) -> RoundDoor:
        """Say what holds at this door, in place of all that was said before."""
        found = need_of({"outcome": outcome, "need": need})
        return door_visits.decide(door.pk, DoorOutcome(outcome), found, by=by, now=now)


class DoorVisitRow(Row):
    """One tap at a door; never changed, only undone."""

    model = DoorVisit
    id = serializers.IntegerField()
    door = Ref(RoundDoorRow)
    outcome = Choice(OUTCOMES, name="DoorAnswer")
    need = serializers.CharField(help_text="Of home service; else empty.")
    desk = serializers.BooleanField(help_text="Said at the desk, in place of what was said before.")
    made_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.door_visits_visible_to(user)


class DoorVisitFilters(Filters):
    door = of("door")
    round = of("door__stairs__round")
    made_from = since("made_at")


class TapSaid(Said):
    client_id = serializers.UUIDField(help_text="The phone's own id of the tap: sent twice is once.")
    made_at = Instant(help_text="By the phone's clock.")
    door = Id(required=False)
    outcome = Choice(OUTCOMES, name="DoorAnswer", required=False)
    need = Choice(Need, name="HomeNeed", required=False)
    undo = Flag(required=False, help_text="Take back the tap of this client_id.")


class TapsSaid(Said):
    visits = TapSaid(many=True)
    sent_at = Instant(required=False, help_text="The phone's clock now, by which a wrong clock is put right.")


class TakenRow(serializers.Serializer):
    client_id = serializers.UUIDField()
    result = serializers.ChoiceField(["taken", "known", "refused"])
    code = serializers.CharField(help_text="Why it was refused; else empty.")
    detail = serializers.CharField()


class TakenRows(serializers.Serializer):
    results = TakenRow(many=True)


def tap_of(said: dict[str, Any]) -> Tap:
    if said.get("undo"):
        return Tap(said["client_id"], said["made_at"], undo=True)
    if not {"door", "outcome"} <= said.keys():
        raise Invalid(visits=field_error("missing"))
    return Tap(said["client_id"], said["made_at"], said["door"], DoorOutcome(said["outcome"]), need_of(said))


def taken_document(taken: Taken) -> dict[str, Any]:
    refusal = taken.refusal
    told = {"code": refusal.code, "detail": say(refusal)} if refusal else {"code": "", "detail": ""}
    return {"client_id": taken.client_id, "result": taken.result} | told


class DoorVisits(Readable, Resource):
    row = DoorVisitRow
    noun = "door-visits"
    orderings = ("made_at", "id")
    filterset_class = DoorVisitFilters

    @says(TapsSaid, TakenRows)
    @action(detail=False, methods=["post"], url_path="record")
    def record(self, request: Request) -> Response:
        """Send the taps of a phone, at most 200: each is taken, known already, or refused with a reason."""
        said = TapsSaid.read(request.data)
        if len(said["visits"]) > MOST_TAPS:
            raise Invalid(visits=field_error("too_many_taps"))
        taps = [tap_of(one) for one in said["visits"]]
        taken = door_visits.record(taps, by=request.user, now=timezone.now(), sent_at=said.get("sent_at"))
        return Response({"results": [taken_document(one) for one in taken]})


class HomeServiceRow(Row):
    """Somebody has to come to a door: what for, whose task it is, and by when."""

    model = HomeService
    id = serializers.IntegerField()
    door = Ref(RoundDoorRow)
    need = Choice(Need, name="HomeNeed")
    status = Choice(HomeStatus)
    owner = serializers.IntegerField()
    due_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.homes_visible_to(user)


class HomeServiceFilters(Filters):
    round = of("door__stairs__round")
    owner = of("owner")
    status = word("status", HomeStatus)
    need = word("need", Need)


class CallingHomeOff(Said):
    reason = Text(max_length=200)


class HomeServices(Readable, Resource):
    row = HomeServiceRow
    noun = "home-services"
    orderings = ("due_at", "id")
    filterset_class = HomeServiceFilters

    @deed(allowed=access.homes_visible_to)
    def plan(self, home: HomeService, *, by: User, now: datetime) -> HomeService:
        """Say that somebody is on it."""
        return homes.plan(home.pk, by=by, now=now)

    @deed(allowed=access.homes_visible_to)
    def finish(self, home: HomeService, *, by: User, now: datetime) -> HomeService:
        """Say that somebody has been there."""
        return homes.finish(home.pk, by=by, now=now)

    @deed(allowed=access.homes_visible_to, takes=CallingHomeOff)
    def cancel(self, home: HomeService, reason: str, *, by: User, now: datetime) -> HomeService:
        """Call it off."""
        return homes.cancel(home.pk, by=by, now=now, reason=reason)
