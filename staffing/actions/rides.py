"""Rides: asked for out of a shift's roster, claimed by one driver each, driven, and forgotten (domain.md 5.6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from communities.errors import Invalid, Refused
from communities.limits import Limit, spend
from communities.models import User
from staffing.locks import patience
from staffing.messages import rides as told
from staffing.models import Driver, Passenger, Ride, Shift, SignUp
from staffing.rules.rides import ALARM_BEFORE, MOVE_BEFORE, SILENT, Able, Seeker, Trip, pool, refusals, step
from staffing.states import RIDE_HELD, RIDE_OVER, SURE, RideStatus, VehicleClass

CLAIMS = Limit("ride claims", 30, 60)
MARGIN = timedelta(minutes=25)  # from door to gate, when nobody says otherwise
ON_DUTY = timedelta(hours=12)

# The one statement that decides who gets the ride. It is the row's own lock that keeps others waiting.
CLAIM = """
    update staffing_ride set status = 'grabbed', driver_id = %(driver)s, dispatches = dispatches + 1,
        changed_at = clock_timestamp()
    where id = %(ride)s and status = 'posted' and pick_up_at > %(now)s
"""


@dataclass(frozen=True, slots=True)
class RidePlan:
    """One ride, as a dispatcher writes it. Times are aware instants."""

    origin: str
    destination_id: int
    pick_up_at: datetime
    arrive_by: datetime
    passengers: int
    vehicle_class: VehicleClass = VehicleClass.CLEAN
    origin_en: str = ""
    origin_note: str = ""
    shift_id: int | None = None


def check(plan: RidePlan, now: datetime) -> None:
    errors = {}
    if not plan.origin.strip():
        errors["origin"] = _("This is missing.")
    if plan.pick_up_at <= now:
        errors["pick_up_at"] = _("This is in the past.")
    if plan.arrive_by <= plan.pick_up_at:
        errors["arrive_by"] = _("The end has to be after the start.")
    if not 1 <= plan.passengers <= 60:
        errors["passengers"] = _("A whole number from 1 to 60.")
    if errors:
        raise Invalid(**errors)


@transaction.atomic
def post(area_id: int, plan: RidePlan, *, by: User, now: datetime) -> Ride:
    """A ride that drivers may claim from now on."""
    check(plan, now)
    ride = Ride.objects.create(**row(area_id, plan, by))
    told.posted(area_id, [ride], now)
    return ride


def row(area_id: int, plan: RidePlan, by: User) -> dict[str, Any]:
    return {
        "area_id": area_id,
        "shift_id": plan.shift_id,
        "origin": plan.origin.strip(),
        "origin_en": plan.origin_en.strip(),
        "origin_note": plan.origin_note.strip(),
        "destination_id": plan.destination_id,
        "pick_up_at": plan.pick_up_at,
        "arrive_by": plan.arrive_by,
        "period": (plan.pick_up_at, plan.arrive_by),
        "passengers": plan.passengers,
        "vehicle_class": plan.vehicle_class,
        "created_by": by,
        "is_demo": by.is_demo,
    }


@transaction.atomic
def post_for_roster(shift_id: int, *, by: User, now: datetime, seats: int = 4) -> list[Ride]:
    """Rides for everybody of the shift who lives elsewhere and has none yet; asked again, only for who is new.

    People of one home compound share cars. Pick-up is 25 minutes before they have to be there.
    """
    with patience():
        shift = (
            Shift.objects.select_related("site", "call_up")
            .select_for_update(of=("self",), no_key=True)
            .get(pk=shift_id)
        )
    arrive_by = shift.starts_at - timedelta(minutes=shift.call_up.arrive_minutes if shift.call_up else 20)
    if arrive_by - MARGIN <= now:
        raise Refused("too_late")
    homes = {one.pk: one for one in seekers(shift)}
    cars = pool((Seeker(one.volunteer.residence_id or 0, shift.site_id, one.pk) for one in homes.values()), seats)
    made = [car_for(shift, [homes[one.sign_up] for one in car], arrive_by, by) for car in cars]
    told.posted(shift.site.area_id, made, now)
    return made


def seekers(shift: Shift) -> Iterable[SignUp]:
    """Who is sure to come, from outside the site's own compound, and is not taken along yet."""
    found = SignUp.objects.filter(shift=shift, status__in=SURE, rides=None, volunteer__residence__isnull=False)
    return (
        found.exclude(volunteer__residence=shift.site.compound_id).select_related("volunteer__residence").order_by("pk")
    )


def car_for(shift: Shift, people: Sequence[SignUp], arrive_by: datetime, by: User) -> Ride:
    home = people[0].volunteer.residence
    assert home
    plan = RidePlan(
        origin=home.name,
        origin_en=home.name_en,
        destination_id=shift.site_id,
        pick_up_at=arrive_by - MARGIN,
        arrive_by=arrive_by,
        passengers=len(people),
        shift_id=shift.pk,
    )
    ride = Ride.objects.create(**row(shift.site.area_id, plan, by))
    Passenger.objects.bulk_create(Passenger(ride=ride, sign_up=one) for one in people)
    return ride


def claim(ride_id: int, driver_id: int, *, now: datetime) -> Ride:
    """The ride is this driver's, if nobody was faster. Asked again by the same driver, the ride as it is.

    Raises Refused: taken, over, or what the rules say about driver and vehicle. TooMany after 30 tries a minute.
    """
    spend((CLAIMS, str(driver_id)))
    try:
        return take(ride_id, driver_id, now)
    except IntegrityError:
        raise Refused("ride_overlaps") from None


@transaction.atomic
def take(ride_id: int, driver_id: int, now: datetime) -> Ride:
    driver, ride = Driver.objects.get(pk=driver_id), Ride.objects.get(pk=ride_id)
    if ride.driver_id == driver_id and ride.status in RIDE_HELD:
        return ride
    if found := refusals(able(driver), Trip(ride.pick_up_at, ride.passengers, VehicleClass(ride.vehicle_class)), now):
        raise Refused(found)
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"ride": ride_id, "driver": driver_id, "now": now})
        won = cursor.rowcount == 1
    ride.refresh_from_db()
    if not won:
        raise Refused("ride_is_over" if ride.status in RIDE_OVER else "ride_taken")
    return ride


def able(driver: Driver) -> Able:
    return Able(driver.verified_at is not None, driver.on_duty_until, VehicleClass(driver.vehicle_class), driver.seats)


def hold(ride_id: int) -> Ride:
    with patience():
        return Ride.objects.select_for_update(no_key=True).get(pk=ride_id)


def go(ride: Ride, status: RideStatus, **fields: Any) -> Ride:
    """One step; Refused if it is not the next. Asked for the state it is in, nothing happens."""
    if ride.status == status:
        return ride
    if refusal := step(RideStatus(ride.status), status):
        raise Refused(refusal)
    ride.status = status
    for name, value in fields.items():
        setattr(ride, name, value)
    ride.save(update_fields=["status", "changed_at", *fields])
    return ride


@transaction.atomic
def release(ride_id: int, *, now: datetime) -> Ride:
    """The driver gives it back before setting out; others may claim it."""
    ride = hold(ride_id)
    if ride.status == RideStatus.POSTED:
        return ride
    go(ride, RideStatus.POSTED, driver=None)
    told.posted(ride.area_id, [ride], now)
    return ride


@transaction.atomic
def set_out(ride_id: int, *, now: datetime) -> Ride:
    try:
        with transaction.atomic():
            return go(hold(ride_id), RideStatus.EN_ROUTE)
    except IntegrityError:
        raise Refused("ride_moving") from None


@transaction.atomic
def pick_up(ride_id: int, *, now: datetime) -> Ride:
    return go(hold(ride_id), RideStatus.PICKED_UP)


@transaction.atomic
def finish(ride_id: int, *, now: datetime) -> Ride:
    """They have arrived: who rode is forgotten, that it was driven is kept."""
    return over(hold(ride_id), RideStatus.DONE, now)


@transaction.atomic
def cancel(ride_id: int, *, by: User, now: datetime, reason: str) -> Ride:
    """The dispatcher calls it off before the pick-up; the driver is told."""
    ride = hold(ride_id)
    if ride.status == RideStatus.CANCELLED:
        return ride
    driver = ride.driver
    over(ride, RideStatus.CANCELLED, now, reason=reason[:200])
    if driver:
        told.cancelled(ride, driver.volunteer.user_id, now)
    return ride


def over(ride: Ride, status: RideStatus, now: datetime, **fields: Any) -> Ride:
    go(ride, status, finished_at=now, **fields)
    ride.riders.all().delete()
    return ride


@transaction.atomic
def be_on_duty(driver_id: int, *, on: bool, now: datetime) -> Driver:
    """On duty for twelve hours, or not any more. Raises Refused while a claimed ride is not driven."""
    with patience():
        driver = Driver.objects.select_for_update(no_key=True).get(pk=driver_id)
    if not on and driver.rides.held().exists():
        raise Refused("rides_held")
    driver.on_duty_until = now + ON_DUTY if on else None
    driver.save(update_fields=["on_duty_until"])
    return driver


@transaction.atomic
def verify(driver_id: int, *, by: User, now: datetime) -> Driver:
    """Licence and vehicle have been looked at."""
    driver = Driver.objects.select_for_update(no_key=True).get(pk=driver_id)
    if driver.volunteer.user_id == by.pk:
        raise Refused("own_case")
    if not driver.verified_at:
        driver.verified_at, driver.verified_by = now, by
        driver.save(update_fields=["verified_at", "verified_by"])
    return driver


def sweep(now: datetime) -> tuple[int, int]:
    """Give back what does not move in time, and raise the alarm for what nobody holds; returns how many of each."""
    still = Ride.objects.filter(status=RideStatus.GRABBED, pick_up_at__lte=now + MOVE_BEFORE)
    back = [pk for pk in still.values_list("pk", flat=True) if give_back(pk, now)]
    late = Ride.objects.filter(status=RideStatus.POSTED, pick_up_at__lte=now + ALARM_BEFORE)
    alarms = [pk for pk in late.values_list("pk", flat=True) if expire(pk, now)]
    return len(back), len(alarms)


def end_silent(now: datetime) -> int:
    """Rides of whose end nobody has told are over, so that nobody's name stays with them; returns how many."""
    under_way = Ride.objects.filter(status__in=[RideStatus.EN_ROUTE, RideStatus.PICKED_UP])
    silent = under_way.filter(pick_up_at__lte=now - SILENT).values_list("pk", flat=True)
    return sum(end_one(pk, now) for pk in silent)


@transaction.atomic
def end_one(ride_id: int, now: datetime) -> bool:
    """Done, if they were picked up; of others it is not known, and they count as not driven."""
    ride = hold(ride_id)
    if ride.status not in (RideStatus.EN_ROUTE, RideStatus.PICKED_UP):
        return False
    over(ride, RideStatus.DONE if ride.status == RideStatus.PICKED_UP else RideStatus.CANCELLED, now)
    return True


@transaction.atomic
def give_back(ride_id: int, now: datetime) -> bool:
    ride = hold(ride_id)
    if ride.status != RideStatus.GRABBED:
        return False
    driver = ride.driver
    go(ride, RideStatus.POSTED, driver=None)
    if driver:
        told.taken_back(ride, driver.volunteer.user_id, now)
    told.posted(ride.area_id, [ride], now)
    return True


@transaction.atomic
def expire(ride_id: int, now: datetime) -> bool:
    """Nobody drives: whoever asked for it hears of it, and has to find another way."""
    ride = hold(ride_id)
    if ride.status != RideStatus.POSTED:
        return False
    over(ride, RideStatus.EXPIRED, now)
    told.alarm(ride, now)
    return True
