"""What drivers and dispatchers are told of rides. No passenger is named."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.messages.kinds import Claimed, Context, Contexts, Kind
from communities.messages.outbox import Note, post
from communities.messages.rendering import clock, lines, named, one_line
from communities.models import Area
from communities.queries.customs import customs_of
from communities.states import Topic
from staffing.models import Driver, Ride
from staffing.states import RideStatus


def posted(area_id: int, rides: Iterable[Ride], now: datetime) -> None:
    """Drivers on duty hear of the first of these rides; at night those alone who agreed to urgent calls."""
    first = min(rides, key=lambda ride: ride.pick_up_at, default=None)
    if first is None:
        return
    path = Area.objects.values_list("path", flat=True).get(pk=area_id)
    drivers = Driver.objects.filter(verified_at__isnull=False, on_duty_until__gt=now).select_related(
        "area", "volunteer"
    )
    near = [driver for driver in drivers if path.startswith(driver.area.path)]
    post([note("ride_posted", first, driver.volunteer.user_id, now, queue="callup") for driver in near])


def note(kind: str, ride: Ride, reader: int, now: datetime, queue: str = "messages") -> Note:
    key = f"{ride.pk}:{ride.dispatches}"
    return Note(kind, key, ride.pk, now, reader=reader, expires_at=ride.arrive_by, queue=queue)


def cancelled(ride: Ride, reader: int, now: datetime) -> None:
    post([note("ride_cancelled", ride, reader, now)])


def taken_back(ride: Ride, reader: int, now: datetime) -> None:
    post([note("ride_taken_back", ride, reader, now)])


def alarm(ride: Ride, now: datetime) -> None:
    if ride.created_by_id:
        post([note("ride_alarm", ride, ride.created_by_id, now)])


@dataclass(frozen=True, slots=True, kw_only=True)
class About(Context):
    """One ride. Names are (Chinese, English)."""

    kind: str
    ride: Ride
    open: int = 0


def about(*states: RideStatus) -> Contexts:
    def read(messages: Sequence[Claimed], now: datetime) -> Mapping[int, About]:
        rides = Ride.objects.filter(status__in=states).select_related("destination")
        found = rides.in_bulk({message.target for message in messages})
        customs = customs_of({ride.area_id for ride in found.values()})
        waiting = Ride.objects.posted(now).filter(area__in={ride.area_id for ride in found.values()}).count()
        return {
            message.id: About(customs=customs[ride.area_id], urgent=True, kind=message.kind, ride=ride, open=waiting)
            for message in messages
            if (ride := found.get(message.target))
        }

    return read


def headline(about: About) -> str:
    ride, zone = about.ride, about.customs.zone
    words = {
        "at": clock(ride.pick_up_at, zone),
        "origin": named(ride.origin, ride.origin_en),
        "to": named(ride.destination.name, ride.destination.name_en),
    }
    match about.kind:
        case "ride_posted":
            open_now = ngettext("%(n)d ride waits for a driver.", "%(n)d rides wait for a driver.", about.open)
            return (open_now + " " + _("The first: %(at)s, %(origin)s to %(to)s.")) % {"n": about.open, **words}
        case "ride_cancelled":
            return _("The ride at %(at)s from %(origin)s is cancelled. You don't need to drive.") % words
        case "ride_taken_back":
            return _("The ride at %(at)s from %(origin)s goes to somebody else: you had not set out in time.") % words
    return _("Nobody drives at %(at)s from %(origin)s to %(to)s. Find another way for these people.") % words


def subject(about: About) -> str:
    return one_line(headline(about))


def text(about: About) -> str:
    path = "/desk/rides/" if about.kind == "ride_alarm" else "/rides/"
    return lines([headline(about), f"{settings.PUBLIC_URL}{path}"])


KINDS = (
    Kind("ride_posted", about(RideStatus.POSTED), subject, text, own_duty=False, queue="callup", topic=Topic.RIDES),
    Kind("ride_cancelled", about(RideStatus.CANCELLED), subject, text, vital=True),
    Kind(
        "ride_taken_back", about(RideStatus.POSTED, RideStatus.GRABBED, RideStatus.EXPIRED), subject, text, vital=True
    ),
    Kind("ride_alarm", about(RideStatus.EXPIRED), subject, text, vital=True),
)
