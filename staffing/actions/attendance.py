"""Being there: check-in, check-out, no-show, walk-in, and the corrections afterwards."""

from datetime import datetime

from django.db import transaction

from communities.errors import Forbidden, Refused
from communities.models import User
from staffing import messages
from staffing.actions import deputies, offers, seats
from staffing.actions.signups import Entry, sign_up, write
from staffing.locks import lock_signup, lock_volunteers
from staffing.models import Secondment, Shift, SignUp
from staffing.rules.attendance import UNDO, beyond, correctable, is_missing, may_set_out, served, too_early
from staffing.rules.transitions import step
from staffing.states import ShiftStatus, SignUpStatus
from volunteers.actions.records import record
from volunteers.models import ServiceRecord
from volunteers.states import PersonKind


@transaction.atomic
def check_in(signup_id: int, *, by: User, now: datetime, fit: bool = True) -> SignUp:
    """The person is at the place and fit for duty. From 60 minutes before the start to the end.

    Asked again, or from a second device, returns the sign-up as it is. One open check-in per person.
    """
    signup = lock_signup(signup_id)
    if signup.status == SignUpStatus.CHECKED_IN:
        return signup
    if signup.shift.status == ShiftStatus.CANCELLED:
        raise Refused("shift_cancelled")
    if signup.status != SignUpStatus.CONFIRMED:
        raise Refused("invalid_transition", status=signup.status)
    if not fit:
        raise Refused("not_fit")
    if refusal := too_early(now, signup.period.lower, signup.period.upper):
        raise Refused(refusal)
    if SignUp.objects.of(signup.volunteer_id).filter(status=SignUpStatus.CHECKED_IN).exists():
        raise Refused("checked_in_elsewhere")
    write(signup, SignUpStatus.CHECKED_IN, checked_in_at=now, fit_for_duty=True)
    return signup


@transaction.atomic
def undo_check_in(signup_id: int, *, by: User, now: datetime) -> SignUp:
    """A mistaken tap, taken back within ten minutes."""
    signup = lock_signup(signup_id)
    if signup.status == SignUpStatus.CONFIRMED:
        return signup
    if signup.status != SignUpStatus.CHECKED_IN or not signup.checked_in_at or now - signup.checked_in_at > UNDO:
        raise Refused("invalid_transition", status=signup.status)
    write(signup, SignUpStatus.CONFIRMED, checked_in_at=None, fit_for_duty=None)
    return signup


@transaction.atomic
def check_out(
    signup_id: int, *, by: User | None, now: datetime, approver: User | None = None, auto: bool = False
) -> SignUp:
    """The block is over for this person; the minutes become a service record.

    Longer than the block and two hours needs a second person's approval (too_long). Asked again, returns it as it is.
    """
    signup = lock_signup(signup_id)
    if signup.status == SignUpStatus.COMPLETED:
        return signup
    if signup.status != SignUpStatus.CHECKED_IN or not signup.checked_in_at:
        raise Refused("invalid_transition", status=signup.status)
    alone = not auto and (approver is None or approver == by)
    if alone and (minutes := beyond(signup.checked_in_at, now, signup.period.lower, signup.period.upper)):
        raise Refused("too_long", minutes=minutes)
    write(signup, SignUpStatus.COMPLETED, checked_out_at=now, auto_checkout=auto)
    keep(signup, needs_confirmation=auto, confirmed_by=None if alone else approver)
    return signup


def keep(signup: SignUp, *, needs_confirmation: bool = False, confirmed_by: User | None = None) -> None:
    """Write the minutes served into the person's record."""
    shift = Shift.objects.select_related("site__area", "call_up").get(pk=signup.shift_id)
    assert signup.checked_in_at
    assert signup.checked_out_at
    record(
        volunteer=signup.volunteer,
        kind=served_as(signup),
        sign_up=signup.pk,
        community=shift.site.area,
        what=shift.call_up.activity if shift.call_up else shift.site.name,
        where=shift.site.name,
        started_at=signup.checked_in_at,
        ended_at=signup.checked_out_at,
        minutes=served(signup.checked_in_at, signup.checked_out_at),
        needs_confirmation=needs_confirmation,
        confirmed_by=confirmed_by,
    )


def served_as(signup: SignUp) -> str:
    """Hours on duty and hours given freely are never mixed, also of somebody who does both."""
    if signup.secondment_id:
        return PersonKind.SECONDED
    lent = Secondment.objects.active().filter(volunteer=signup.volunteer_id).first()
    return lent.kind_before if lent else signup.volunteer.kind


@transaction.atomic
def mark_no_show(signup_id: int, *, by: User | None, now: datetime) -> SignUp:
    """Not there 15 minutes after the start: the seat is free again. Correctable, and never shown outside."""
    signup = lock_signup(signup_id)
    if signup.status == SignUpStatus.NO_SHOW:
        return signup
    if refusal := step(SignUpStatus(signup.status), SignUpStatus.NO_SHOW, signup.reason):
        raise Refused(refusal)
    if not is_missing(now, signup.period.lower):
        raise Refused("too_early")
    write(signup, SignUpStatus.NO_SHOW)
    messages.withdrawn(signup)
    deputies.freed([signup.pk], now)
    if now < signup.period.upper:
        offers.pass_on(signup, now)
    else:
        seats.give_back(signup)
    return signup


@transaction.atomic
def correct(
    signup_id: int, *, by: User, approver: User, started_at: datetime, ended_at: datetime, now: datetime
) -> SignUp:
    """They were there after all, or left without checking out: a no-show becomes completed within seven days, hours that
    the system closed are set right at any time. With a second approver.
    """
    if by == approver:
        raise Forbidden("same_person")
    signup = lock_signup(signup_id)
    check_correction(signup, started_at, ended_at, now)
    seat = signup.seat_no if signup.status == SignUpStatus.COMPLETED else None
    write(signup, SignUpStatus.COMPLETED, seat_no=seat, checked_in_at=started_at, checked_out_at=ended_at)
    keep(signup, confirmed_by=approver)
    return signup


def check_correction(signup: SignUp, started_at: datetime, ended_at: datetime, now: datetime) -> None:
    """Raises Refused if the no-show, or the hours that nobody has confirmed, cannot be corrected to these."""
    if signup.status != SignUpStatus.NO_SHOW and not unconfirmed(signup):
        raise Refused("invalid_transition", status=signup.status)
    if signup.status == SignUpStatus.NO_SHOW and not correctable(now, signup.period.upper):
        raise Refused("too_late")
    too_long = beyond(started_at, ended_at, signup.period.lower, signup.period.upper)
    if ended_at <= started_at or too_long:
        raise Refused("too_long", minutes=served(started_at, ended_at))


def unconfirmed(signup: SignUp) -> bool:
    """Closed by the system, since nobody checked the person out."""
    return ServiceRecord.objects.filter(sign_up=signup.pk, needs_confirmation=True).exists()


@transaction.atomic
def walk_in(post_id: int, volunteer_id: int, *, by: User, now: datetime) -> SignUp:
    """Somebody turned up unregistered: signed up, confirmed and checked in at once, if a seat is free.

    Who already has a seat here is just checked in.
    """
    lock_volunteers([volunteer_id])
    signup = sign_up(post_id, volunteer_id, now=now, entry=Entry(channel="walk_in", by=by, on_behalf=True))
    if signup.status == SignUpStatus.WAITLISTED:
        raise Refused("full")
    if signup.status == SignUpStatus.SIGNED_UP:
        write(signup, SignUpStatus.CONFIRMED)
    return check_in(signup.pk, by=by, now=now)


@transaction.atomic
def set_out(signup_id: int, *, now: datetime) -> SignUp:
    """The person is on the way; the point leader sees it. Raises Refused earlier than three hours before the start."""
    signup = lock_signup(signup_id)
    if signup.status not in {SignUpStatus.CONFIRMED, SignUpStatus.CHECKED_IN}:
        raise Refused("invalid_transition", status=signup.status)
    if not may_set_out(now, signup.period.lower):
        raise Refused("too_early")
    if signup.on_my_way_at is None:
        write(signup, SignUpStatus(signup.status), on_my_way_at=now)
    messages.heard(signup)
    return signup
