"""Who could stand in for the lead of a shift, and what hangs on somebody who is not coming."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from communities.models import Grant, User
from staffing.models import Shift, SignUp
from staffing.states import HOLDS_TIME

MOST = 100


def candidates(shift: Shift) -> QuerySet[User]:
    """People with a seat on the shift, and those who hold a role at the place, below it or above it; not its leader."""
    area = shift.site.area
    near = Q(area__in=area.ancestor_ids) | Q(area__path__startswith=area.path)
    seated = SignUp.objects.filter(shift=shift, status__in=HOLDS_TIME)
    found = User.objects.filter(
        Q(pk__in=seated.values("volunteer__user"))
        | Q(pk__in=Grant.objects.in_force(timezone.now()).filter(near).values("user"))
    )
    return found.filter(is_active=True).exclude(pk=shift.leader_id or 0).order_by("pk")


def in_charge(signup_ids: Iterable[int], now: datetime) -> list[SignUp]:
    """Of these seats those whose person leads the shift, stands in on it, or holds a lead seat while another stands in."""
    own = Q(shift__leader=F("volunteer__user")) | Q(shift__deputy=F("volunteer__user"))
    by_seat = Q(shift__leader=None, shift__deputy__isnull=False, post__role__leads=True)
    rows = SignUp.objects.filter(own | by_seat, pk__in=list(signup_ids), shift__ends_at__gt=now)
    return list(rows.select_related("volunteer", "post__role").order_by("pk"))


def still_here(shift_id: int, user_id: int) -> bool:
    """The person holds another seat on the shift."""
    return SignUp.objects.filter(shift=shift_id, volunteer__user=user_id, status__in=HOLDS_TIME).exists()


def lead_seat_held(shift_id: int) -> bool:
    return SignUp.objects.filter(shift=shift_id, post__role__leads=True, status__in=HOLDS_TIME).exists()
