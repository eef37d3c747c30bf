"""The fleet of the story: 16 drivers (one of them with an account to look through), 160 dispatches in eleven days, 104 of them completed, and tomorrow's rides."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle

from communities.models import Area, Organisation, Site, User
from staffing.actions import rides
from staffing.actions.rides import RidePlan
from staffing.demo.people import Crowd
from staffing.models import Driver, Ride
from staffing.states import RideStatus
from volunteers.models import Volunteer
from volunteers.states import PersonKind

OTHERS = 15
DONE, CALLED_OFF = 104, 36  # every seventh was released once and claimed again: 160 dispatches
STREETS = ("示范街18号院", "示范路公交站", "示范机关宿舍", "示范桥头", "示范医院急诊楼", "示范广场")
STREETS_EN = (
    "18 Demo Street",
    "Demo Road bus stop",
    "Demo staff housing",
    "Demo Bridge",
    "Demo Hospital",
    "Demo Square",
)


def fleet(crowd: Crowd, area: Area, owner: Organisation, lead: User, since: datetime) -> list[Driver]:
    people = crowd.make(OTHERS, PersonKind.DRIVER, community=area, organisations=[owner], skills=0)
    return [driver(person, area, owner, lead, since) for person in people]


def driver(person: Volunteer, area: Area, owner: Organisation | None, lead: User, since: datetime) -> Driver:
    return Driver.objects.create(
        volunteer=person, area=area, fleet=owner, verified_at=since, verified_by=lead, is_demo=True
    )


def past(drivers: list[Driver], area: Area, sites: list[Site], first: datetime, lead: User) -> None:
    """Eleven days of rides before today."""
    times = slots(first)
    crew = cycle(drivers)
    rows = []
    for number in range(DONE + CALLED_OFF):
        at, to = next(times), sites[number % len(sites)]
        done = number < DONE
        rows.append(
            Ride(
                area=area,
                origin=STREETS[number % len(STREETS)],
                origin_en=STREETS_EN[number % len(STREETS)],
                destination=to,
                pick_up_at=at,
                arrive_by=at + timedelta(minutes=25),
                period=(at, at + timedelta(minutes=25)),
                passengers=1 + number % 4,
                status=RideStatus.DONE if done else RideStatus.CANCELLED,
                driver=next(crew),
                dispatches=2 if number % 7 == 0 else 1,
                finished_at=at + timedelta(minutes=22),
                created_by=lead,
                is_demo=True,
            )
        )
    Ride.objects.bulk_create(rows)


def slots(first: datetime) -> Iterator[datetime]:
    """Thirteen pick-ups each morning, ten minutes apart."""
    return (first + timedelta(days=number // 13, minutes=10 * (number % 13)) for number in range(1000))


def tomorrow(area: Area, sites: list[Site], start: datetime, lead: User, now: datetime) -> None:
    """Six rides that wait for a driver, so that everybody stands in place when the round begins."""
    for number, (origin, origin_en) in enumerate(zip(STREETS, STREETS_EN, strict=True)):
        at = start - timedelta(minutes=70 - 5 * number)
        plan = RidePlan(
            origin=origin,
            origin_en=origin_en,
            origin_note="",
            destination_id=sites[number % len(sites)].pk,
            pick_up_at=at,
            arrive_by=at + timedelta(minutes=25),
            passengers=2 + number % 3,
        )
        rides.post(area.pk, plan, by=lead, now=now)
