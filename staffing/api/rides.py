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
from communities.api.filters import Filters, before, of, since, under, word
from communities.api.resources import Readable, Resource, deed, load, made, says
from communities.api.rows import Ref, Row
from communities.api.sites import SiteRow
from communities.api.words import Choice, Id, Instant, Integer, Said, Text
from communities.errors import Forbidden, Invalid
from communities.models import User
from staffing import access
from staffing.actions import rides
from staffing.actions.rides import RidePlan
from staffing.models import Ride
from staffing.phrases import field_error
from staffing.states import RideStatus, VehicleClass


class RideRow(Row):
    """Passengers taken from one place to another, claimed by one driver."""

    model = Ride
    id = serializers.IntegerField()
    area = Ref(AreaRow)
    shift = Ref("staffing.api.shifts.ShiftRow", allow_null=True)
    origin = serializers.CharField()
    origin_en = serializers.CharField()
    origin_note = serializers.CharField()
    destination = Ref(SiteRow)
    pick_up_at = serializers.DateTimeField()
    arrive_by = serializers.DateTimeField()
    passengers = serializers.IntegerField()
    vehicle_class = Choice(VehicleClass)
    status = Choice(RideStatus)
    driver = serializers.IntegerField(allow_null=True)
    dispatches = serializers.IntegerField(help_text="How often it was claimed.")
    finished_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.rides_visible_to(user)


class RideFilters(Filters):
    area = of("area")
    under = under("area__path")
    shift = of("shift")
    driver = of("driver")
    status = word("status", RideStatus)
    pick_up_from = since("pick_up_at")
    pick_up_before = before("pick_up_at")


class NewRide(Said):
    area = Id()
    origin = Text(max_length=120)
    origin_en = Text(max_length=120, required=False, allow_blank=True)
    origin_note = Text(max_length=120, required=False, allow_blank=True)
    destination = Id()
    pick_up_at = Instant()
    arrive_by = Instant()
    passengers = Integer(min_value=1, max_value=60)
    vehicle_class = Choice(VehicleClass, required=False)


class CallingOff(Said):
    reason = Text(max_length=200)


def own_driver(user: User) -> int:
    driver = access.driver_of(user)
    if not driver:
        raise Forbidden
    return driver.pk


class Rides(Readable, Resource):
    row = RideRow
    noun = "rides"
    orderings = ("pick_up_at", "id")
    filterset_class = RideFilters

    @says(NewRide)
    def create(self, request: Request) -> Response:
        """Offer a ride to the drivers of an area."""
        said, now = NewRide.read(request.data), timezone.now()
        area = load(AreaRow.visible(request.user), roles.areas(request.user, May.RUN), said.pop("area"))
        site = SiteRow.visible(request.user).filter(pk=said["destination"], area__path__startswith=area.path)
        if not site.exists():
            raise Invalid(destination=field_error("unknown_site"))
        plan = RidePlan(
            destination_id=said.pop("destination"),
            vehicle_class=VehicleClass(said.pop("vehicle_class", VehicleClass.CLEAN)),
            **said,
        )
        return made(RideRow, rides.post(area.pk, plan, by=request.user, now=now), request.user)

    @deed(allowed=access.rides_visible_to)
    def claim(self, ride: Ride, *, by: User, now: datetime) -> Ride:
        """Claim the ride, as a driver; the first one wins."""
        return rides.claim(ride.pk, own_driver(by), now=now)

    @deed(allowed=access.rides_held_by)
    def release(self, ride: Ride, *, by: User, now: datetime) -> Ride | Response:
        """Give the ride back before setting out."""
        return rides.release(ride.pk, now=now)

    @deed("set-out", allowed=access.rides_held_by)
    def set_out(self, ride: Ride, *, by: User, now: datetime) -> Ride:
        """Say that you are on your way to the pick-up."""
        return rides.set_out(ride.pk, now=now)

    @deed("pick-up", allowed=access.rides_held_by)
    def pick_up(self, ride: Ride, *, by: User, now: datetime) -> Ride:
        """Say that the passengers are on board."""
        return rides.pick_up(ride.pk, now=now)

    @deed(allowed=access.rides_held_by)
    def finish(self, ride: Ride, *, by: User, now: datetime) -> Ride:
        """Say that you have arrived; who rode is forgotten."""
        return rides.finish(ride.pk, now=now)

    @deed(allowed=access.rides_run_by, takes=CallingOff)
    def cancel(self, ride: Ride, reason: str, *, by: User, now: datetime) -> Ride:
        """Call the ride off before the pick-up."""
        return rides.cancel(ride.pk, by=by, now=now, reason=reason)
