"""What a person's own page shows about them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q

from communities.models import Compound, User
from communities.models.areas import DEFAULT_ZONE
from communities.queries.customs import customs_of
from volunteers.models import Absence, Consent, Qualification, Volunteer


def myself(user: User) -> Volunteer | None:
    """With the communities they are enrolled in, and the codes of the skills they say they have."""
    enrolled = Q(enrolments__isnull=False, enrolments__ended_at=None)
    here = ArrayAgg("enrolments__community", filter=enrolled, default=[], distinct=True)
    word = Q(held__qualification__self_declared=True)
    skills = ArrayAgg("held__qualification__slug", filter=word, default=[], distinct=True)
    return Volunteer.objects.filter(user=user).select_related("user").annotate(communities=here, skills=skills).first()


def homes_for(person: Volunteer) -> list[Compound]:
    """The compounds of the person's communities, and the one they live in."""
    wanted = Q(community__in=person.communities) | Q(pk=person.residence_id)  # type: ignore[attr-defined]
    return list(Compound.objects.filter(wanted).order_by("community_id", "pk"))


def skills() -> list[Qualification]:
    return list(Qualification.objects.filter(self_declared=True).order_by("pk"))


def absences(person: Volunteer, now: datetime) -> list[Absence]:
    return list(Absence.objects.filter(volunteer=person, period__endswith__gt=now).order_by("period"))


def consents(person: Volunteer) -> list[Consent]:
    return list(Consent.objects.filter(volunteer=person).order_by(F("withdrawn_at").asc(nulls_first=True), "given_at"))


def zone_of(person: Volunteer | None) -> ZoneInfo:
    """The clock of the first community the person is enrolled in."""
    here = person.communities[:1] if person else []  # type: ignore[attr-defined]
    return customs_of(here)[here[0]].zone if here else DEFAULT_ZONE
