"""A shift gets another time or place: who keeps their seat, who is asked again, and who would be in two places at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from psycopg.types.range import TimestamptzRange

from communities.errors import Busy, Refused
from communities.models import User
from staffing import messages
from staffing.actions import offers
from staffing.actions.shifts import check, hold
from staffing.locks import lock_volunteers
from staffing.models import Post, Shift, SignUp
from staffing.rules.fatigue import Interval
from staffing.rules.shifts import moved_far
from staffing.states import ALIVE, HOLDS_TIME, ShiftStatus, SignUpStatus


@dataclass(frozen=True, slots=True)
class Move:
    """What moving a shift does to its people: who has to say yes again, and who cannot be in both places."""

    keep: tuple[int, ...]
    ask: tuple[int, ...]
    conflict: tuple[int, ...]


@transaction.atomic
def move(
    shift_id: int, *, starts_at: datetime, ends_at: datetime, site: int | None = None, by: User, now: datetime
) -> Move:
    """Another time or place. By more than 30 minutes, or elsewhere, everybody with a seat is asked again, as is
    whoever would now be in two places at once; the rest keep their seats and are told the old and the new.

    Raises Invalid for times that will not do, Refused if the shift is over.
    """
    check(starts_at, ends_at, now)
    lock_volunteers(SignUp.objects.alive().filter(shift_id=shift_id).values_list("volunteer_id", flat=True))
    shift = hold(shift_id)
    if shift.status in {ShiftStatus.CANCELLED, ShiftStatus.FINISHED, ShiftStatus.RUNNING}:
        raise Refused("invalid_transition", status=shift.status)
    effect = foresee(shift, starts_at, ends_at, site)
    old = {"old_start": shift.starts_at.isoformat(), "old_end": shift.ends_at.isoformat(), "old_site": shift.site_id}
    shift.starts_at, shift.ends_at, shift.site_id = starts_at, ends_at, site or shift.site_id
    shift.version += 1
    shift.save(update_fields=["starts_at", "ends_at", "site", "version"])
    Post.objects.filter(shift=shift).update(version=F("version") + 1)
    try:
        rebook(shift, effect, now)
    except IntegrityError as error:  # somebody signed up elsewhere in this very moment
        raise Busy from error
    everybody = SignUp.objects.alive().filter(shift=shift).select_related("volunteer__user")
    messages.changed(everybody, now, version=shift.version, **old)
    return effect


def foresee(shift: Shift, starts_at: datetime, ends_at: datetime, site: int | None) -> Move:
    """The effect of a move, for the lead to see before saving."""
    far = moved_far(shift.starts_at, starts_at, other_place=bool(site and site != shift.site_id))
    new = Interval(starts_at, ends_at)
    held = SignUp.objects.filter(shift=shift, status__in=HOLDS_TIME - {SignUpStatus.CHECKED_IN}).values_list(
        "pk", "volunteer_id"
    )
    busy = busy_people([volunteer for _pk, volunteer in held], shift, new)
    conflict = tuple(pk for pk, volunteer in held if volunteer in busy)
    ask = tuple(pk for pk, _volunteer in held) if far else conflict
    return Move(keep=tuple(pk for pk, _volunteer in held if pk not in ask), ask=ask, conflict=conflict)


def busy_people(volunteers: Sequence[int], shift: Shift, new: Interval) -> set[int]:
    elsewhere = (
        SignUp.objects.holding_time()
        .filter(volunteer_id__in=volunteers, period__overlap=(new.start, new.end))
        .exclude(shift=shift)
    )
    return set(elsewhere.values_list("volunteer_id", flat=True))


def rebook(shift: Shift, effect: Move, now: datetime) -> None:
    period = TimestamptzRange(shift.starts_at, shift.ends_at, "[)")
    answer_by = min(now + offers.CALM, shift.starts_at)
    SignUp.objects.filter(pk__in=effect.ask).update(
        status=SignUpStatus.INVITED, respond_by=answer_by, period=period, changed_at=now
    )
    SignUp.objects.filter(shift=shift, status__in=ALIVE).exclude(pk__in=effect.ask).update(
        period=period, changed_at=now
    )
