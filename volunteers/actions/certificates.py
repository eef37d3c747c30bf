"""Certificates of service: asked for by the person or for them, given by somebody else, revoked with a reason."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from communities.errors import Forbidden, Invalid, Refused
from communities.models import Area, User
from volunteers.messages import certificates as messages
from volunteers.models import Certificate, Volunteer
from volunteers.queries.certificates import served
from volunteers.rules.certificates import Line, paper, ungrounded
from volunteers.states import CertificateStatus

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose hours, given to which area, from which day to which."""

    volunteer: int
    area: int
    first: date
    last: date


@transaction.atomic
def ask(wish: Wish, *, by: User, now: datetime) -> Certificate:
    """Asked again for the same days, the one that waits. Raises Invalid per field, Refused if nothing can be certified."""
    check(wish)
    person = Volunteer.objects.select_for_update(no_key=True).select_related("user").get(pk=wish.volunteer)
    same = {"volunteer": person, "community_id": wish.area, "first_day": wish.first, "last_day": wish.last}
    if waiting := Certificate.objects.filter(**same, status=CertificateStatus.ASKED).first():
        return waiting
    made = Certificate(**same, asked_by=by, asked_at=now)
    write_down(made, person)
    made.save()
    return made


def check(wish: Wish) -> None:
    if wish.last < wish.first:
        raise Invalid(last=_("The end has to be after the start."))
    if wish.last - wish.first > LONGEST:
        raise Invalid(last=_("A certificate is about 366 days at most."))


def write_down(certificate: Certificate, person: Volunteer) -> None:
    """What the paper says, from the records as they are now. Raises Refused if that is nothing."""
    area = Area.objects.get(pk=certificate.community_id)
    records = served(person.pk, area, certificate.first_day, certificate.last_day)
    if found := ungrounded(records):
        raise Refused(found)
    written = paper(records)
    certificate.name, certificate.times, certificate.minutes = person.user.name, written.times, written.minutes
    certificate.lines = [as_json(line) for line in written.lines]


def as_json(line: Line) -> dict[str, Any]:
    return asdict(line) | {"first": line.first.isoformat(), "last": line.last.isoformat()}


@transaction.atomic
def issue(certificate_id: int, *, by: User, now: datetime) -> Certificate:
    """Give it. Raises Forbidden to the person themselves and to whoever asked, Refused unless it waits."""
    found = hold(certificate_id)
    if found.status == CertificateStatus.ISSUED:
        return found
    waits(found)
    if by.pk in (found.asked_by_id, found.volunteer.user_id):
        raise Forbidden("own_certificate")
    write_down(found, found.volunteer)
    decide(found, CertificateStatus.ISSUED, by, now)
    messages.decided(found, now)
    return found


@transaction.atomic
def refuse(certificate_id: int, reason: str, *, by: User, now: datetime) -> Certificate:
    """Say no, with a reason that the person sees."""
    found = hold(certificate_id)
    if found.status == CertificateStatus.REFUSED:
        return found
    waits(found)
    found.reason = given(reason)
    decide(found, CertificateStatus.REFUSED, by, now)
    messages.decided(found, now)
    return found


@transaction.atomic
def revoke(certificate_id: int, reason: str, *, by: User, now: datetime) -> Certificate:
    """It does not count any more; whoever looks it up by its number sees so. Revoked again, it stays as it is."""
    found = hold(certificate_id)
    if found.status == CertificateStatus.REVOKED:
        return found
    if found.status != CertificateStatus.ISSUED:
        raise Refused("invalid_transition", status=found.status)
    found.reason, found.status = given(reason), CertificateStatus.REVOKED
    found.revoked_by, found.revoked_at = by, now
    kept(found, ("reason", "status", "revoked_by", "revoked_at"))
    messages.decided(found, now)
    return found


def hold(certificate_id: int) -> Certificate:
    rows = Certificate.objects.select_related("volunteer__user")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=certificate_id)


def waits(found: Certificate) -> None:
    if found.status != CertificateStatus.ASKED:
        raise Refused("invalid_transition", status=found.status)


def decide(found: Certificate, status: CertificateStatus, by: User, now: datetime) -> None:
    found.status, found.decided_by, found.decided_at = status, by, now
    kept(found, ("status", "decided_by", "decided_at", "reason", "name", "times", "minutes", "lines"))


def kept(found: Certificate, fields: Iterable[str]) -> None:
    found.save(update_fields=list(fields))


def given(reason: str) -> str:
    if not reason.strip():
        raise Invalid(reason=_("Give a reason; it stays in the history."))
    return reason.strip()[:200]
