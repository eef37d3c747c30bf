"""What waits to be brought, by whom it is brought, and what may be read of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from communities.access import Visitor
from communities.models import Area
from staffing.access.supplies import EARLY, LATE, supplies_addressed_to
from staffing.models import SignUp, SupplyRequest
from staffing.rules.supplies import Carrier
from staffing.states import SURE, SupplyStatus
from volunteers.models import Volunteer

RECENT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Tally:
    """Requests of a span of time: alive in all, without a carrier, carried now, delivered, and overdue."""

    all: int = 0
    open: int = 0
    held: int = 0
    delivered: int = 0
    late: int = 0


def around(area: Area, now: datetime) -> QuerySet[SupplyRequest]:
    """The requests of an area that are not over, or were until some hours ago."""
    here = SupplyRequest.objects.filter(area__path__startswith=area.path)
    return here.filter(Q(finished_at=None) | Q(finished_at__gt=now - RECENT))


def tally(requests: QuerySet[SupplyRequest], now: datetime) -> Tally:
    live = Q(status__in=[SupplyStatus.OPEN, SupplyStatus.MATCHED, SupplyStatus.DELIVERING])
    found = requests.aggregate(
        all=Count("pk", filter=~Q(status=SupplyStatus.CANCELLED)),
        open=Count("pk", filter=Q(status=SupplyStatus.OPEN)),
        held=Count("pk", filter=Q(status__in=[SupplyStatus.MATCHED, SupplyStatus.DELIVERING])),
        delivered=Count("pk", filter=Q(status=SupplyStatus.DELIVERED)),
        late=Count("pk", filter=live & Q(due_at__lt=now)),
    )
    return Tally(**found)


def stations(volunteer_id: int, now: datetime) -> QuerySet[SignUp]:
    """The person's sure seats at supply stations about now."""
    return SignUp.objects.filter(
        volunteer=volunteer_id,
        status__in=SURE,
        shift__site__kind="supply_station",
        period__startswith__lte=now + EARLY,
        period__endswith__gt=now - LATE,
    )


def carrier(volunteer_id: int, area_id: int, now: datetime) -> Carrier:
    here = stations(volunteer_id, now).filter(shift__site__area=area_id)
    return Carrier(here.exists(), SupplyRequest.objects.held().filter(carrier=volunteer_id).count())


def on_offer(volunteer_id: int, now: datetime) -> QuerySet[SupplyRequest]:
    """What the person could bring, the most urgent first."""
    areas = stations(volunteer_id, now).values("shift__site__area")
    found = SupplyRequest.objects.filter(status=SupplyStatus.OPEN, area__in=areas)
    return found.select_related("compound").order_by("due_at", "pk")


def carried(volunteer_id: int) -> QuerySet[SupplyRequest]:
    return SupplyRequest.objects.held().filter(carrier=volunteer_id).select_related("compound").order_by("due_at", "pk")


def carriers(area: Area, now: datetime) -> QuerySet[Volunteer]:
    """Who is at a supply station of the area about now."""
    seats = SignUp.objects.filter(
        status__in=SURE,
        shift__site__kind="supply_station",
        shift__site__area__path__startswith=area.path,
        period__startswith__lte=now + EARLY,
        period__endswith__gt=now - LATE,
    )
    return Volunteer.objects.filter(pk__in=seats.values("volunteer")).select_related("user").order_by("pk")


def doors(requests: Iterable[SupplyRequest], user: Visitor) -> dict[int, str]:
    """House, stairwell and flat of those of the requests whose door the reader may know; one statement."""
    ids = [one.pk for one in requests]
    return dict(SupplyRequest.objects.filter(supplies_addressed_to(user), pk__in=ids).values_list("pk", "place"))
