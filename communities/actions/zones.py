"""Setting the level of a zone, by notice: the row before ends, one is added, and whoever serves there is told upwards."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from communities import signals
from communities.errors import Busy, Invalid, Refused
from communities.models import Area, Compound, User, ZonePolicy, ZoneStatus
from communities.states import ZoneReason

BACK_DATING = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Target:
    """What a zone lies over: one compound, or a whole area (静态管理)."""

    compound: int | None = None
    area: int | None = None

    def columns(self) -> dict[str, int]:
        return {"compound_id": self.compound} if self.compound else {"area_id": self.area or 0}


@dataclass(frozen=True, slots=True)
class Decree:
    """What a notice says: the level from an instant on, who issued it, under which number, and why."""

    level: str
    since: datetime
    issuer: str
    notice_no: str
    group: str = ""
    earliest_release_at: datetime | None = None
    reason: str = ZoneReason.NOTICE


def check(decree: Decree, now: datetime) -> ZonePolicy:
    """The policy of the level. Raises Invalid per field."""
    errors = {name: _("This is missing.") for name in ("issuer", "notice_no") if not getattr(decree, name).strip()}
    policy = ZonePolicy.objects.filter(level=decree.level).first()
    if not policy:
        errors["level"] = _("Choose one of the levels.")
    if decree.reason not in list(ZoneReason):
        errors["reason"] = _("Choose one of the reasons in the list.")
    errors |= check_since(decree.since, now)
    if decree.earliest_release_at and decree.earliest_release_at <= decree.since:
        errors["earliest_release_at"] = _("The end has to be after the start.")
    if errors or not policy:
        raise Invalid(**errors)
    return policy


def check_since(since: datetime, now: datetime) -> dict[str, str]:
    return {"since": _("At most 24 hours back.")} if since < now - BACK_DATING else {}


@transaction.atomic
def set_zone(target: Target, decree: Decree, *, by: User, now: datetime) -> ZoneStatus:
    """The place has this level from `decree.since` until the next notice.

    Raises Invalid per field, Refused if a row begins at that instant already or later: history is not rewritten.
    """
    made = enact(target, decree, by=by, now=now)
    signals.zone_changed.send(sender=ZoneStatus, status=made, by=by, now=now)
    return made


def set_level(compound_id: int, decree: Decree, *, by: User, now: datetime) -> ZoneStatus:
    return set_zone(Target(compound=compound_id), decree, by=by, now=now)


def enact(target: Target, decree: Decree, *, by: User, now: datetime) -> ZoneStatus:
    """The rows alone, without telling anybody: for trying out what a decree would do, inside a transaction."""
    policy = check(decree, now)
    hold(target)
    end_current(target, decree.since)
    try:
        with transaction.atomic():
            return ZoneStatus.objects.create(
                **target.columns(),
                level=decree.level,
                valid=TimestamptzRange(decree.since, None, "[)"),
                issuer=decree.issuer.strip(),
                notice_no=decree.notice_no.strip(),
                group=decree.group.strip(),
                reason=decree.reason,
                earliest_release_at=decree.earliest_release_at or earliest(policy, decree.since),
                set_by=by,
            )
    except IntegrityError as error:  # the database has the last word on two rows at one instant
        raise Busy from error


def hold(target: Target) -> None:
    """One change of a place's zone at a time."""
    places: Any = Compound.objects if target.compound else Area.objects
    places.select_for_update(no_key=True).get(pk=target.compound or target.area)


def end_current(target: Target, since: datetime) -> None:
    latest = ZoneStatus.objects.filter(**target.columns()).order_by("valid").last()
    if latest and latest.valid.lower >= since:
        raise Refused("zone_same_instant" if latest.valid.lower == since else "zone_before_current")
    if latest and (latest.valid.upper is None or latest.valid.upper > since):
        latest.valid = TimestamptzRange(latest.valid.lower, since, "[)")
        latest.save(update_fields=["valid"])


def earliest(policy: ZonePolicy, since: datetime) -> datetime | None:
    """When somebody is asked whether it can be released; nothing releases by itself."""
    return since + timedelta(days=policy.release_days) if policy.release_days else None
