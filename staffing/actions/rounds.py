"""Many shifts at once, and what their people are told before they start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from communities.errors import Refused
from communities.models import User
from staffing.actions import shifts
from staffing.actions.seats import bump
from staffing.models import Shift
from staffing.states import ShiftStatus


@transaction.atomic
def create_all(plans: Sequence[shifts.ShiftPlan], *, by: User, now: datetime) -> list[Shift]:
    """Draft shifts at all these sites, or none: 17 points in one go."""
    return [shifts.create(plan, by=by, now=now) for plan in plans]


@dataclass(frozen=True, slots=True)
class Brief:
    """Who leads a shift, what people hear before they start, and why the block may be longer than usual."""

    leader: int | None = None
    briefing: str = ""
    briefing_en: str = ""
    override_reason: str = ""


@transaction.atomic
def brief(shift_id: int, words: Brief, *, by: User, now: datetime) -> Shift:
    """Change these on a shift that is not over. Nobody has to say yes again for it."""
    shift = shifts.hold(shift_id)
    if shift.status in {ShiftStatus.FINISHED, ShiftStatus.CANCELLED}:
        raise Refused("invalid_transition", status=shift.status)
    if words.override_reason != shift.override_reason:
        shift.override_by = by if words.override_reason else None
    shift.leader_id, shift.override_reason = words.leader, words.override_reason
    shift.briefing, shift.briefing_en = words.briefing, words.briefing_en
    shift.save(update_fields=["leader", "briefing", "briefing_en", "override_reason", "override_by"])
    bump([shift.pk], now)
    return shift
