"""What a person says and changes about themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from communities.errors import Refused
from communities.messages.dead_ends import works_again
from communities.models import User
from volunteers.actions import companions
from volunteers.actions.people import be_absent, consent, declare, lives_at
from volunteers.models import Absence, Availability, CalendarFeed, Consent, HeldQualification, Volunteer
from volunteers.models.people import new_feed_key
from volunteers.signals import consent_withdrawn
from volunteers.states import Channel, Purpose


@dataclass(frozen=True, slots=True)
class Self:
    """The page of one's own. `skills` are all that the person says they have; others are taken back."""

    name: str
    language: str
    urgent_calls: bool
    residence: int | None = None
    skills: tuple[str, ...] = ()


@transaction.atomic
def describe(user: User, told: Self, *, now: datetime) -> None:
    user.name, user.language, user.urgent_calls = told.name, told.language, told.urgent_calls
    user.save(update_fields=["name", "language", "urgent_calls"])
    if volunteer := Volunteer.objects.filter(user=user).first():
        lives_at(volunteer, told.residence, by=user, now=now)
        keep_skills(volunteer, told.skills, now)
        agree_to_urgent_calls(volunteer, told.urgent_calls, now)


def keep_skills(volunteer: Volunteer, skills: Iterable[str], now: datetime) -> None:
    own_word = HeldQualification.objects.filter(volunteer=volunteer, qualification__self_declared=True)
    own_word.exclude(qualification__slug__in=list(skills)).delete()
    declare(volunteer, skills, now=now)


def agree_to_urgent_calls(volunteer: Volunteer, agreed: bool, now: datetime) -> None:
    if agreed:
        consent(volunteer, Purpose.URGENT_CALLS, now=now, channel=Channel.WEB)
    else:
        given(volunteer).filter(purpose=Purpose.URGENT_CALLS).update(withdrawn_at=now)


def given(volunteer: Volunteer) -> QuerySet[Consent]:
    return Consent.objects.filter(volunteer=volunteer, withdrawn_at__isnull=True)


def set_email(user: User, email: str) -> None:
    """The person has just shown that the mailbox is theirs. Raises Refused("email_taken")."""
    try:
        with transaction.atomic():
            user.email = email
            user.save(update_fields=["email"])
            works_again(user, "email")
    except IntegrityError as error:
        raise Refused("email_taken") from error


def be_free(volunteer: Volunteer, weekday: int, from_time: time, to_time: time) -> Availability:
    """Usually free at that time of the week. Said again with another end, the newest counts."""
    found, _new = Availability.objects.update_or_create(
        volunteer=volunteer, weekday=weekday, from_time=from_time, defaults={"to_time": to_time}
    )
    return found


def no_longer_free(volunteer: Volunteer, availability_id: int) -> None:
    Availability.objects.filter(volunteer=volunteer, pk=availability_id).delete()


def be_away(volunteer: Volunteer, start: datetime, end: datetime) -> None:
    """Raises Refused("already_away") if that touches days already said."""
    try:
        with transaction.atomic():
            be_absent(volunteer, start, end)
    except IntegrityError as error:
        raise Refused("already_away") from error


def back_again(volunteer: Volunteer, absence_id: int) -> None:
    Absence.objects.filter(volunteer=volunteer, pk=absence_id).delete()


@transaction.atomic
def withdraw_consent(volunteer: Volunteer, *, now: datetime) -> None:
    """The person no longer wants to be scheduled: every consent ends, and so does what was planned on it."""
    given(volunteer).update(withdrawn_at=now)
    companions.end_all([volunteer.pk], now)
    User.objects.filter(pk=volunteer.user_id).update(urgent_calls=False)
    consent_withdrawn.send(sender=Volunteer, volunteer_id=volunteer.pk, now=now)


def feed_of(volunteer: Volunteer) -> CalendarFeed:
    found, _new = CalendarFeed.objects.get_or_create(volunteer=volunteer)
    return found


def renew_feed(volunteer: Volunteer) -> CalendarFeed:
    """A new address; the old one ends."""
    found, _new = CalendarFeed.objects.update_or_create(volunteer=volunteer, defaults={"key": new_feed_key()})
    return found
