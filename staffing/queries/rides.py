"""What drivers and dispatchers see of rides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from communities.models import Area
from communities.rules.names import first_name
from staffing.models import Driver, Passenger, Ride
from staffing.states import RIDE_HELD, RideStatus

RECENT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Tally:
    """Rides of a span of time: posted in all, without a driver, dispatched (every claim counts) and completed."""

    all: int = 0
    free: int = 0
    dispatches: int = 0
    done: int = 0

    @property
    def held(self) -> int:
        return self.all - self.free


def tally(rides: QuerySet[Ride]) -> Tally:
    alive = ~Q(status=RideStatus.CANCELLED)
    found = rides.aggregate(
        all=Count("pk", filter=alive),
        free=Count("pk", filter=Q(status=RideStatus.POSTED)),
        dispatches=Sum("dispatches", default=0),
        done=Count("pk", filter=Q(status=RideStatus.DONE)),
    )
    return Tally(**found)


def around(area: Area, now: datetime) -> QuerySet[Ride]:
    """The rides of an area that are ahead, or were within the last hours."""
    return Ride.objects.filter(area__path__startswith=area.path, pick_up_at__gt=now - timedelta(hours=6))


def on_offer(driver: Driver, now: datetime) -> QuerySet[Ride]:
    """What the driver could claim, the earliest first, with what was claimed a moment ago."""
    here = Ride.objects.filter(area__path__startswith=driver.area.path, pick_up_at__gt=now)
    fits = Q(vehicle_class=driver.vehicle_class, passengers__lte=driver.seats, status=RideStatus.POSTED)
    gone = Q(status=RideStatus.GRABBED, changed_at__gt=now - RECENT) & ~Q(driver=driver)
    return here.filter(fits | gone).select_related("destination").order_by("pick_up_at", "pk")


def held(driver: Driver) -> QuerySet[Ride]:
    return driver.rides.filter(status__in=RIDE_HELD).select_related("destination").order_by("pick_up_at", "pk")


def riders(rides: Iterable[Ride]) -> dict[int, list[str]]:
    """First names, by ride. Nothing is there once a ride is over."""
    names: dict[int, list[str]] = {}
    rows = Passenger.objects.filter(ride__in=[ride.pk for ride in rides]).order_by("pk")
    for ride, name in rows.values_list("ride", "sign_up__volunteer__user__name"):
        names.setdefault(ride, []).append(first_name(name))
    return names
