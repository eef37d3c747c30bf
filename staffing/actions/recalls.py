"""Somebody who was lent goes back before the end: nobody disappears silently.

The seats that start after the recall takes effect are opened again at once, so that those in line and the reserves are
asked in time; what runs or starts before is still served.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from psycopg.types.range import TimestamptzRange

from communities.errors import Refused
from communities.models import User
from staffing import messages
from staffing.actions.secondments import close, hold, not_oneself, write
from staffing.actions.signups import end
from staffing.locks import lock_reserves, lock_signup
from staffing.messages import secondments as told
from staffing.models import Secondment, SignUp
from staffing.queries.secondments import seats_after
from staffing.rules.secondments import takes_effect
from staffing.states import SECONDMENT_BINDS, SecondmentStatus, SignUpStatus


def to_cover(secondment_ids: Sequence[int], now: datetime, *, urgent: bool) -> list[SignUp]:
    """The seats that a recall would leave open, the first first."""
    rows = Secondment.objects.filter(pk__in=secondment_ids)
    return [seat for row in rows for seat in seats_after([row.pk], takes_effect(now, row.period.upper, urgent=urgent))]


@transaction.atomic
def recall(secondment_id: int, *, by: User, now: datetime, urgent: bool = False) -> Secondment:
    """The unit needs the person back: in 24 hours, or at once if it is urgent. Recalled again, returns it as it is,
    unless it has become urgent.
    """
    found = hold(secondment_id)
    not_oneself(found, by)
    if found.status == SecondmentStatus.RECALLED or (found.recalled_at and not urgent):
        return found
    if found.status not in SECONDMENT_BINDS:
        raise Refused("invalid_transition", status=found.status)
    write(found, recalled_by=by, recalled_at=now, urgent=urgent)
    return leave(found, takes_effect(now, found.period.upper, urgent=urgent), now, SecondmentStatus.RECALLED)


@transaction.atomic
def send_back(secondment_id: int, *, by: User, now: datetime) -> Secondment:
    """The community does not need the person any more; the running block is still theirs."""
    found = hold(secondment_id)
    not_oneself(found, by)
    if found.status == SecondmentStatus.ENDED:
        return found
    if found.status not in SECONDMENT_BINDS:
        raise Refused("invalid_transition", status=found.status)
    return leave(found, now, now, SecondmentStatus.ENDED)


@transaction.atomic
def lapse(secondment_id: int, now: datetime) -> Secondment:
    """The unit has not confirmed in time somebody who reported in on the spot."""
    found = hold(secondment_id)
    if found.approved_at or not found.confirm_by or found.confirm_by > now:
        return found
    write(found, reason="unconfirmed")
    if found.status not in SECONDMENT_BINDS:
        told.over([found], now)
        return close(found, SecondmentStatus.WITHDRAWN, now)
    return leave(found, now, now, SecondmentStatus.ENDED)


def leave(found: Secondment, at: datetime, now: datetime, status: SecondmentStatus) -> Secondment:
    """From `at` on the person is not there; who has not begun, or goes now, is gone at once."""
    opened = reopen(seats_after([found.pk], at), now)
    lower, not_begun = found.period.lower, at <= found.period.lower
    if not not_begun:
        write(found, period=TimestamptzRange(lower, at, "[)"))
    told.leaving(found, opened, at, now)
    return close(found, status, now) if not_begun or at <= now else found


def reopen(seats: Iterable[SignUp], now: datetime) -> list[SignUp]:
    """Those in line, then the reserves, are asked; each seat whose holder goes is told to its holder once."""
    seats = list(seats)
    for call in sorted({seat.shift.call_up_id for seat in seats if seat.shift.call_up_id}):
        lock_reserves(call)
    opened = [lock_signup(seat.pk) for seat in seats]
    for signup in opened:
        end(signup, SignUpStatus.CANCELLED, now, reason="secondment_recalled")
    messages.cancelled(opened, now)
    return opened
