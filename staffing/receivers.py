"""What staffing does when the packages below tell it something."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from communities.models import ZoneStatus
from communities.signals import zone_changed
from staffing.actions import seats
from staffing.actions.answers import give_up
from staffing.models import Shift, SignUp
from volunteers.models import Volunteer
from volunteers.signals import consent_withdrawn


@receiver(zone_changed, sender=ZoneStatus)
def other_rules_of_reach(compound_id: int, now: datetime, **_signal: Any) -> None:
    """Who may come has changed: a sign-up that was read before must be read again."""
    here = Q(site__compound_id=compound_id) | Q(sign_ups__volunteer__residence_id=compound_id)
    seats.bump(list(Shift.objects.upcoming(now).filter(here).values_list("pk", flat=True).distinct()), now)


@receiver(consent_withdrawn, sender=Volunteer)
def gives_back_everything(volunteer_id: int, now: datetime, **_signal: Any) -> None:
    """Nobody is scheduled against their word: coming seats and places in line are free again."""
    coming = SignUp.objects.alive().of(volunteer_id).filter(period__startswith__gt=now)
    for signup_id in list(coming.order_by("pk").values_list("pk", flat=True)):
        give_up(signup_id, now=now)
