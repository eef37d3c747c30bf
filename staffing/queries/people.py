"""What a sign-up form may fill in for somebody who is signed in."""

from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q

from communities.models import User
from volunteers.models import Consent, Enrolment, Volunteer
from volunteers.states import CONSENT_TEXT, Purpose


@dataclass(frozen=True, slots=True)
class Known:
    volunteer: int
    residence: int | None
    is_adult: bool
    enrolled: bool
    consented: bool
    skills: tuple[str, ...]

    @property
    def settled(self) -> bool:
        """All that a form would ask once has been answered."""
        return self.is_adult and self.consented


def known(user: User, community_id: int) -> Known | None:
    """What is on record of the account's owner; None if they have never served."""
    own = {"volunteer": OuterRef("pk")}
    consent = Consent.objects.filter(
        **own, purpose=Purpose.SERVICE, text_version=CONSENT_TEXT, withdrawn_at__isnull=True
    )
    row = (
        Volunteer.objects.filter(user=user)
        .annotate(
            enrolled=Exists(Enrolment.objects.filter(**own, community=community_id, ended_at__isnull=True)),
            consented=Exists(consent),
            skills=ArrayAgg("held__qualification__slug", filter=Q(held__qualification__self_declared=True), default=[]),
        )
        .values_list("pk", "residence_id", "is_adult", "enrolled", "consented", "skills")
        .first()
    )
    return Known(*row[:5], tuple(row[5])) if row else None
