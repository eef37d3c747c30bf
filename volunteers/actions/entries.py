"""People whom staff enter on their behalf."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from communities.actions.accounts import account_for
from communities.models import User
from volunteers.actions.people import Profile, enrol
from volunteers.models import Volunteer


@dataclass(frozen=True, slots=True)
class Contact:
    """Who somebody is; the phone is E.164."""

    name: str
    phone: str
    language: str = "zh-hans"


@transaction.atomic
def enter(who: Contact, community_id: int, profile: Profile, *, channel: str, by: User, now: datetime) -> Volunteer:
    """The volunteer of that phone, checked in with the community; the caller has the person's consent.

    A name that is there already stays. Nothing tells whether the phone was known.
    """
    user = account_for(who.phone, who.name, who.language, now, verified=False, is_demo=by.is_demo)
    return enrol(user, community_id, profile, now=now, channel=channel, entered_by=by)
