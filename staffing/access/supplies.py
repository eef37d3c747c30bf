"""What is brought to doors."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from communities.access import May, Visitor, within
from communities.models import User
from staffing.models import SignUp, SupplyRequest
from staffing.states import SURE, SupplyStatus

EARLY, LATE = timedelta(hours=1), timedelta(hours=4)  # around their shift, carriers see what there is to bring


def stations_of(user: Visitor, now: datetime) -> Q:
    """The areas where the user has a sure seat at a supply station about now."""
    if not isinstance(user, User):
        return Q(pk__in=[])
    seats = SignUp.objects.filter(
        volunteer__user=user,
        status__in=SURE,
        shift__site__kind="supply_station",
        period__startswith__lte=now + EARLY,
        period__endswith__gt=now - LATE,
    )
    return Q(area__in=seats.values("shift__site__area"))


def supplies_visible_to(user: Visitor, *, now: datetime | None = None) -> QuerySet[SupplyRequest]:
    """Those of one's own areas; for carriers those that wait where they are on duty, and those they bring."""
    waiting = stations_of(user, now or timezone.now()) & Q(status=SupplyStatus.OPEN)
    return SupplyRequest.objects.filter(within(user, May.SEE, "area") | waiting | carried_by(user))


def supplies_run_by(user: Visitor) -> QuerySet[SupplyRequest]:
    """Those the user may change, hand out and cancel: who knows the doors there, and who runs the place."""
    return SupplyRequest.objects.filter(kept_by(user))


def kept_by(user: Visitor) -> Q:
    return within(user, May.DOORS, "area") | within(user, May.RUN, "area")


def supplies_addressed_to(user: Visitor) -> Q:
    """Those whose door the user may read: the desk that knows doors, and whoever brings it."""
    return kept_by(user) | carried_by(user)


def carried_by(user: Visitor) -> Q:
    return Q(carrier__user=user) if isinstance(user, User) else Q(pk__in=[])


def supplies_of(user: Visitor) -> QuerySet[SupplyRequest]:
    """Those one brings, or has brought."""
    return SupplyRequest.objects.filter(carried_by(user))
