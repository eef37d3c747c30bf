"""What staffing does when the packages below tell it something."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from communities.models import User, ZonePolicy, ZoneStatus
from communities.signals import policy_changed, zone_changed
from staffing.actions import rechecks
from staffing.actions.answers import give_up
from staffing.locks import lock_reserves, lock_volunteer
from staffing.models import SignUp
from volunteers.models import AccessPass, Volunteer
from volunteers.signals import consent_withdrawn, homes_known, moved, pass_revoked


@receiver(zone_changed, sender=ZoneStatus)
def zone_has_changed(status: ZoneStatus, by: User, now: datetime, **_signal: Any) -> None:
    rechecks.after_status(status, by=by, now=now)


@receiver(policy_changed, sender=ZonePolicy)
def policy_has_changed(policy: ZonePolicy, by: User, now: datetime, **_signal: Any) -> None:
    rechecks.after_policy(policy, by=by, now=now)


@receiver(pass_revoked, sender=AccessPass)
def pass_is_revoked(revoked: AccessPass, by: User, now: datetime, **_signal: Any) -> None:
    rechecks.after_pass(revoked, by=by, now=now)


@receiver(moved, sender=Volunteer)
def somebody_has_moved(volunteer: Volunteer, by: User, now: datetime, **_signal: Any) -> None:
    rechecks.after_move(volunteer, by=by, now=now)


@receiver(homes_known, sender=Volunteer)
def homes_are_known(volunteers: Sequence[int], by: User, now: datetime, **_signal: Any) -> None:
    rechecks.after_moves(volunteers, by=by, now=now)


@receiver(consent_withdrawn, sender=Volunteer)
def gives_back_everything(volunteer_id: int, now: datetime, **_signal: Any) -> None:
    """Nobody is scheduled against their word: coming seats and places in line are free again."""
    lock_volunteer(volunteer_id)
    coming = SignUp.objects.alive().of(volunteer_id).filter(period__startswith__gt=now)
    for call_id in sorted(set(coming.filter(shift__call_up__isnull=False).values_list("shift__call_up_id", flat=True))):
        lock_reserves(call_id)
    for signup_id in list(coming.order_by("pk").values_list("pk", flat=True)):
        give_up(signup_id, now=now)
