"""Rides and their drivers."""

from django.db.models import Q, QuerySet

from communities.access import May, Visitor, within
from communities.models import User
from staffing.access.whose import NOBODY, own
from staffing.models import (
    Driver,
    Ride,
)
from staffing.states import RideStatus


def driver_of(user: Visitor) -> Driver | None:
    """The driver the user is, checked or not."""
    return (
        Driver.objects.select_related("area").filter(volunteer__user=user).first() if isinstance(user, User) else None
    )


def rides_visible_to(user: Visitor) -> QuerySet[Ride]:
    """Those of one's own areas; for a checked driver those of theirs not yet under way, and their own."""
    return Ride.objects.filter(within(user, May.SEE, "area") | driven_by(user))


def driven_by(user: Visitor) -> Q:
    driver = driver_of(user)
    if not driver:
        return NOBODY
    here = Q(area__path__startswith=driver.area.path, status__in=[RideStatus.POSTED, RideStatus.GRABBED])
    return Q(driver=driver) | (here if driver.verified_at else NOBODY)


def rides_run_by(user: Visitor) -> QuerySet[Ride]:
    return Ride.objects.filter(within(user, May.RUN, "area"))


def rides_held_by(user: Visitor) -> QuerySet[Ride]:
    return Ride.objects.filter(driver__volunteer__user=user) if isinstance(user, User) else Ride.objects.none()


def drivers_visible_to(user: Visitor) -> QuerySet[Driver]:
    return Driver.objects.filter(own(user) | within(user, May.NAMES, "area"))


def drivers_run_by(user: Visitor) -> QuerySet[Driver]:
    return Driver.objects.filter(within(user, May.RUN, "area"))
