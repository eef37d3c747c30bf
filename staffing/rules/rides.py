"""Rides: how passengers are pooled, and which step may follow which (domain.md 5.6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched, groupby

from communities.errors import Refusal
from staffing.states import RIDE_OVER, VehicleClass
from staffing.states import RideStatus as R

NEXT: dict[R, frozenset[R]] = {
    R.POSTED: frozenset({R.GRABBED, R.CANCELLED, R.EXPIRED}),
    R.GRABBED: frozenset({R.POSTED, R.EN_ROUTE, R.CANCELLED}),
    R.EN_ROUTE: frozenset({R.PICKED_UP, R.CANCELLED}),
    R.PICKED_UP: frozenset({R.DONE}),
    R.DONE: frozenset(),
    R.CANCELLED: frozenset(),
    R.EXPIRED: frozenset({R.CANCELLED}),
}
MOVE_BEFORE = timedelta(minutes=20)  # who has not set out by then gives the ride back
ALARM_BEFORE = timedelta(minutes=10)  # a ride nobody holds by then is the dispatcher's
SILENT = timedelta(hours=6)  # after the pick-up; who has not said by then that it is done will not


def step(here: R, there: R) -> Refusal | None:
    """Why the step is not allowed; None if it is."""
    return None if there in NEXT[here] else Refusal("ride_is_over" if here in RIDE_OVER else "ride_step")


@dataclass(frozen=True, slots=True)
class Able:
    """A driver as claiming asks. `seats` of the vehicle."""

    verified: bool
    on_duty_until: datetime | None
    vehicle_class: VehicleClass
    seats: int


@dataclass(frozen=True, slots=True)
class Trip:
    pick_up_at: datetime
    passengers: int
    vehicle_class: VehicleClass


def refusals(driver: Able, trip: Trip, now: datetime) -> list[Refusal]:
    """Every reason why the driver may not claim the ride now; empty means welcome."""
    found = [
        Refusal("driver_unverified") if not driver.verified else None,
        Refusal("driver_off_duty") if not driver.on_duty_until or driver.on_duty_until <= now else None,
        Refusal("ride_past") if trip.pick_up_at <= now else None,
        Refusal("vehicle_too_small") if trip.passengers > driver.seats else None,
        Refusal("vehicle_class") if trip.vehicle_class is not driver.vehicle_class else None,
    ]
    return [refusal for refusal in found if refusal]


@dataclass(frozen=True, slots=True, order=True)
class Seeker:
    """Somebody who has to be taken to their shift: from a place (a compound) to a site."""

    origin: int
    destination: int
    sign_up: int


def pool(seekers: Iterable[Seeker], seats: int) -> list[Sequence[Seeker]]:
    """Who rides together: the same way, at most `seats` in a car, in the order of their sign-ups."""
    ways = groupby(sorted(seekers), key=lambda one: (one.origin, one.destination))
    return [car for _way, people in ways for car in batched(people, seats, strict=False)]
