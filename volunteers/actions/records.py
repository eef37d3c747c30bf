from datetime import datetime

from communities.models import Area, User
from volunteers.models import ServiceRecord, Volunteer


def record(
    *,
    volunteer: Volunteer,
    kind: str,
    sign_up: int,
    community: Area,
    what: str,
    where: str,
    started_at: datetime,
    ended_at: datetime,
    minutes: int,
    needs_confirmation: bool = False,
    confirmed_by: User | None = None,
) -> ServiceRecord:
    """Keep the minutes served on one seat; kept again, the newest count."""
    found, _new = ServiceRecord.objects.update_or_create(
        sign_up=sign_up,
        defaults={
            "volunteer": volunteer,
            "community": community,
            "kind": kind,
            "what": what,
            "where": where,
            "started_at": started_at,
            "ended_at": ended_at,
            "minutes": minutes,
            "needs_confirmation": needs_confirmation,
            "confirmed_by": confirmed_by,
        },
    )
    return found
