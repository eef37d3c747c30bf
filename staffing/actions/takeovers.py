"""Somebody above takes over a board: with a reason, for some hours, by a grant that ends by itself (domain.md S45)."""

from datetime import datetime, timedelta

from django.db import transaction
from psycopg.types.range import TimestamptzRange

from communities.access import May, area_paths
from communities.actions import grants
from communities.errors import Forbidden, Invalid, Refused
from communities.models import Area, Grant, User
from communities.states import RoleName
from staffing.locks import patience
from staffing.messages import takeovers as told
from staffing.models import Takeover
from staffing.phrases import field_error
from staffing.rules.takeovers import against


@transaction.atomic
def take_over(area_id: int, hours: float, reason: str, *, by: User, now: datetime) -> Takeover:
    """From now on `by` runs the community's board, beside its own lead, who is told why. Taken again by the same person,
    returns it as it is. Raises Invalid(reason=…), or Refused: not below them, for too long, or taken by somebody else.
    """
    if not reason.strip():
        raise Invalid(reason=field_error("reason_missing"))
    area = hold(area_id)
    if found := Takeover.objects.in_force(now).filter(area=area).select_related("user").first():
        if found.user_id == by.pk:
            return found
        raise Refused("board_taken", who=found.user.name)
    if reasons := against(area.path, area_paths(by, May.COMMAND), timedelta(hours=hours)):
        raise Refused(reasons)
    ends_at = now + timedelta(hours=hours)
    grant = Grant.objects.create(
        user=by, role=RoleName.ACTING_LEAD, area=area, starts_at=now, ends_at=ends_at, given_by=by
    )
    period = TimestamptzRange(now, ends_at, "[)")
    made = Takeover.objects.create(area=area, user=by, grant=grant, reason=reason.strip()[:200], period=period)
    told.taken(made, now)
    return made


def hold(area_id: int) -> Area:
    """Two who take over the same board come one after the other."""
    with patience():
        return Area.objects.select_for_update(no_key=True).get(pk=area_id)


@transaction.atomic
def give_back(takeover_id: int, *, by: User, now: datetime) -> Takeover:
    """The board is the community's alone again. Given back again, returns it as it is. Raises Forbidden to others."""
    with patience():
        found = Takeover.objects.select_for_update(of=("self",), no_key=True).select_related("area").get(pk=takeover_id)
    if found.user_id != by.pk:
        raise Forbidden
    if found.returned_at or found.period.upper <= now:
        return found
    grants.end(found.grant_id, by=by, now=now)
    found.period, found.returned_at = TimestamptzRange(found.period.lower, now, "[)"), now
    found.save(update_fields=["period", "returned_at"])
    told.returned(found, now)
    return found
