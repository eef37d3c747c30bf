"""What was served, as certificates and the person's own record tell it."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from communities.models import Area
from communities.queries.customs import customs_in
from volunteers.models import Certificate, ServiceRecord
from volunteers.rules.certificates import FREELY, Served, tidy
from volunteers.states import CertificateStatus


def records_of(volunteer_id: int) -> QuerySet[ServiceRecord]:
    """The newest first."""
    found = ServiceRecord.objects.filter(volunteer=volunteer_id).select_related("community")
    return found.order_by("-started_at", "-pk")


def zone_of(area: Area) -> ZoneInfo:
    return customs_in([area])[area.pk].zone


def served(volunteer_id: int, area: Area, first: date, last: date) -> list[Served]:
    """Blocks in the area or below it that began on one of these days of its own clock."""
    zone = zone_of(area)
    found = records_of(volunteer_id).filter(community__path__startswith=area.path)
    rows = [as_served(row, zone) for row in found]
    return [one for one in rows if first <= one.day <= last]


def as_served(row: ServiceRecord, zone: ZoneInfo) -> Served:
    day = row.started_at.astimezone(zone).date()
    return Served(day, row.what, row.where, row.minutes, row.kind, row.needs_confirmation)


def totals(records: Iterable[ServiceRecord]) -> dict[str, int]:
    """Minutes given freely, minutes on duty, and those whose hours somebody still has to confirm."""
    found = {"freely": 0, "duty": 0, "open": 0}
    for row in records:
        found["open" if row.needs_confirmation else "freely" if row.kind in FREELY else "duty"] += row.minutes
    return found


def certificates() -> QuerySet[Certificate]:
    return Certificate.objects.select_related("community", "volunteer__user", "decided_by")


def shown_to_all(number: str) -> Certificate | None:
    """The certificate with this number, if it was ever given."""
    given = Q(status__in=[CertificateStatus.ISSUED, CertificateStatus.REVOKED])
    return certificates().filter(given, number=tidy(number)).first()
