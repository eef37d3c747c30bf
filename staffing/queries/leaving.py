"""What still holds a person who wants to be forgotten."""

from datetime import datetime

from communities.models import Grant, User
from staffing.models import HomeService, Ride, Secondment, SignUp
from staffing.rules.leaving import Ties
from staffing.states import HOME_LIVE, RIDE_HELD, SECONDMENT_OPEN, SignUpStatus


def ties_of(user: User, now: datetime) -> Ties:
    own = SignUp.objects.filter(volunteer__user=user)
    roles = Grant.objects.of(user).in_force(now).count() + (user.is_staff or user.is_superuser)
    return Ties(
        seats=own.alive().filter(period__startswith__gt=now).count(),
        here_now=own.filter(status=SignUpStatus.CHECKED_IN).exists(),
        roles=roles,
        lent=Secondment.objects.filter(volunteer__user=user, status__in=SECONDMENT_OPEN).exists(),
        ride=Ride.objects.filter(driver__volunteer__user=user, status__in=RIDE_HELD).exists(),
        homes=HomeService.objects.filter(owner=user, status__in=HOME_LIVE).count(),
    )
