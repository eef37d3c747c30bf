"""Consent, purpose by purpose: given, and taken back at any time with what follows from that at once."""

from datetime import datetime

from django.db import transaction

from communities.models import User
from volunteers.actions.people import consent
from volunteers.actions.profile import given, keep_skills, withdraw_consent
from volunteers.models import Consent, Volunteer
from volunteers.states import Channel, Purpose


@transaction.atomic
def give(volunteer_id: int, purpose: Purpose, *, now: datetime, channel: str = Channel.WEB) -> Consent:
    """The person says yes to this; said again, the yes that is there already."""
    volunteer = hold(volunteer_id)
    if purpose == Purpose.URGENT_CALLS:
        User.objects.filter(pk=volunteer.user_id).update(urgent_calls=True)
    return consent(volunteer, purpose, now=now, channel=channel)


@transaction.atomic
def withdraw(volunteer_id: int, purpose: Purpose, *, now: datetime) -> None:
    """The person takes it back. Without consent to being scheduled everything else ends too, coming seats among it."""
    volunteer = hold(volunteer_id)
    if purpose == Purpose.SERVICE:
        withdraw_consent(volunteer, now=now)
        return
    given(volunteer).filter(purpose=purpose).update(withdrawn_at=now)
    match purpose:
        case Purpose.URGENT_CALLS:
            User.objects.filter(pk=volunteer.user_id).update(urgent_calls=False)
        case Purpose.SKILLS:
            keep_skills(volunteer, (), now)


def hold(volunteer_id: int) -> Volunteer:
    return Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer_id)
