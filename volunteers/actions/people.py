"""Becoming known: a volunteer's own entry, staff entering somebody, enrolment and consent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from communities.models import User
from volunteers.models import Absence, Affiliation, Consent, Enrolment, HeldQualification, Qualification, Volunteer
from volunteers.signals import moved
from volunteers.states import CONSENT_TEXT, Channel, PersonKind, Purpose


@dataclass(frozen=True, slots=True)
class Profile:
    """What a sign-up form says of a person. `skills` are codes of self-declared qualifications."""

    residence: int | None = None
    is_adult: bool = False
    skills: tuple[str, ...] = ()
    kind: PersonKind = PersonKind.VOLUNTEER


@transaction.atomic
def enrol(
    user: User,
    community_id: int,
    profile: Profile,
    *,
    now: datetime,
    channel: str = Channel.WEB,
    entered_by: User | None = None,
) -> Volunteer:
    """Make the account's owner a volunteer of the community (报到), with consent recorded; again is an update."""
    volunteer, new = Volunteer.objects.get_or_create(
        user=user,
        defaults={
            "kind": profile.kind,
            "residence_id": profile.residence,
            "is_adult": profile.is_adult,
            "is_demo": user.is_demo,
        },
    )
    if not new:
        update(volunteer, profile, by=entered_by or user, now=now)
    consent(volunteer, Purpose.SERVICE, now=now, channel=channel, recorded_by=entered_by)
    Enrolment.objects.get_or_create(
        volunteer=volunteer,
        community_id=community_id,
        ended_at=None,
        defaults={"channel": channel, "entered_by": entered_by},
    )
    declare(volunteer, profile.skills, now=now)
    return volunteer


def on_duty(user: User) -> Volunteer:
    """The account's owner, who comes because their unit sends them: what they do is no volunteering, so no consent to
    that is asked. They have said that they are 18 or over.
    """
    volunteer, _new = Volunteer.objects.get_or_create(user=user, defaults={"is_adult": True, "is_demo": user.is_demo})
    return volunteer


def update(volunteer: Volunteer, profile: Profile, *, by: User, now: datetime) -> None:
    """Take over what the person says of themselves now; who they are (their kind) is not theirs to say."""
    if profile.is_adult and not volunteer.is_adult:
        volunteer.is_adult = True
        volunteer.save(update_fields=["is_adult"])
    if profile.residence:
        lives_at(volunteer, profile.residence, by=by, now=now)


def lives_at(volunteer: Volunteer, compound_id: int | None, *, by: User, now: datetime) -> None:
    """Whoever lives somewhere else than was known is told about: other ways are open to them, or closed."""
    if compound_id != volunteer.residence_id:
        volunteer.residence_id = compound_id
        volunteer.save(update_fields=["residence"])
        moved.send(sender=Volunteer, volunteer=volunteer, by=by, now=now)


@transaction.atomic
def correct(
    volunteer_id: int, *, kind: str, residence: int | None, is_adult: bool, by: User, now: datetime
) -> Volunteer:
    """What staff know better of a person. Who is somebody else to the zones, or lives elsewhere, is told about."""
    person = Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer_id)
    before = (person.kind, person.residence_id)
    person.kind, person.residence_id, person.is_adult = kind, residence, is_adult
    person.save(update_fields=["kind", "residence", "is_adult"])
    if before != (kind, residence):
        moved.send(sender=Volunteer, volunteer=person, by=by, now=now)
    return person


def consent(
    volunteer: Volunteer, purpose: str, *, now: datetime, channel: str, recorded_by: User | None = None
) -> Consent:
    found, _new = Consent.objects.get_or_create(
        volunteer=volunteer,
        purpose=purpose,
        text_version=CONSENT_TEXT,
        withdrawn_at=None,
        defaults={"given_at": now, "channel": channel, "recorded_by": recorded_by},
    )
    return found


def declare(volunteer: Volunteer, skills: Iterable[str], *, now: datetime) -> None:
    """The skills a person says they have; only those for which one's own word is enough."""
    wanted = Qualification.objects.filter(slug__in=list(skills), self_declared=True)
    HeldQualification.objects.bulk_create(
        [HeldQualification(volunteer=volunteer, qualification=qualification) for qualification in wanted],
        ignore_conflicts=True,
    )


def affiliate(volunteer: Volunteer, organisation_id: int, *, external_id: str = "") -> Affiliation:
    found, _new = Affiliation.objects.get_or_create(
        volunteer=volunteer, organisation_id=organisation_id, to_day=None, defaults={"external_id": external_id}
    )
    return found


@transaction.atomic
def approve(enrolment_id: int, *, by: User, now: datetime) -> Enrolment:
    """The lead lets an enrolled person serve inside a sealed compound."""
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment_id)
    if enrolment.approved_at is None:
        enrolment.approved_by, enrolment.approved_at = by, now
        enrolment.save(update_fields=["approved_by", "approved_at"])
    return enrolment


@transaction.atomic
def verify(held_id: int, *, by: User, now: datetime) -> HeldQualification:
    """Somebody of the community has seen the paper."""
    held = HeldQualification.objects.select_for_update().get(pk=held_id)
    held.verified_by, held.verified_at = by, now
    held.save(update_fields=["verified_by", "verified_at"])
    return held


def be_absent(volunteer: Volunteer, start: datetime, end: datetime) -> Absence:
    """Not available over [start, end); no reason is asked."""
    return Absence.objects.create(volunteer=volunteer, period=(start, end))
