"""Setting the level of a compound's zone: the row before ends, one is added, and whoever serves there is told upwards."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from communities import signals
from communities.errors import Invalid, Refused
from communities.models import Compound, User, ZoneStatus
from communities.states import ZoneLevel

BACK_DATING = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Decree:
    """What a notice says: the level from an instant on, who issued it, under which number."""

    level: str
    since: datetime
    issuer: str
    notice_no: str
    group: str = ""
    earliest_release_at: datetime | None = None


def check(decree: Decree, now: datetime) -> None:
    errors = {name: _("This is missing.") for name in ("issuer", "notice_no") if not getattr(decree, name).strip()}
    if decree.level not in list(ZoneLevel):
        errors["level"] = _("Choose one of the levels.")
    if decree.since < now - BACK_DATING:
        errors["since"] = _("At most 24 hours back.")
    if errors:
        raise Invalid(**errors)


@transaction.atomic
def set_level(compound_id: int, decree: Decree, *, by: User, now: datetime) -> ZoneStatus:
    """The compound has this level from `decree.since` until the next notice.

    Raises Invalid per field, Refused if a row begins at that instant already or later: history is not rewritten.
    """
    check(decree, now)
    compound = Compound.objects.select_for_update(no_key=True).get(pk=compound_id)
    latest = ZoneStatus.objects.filter(compound=compound).order_by("valid").last()
    if latest and latest.valid.lower >= decree.since:
        raise Refused("zone_same_instant" if latest.valid.lower == decree.since else "zone_before_current")
    if latest and (latest.valid.upper is None or latest.valid.upper > decree.since):
        latest.valid = (latest.valid.lower, decree.since)
        latest.save(update_fields=["valid"])
    made = ZoneStatus.objects.create(
        compound=compound,
        level=decree.level,
        valid=(decree.since, None),
        issuer=decree.issuer.strip(),
        notice_no=decree.notice_no.strip(),
        group=decree.group,
        earliest_release_at=decree.earliest_release_at,
        set_by=by,
    )
    signals.zone_changed.send(sender=ZoneStatus, compound_id=compound.pk, now=now)
    return made
