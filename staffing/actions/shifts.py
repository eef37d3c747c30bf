"""What a lead does with shifts and posts. Each change bumps the version that a sign-up in flight checks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from communities.errors import Invalid, Refused
from communities.models import User
from staffing import messages
from staffing.actions import deputies, offers, seats
from staffing.actions.attendance import check_out, mark_no_show
from staffing.locks import lock_volunteers, patience
from staffing.messages import deputies as told
from staffing.models import Post, Shift, SignUp
from staffing.phrases import field_error
from staffing.queries.shifts import shift_facts
from staffing.rules.deputies import Charge
from staffing.rules.shifts import AUTO_FINISH, EARLY_START, interval_errors, unready
from staffing.rules.transitions import step
from staffing.states import HOLDS_SEAT, ShiftStatus, SignUpStatus


@dataclass(frozen=True, slots=True)
class PostPlan:
    """What a post shall be. seats: 1 to 500."""

    role: int
    seats: int
    agency: int | None = None
    person_kinds: tuple[str, ...] = ()
    auto_confirm: bool = True


@dataclass(frozen=True, slots=True)
class ShiftPlan:
    """What a shift shall be; times are aware instants."""

    site: int
    starts_at: datetime
    ends_at: datetime
    call_up: int | None = None
    briefing: str = ""
    briefing_en: str = ""
    leader: int | None = None
    deputy: int | None = None
    override_reason: str = ""
    posts: Sequence[PostPlan] = field(default_factory=tuple)


def check(start: datetime, end: datetime, now: datetime) -> None:
    if errors := interval_errors(start, end, now):
        raise Invalid(**{name: field_error(code) for name, code in errors.items()})


def check_seats(number: int) -> None:
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 500:
        raise Invalid(seats=field_error("seats_out_of_range"))


def hold(shift_id: int) -> Shift:
    """The shift, locked; for changing it."""
    with patience():
        return (
            Shift.objects.select_for_update(of=("self",), no_key=True)
            .select_related("call_up", "site__area")
            .get(pk=shift_id)
        )


@transaction.atomic
def create(plan: ShiftPlan, *, by: User, now: datetime) -> Shift:
    """A draft shift with its posts. Raises Invalid per field."""
    check(plan.starts_at, plan.ends_at, now)
    deputies.check(Charge(plan.leader, plan.deputy))
    shift = Shift.objects.create(
        site_id=plan.site,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        call_up_id=plan.call_up,
        briefing=plan.briefing,
        briefing_en=plan.briefing_en,
        leader_id=plan.leader,
        deputy_id=plan.deputy,
        override_reason=plan.override_reason,
        override_by=by if plan.override_reason else None,
        is_demo=by.is_demo,
    )
    for post in plan.posts:
        add_post(shift.pk, post, by=by, now=now)
    return shift


@transaction.atomic
def add_post(shift_id: int, plan: PostPlan, *, by: User, now: datetime) -> Post:
    check_seats(plan.seats)
    if Post.objects.filter(shift_id=shift_id, role_id=plan.role, agency_id=plan.agency).exists():
        raise Refused("post_exists")
    post = Post.objects.create(
        shift_id=shift_id,
        role_id=plan.role,
        agency_id=plan.agency,
        seats=plan.seats,
        person_kinds=list(plan.person_kinds),
        auto_confirm=plan.auto_confirm,
    )
    offers.open_to_reserves(post.shift, now)
    return post


@transaction.atomic
def set_seats(post_id: int, number: int, *, by: User, now: datetime) -> Post:
    """More seats go to those in line first. Fewer than are held (or pledged) is refused, saying how many."""
    check_seats(number)
    offers.hold_reserves(post_id)
    with patience():
        post = Post.objects.select_for_update(no_key=True).get(pk=post_id)
    if number < post.taken + post.pledged:
        raise Refused("seats_below_filled", filled=post.taken + post.pledged, people=holders(post_id))
    Post.objects.filter(pk=post_id).update(seats=number, version=F("version") + 1)
    offers.fill_from_line(post_id, now)
    return Post.objects.get(pk=post_id)


def holders(post_id: int) -> str:
    names = (
        SignUp.objects.holding_seat()
        .filter(post_id=post_id)
        .order_by("seat_no")
        .values_list("volunteer__user__name", flat=True)
    )
    return "、".join(names)


@transaction.atomic
def remove_post(post_id: int, *, by: User, now: datetime) -> None:
    """Take away a post that nobody ever signed up to; in use, it is refused (lower its seats, or cancel the shift)."""
    with patience():
        post = Post.objects.select_for_update().get(pk=post_id)
    if post.sign_ups.exists() or post.pledges.exists():
        raise Refused("in_use")
    post.delete()


@transaction.atomic
def publish(shift_id: int, *, by: User, now: datetime) -> Shift:
    """Draft -> open, once it has all that people must know before they sign up."""
    shift = hold(shift_id)
    if shift.status == ShiftStatus.OPEN:
        return shift
    if found := unready(shift_facts(shift), now):
        raise Refused(found)
    go(shift, ShiftStatus.OPEN)
    told.opened([shift], now)
    offers.open_to_reserves(shift, now)
    return shift


@transaction.atomic
def close(shift_id: int, *, by: User, now: datetime) -> Shift:
    """No new sign-ups; those in line still move up."""
    return go(hold(shift_id), ShiftStatus.CLOSED)


@transaction.atomic
def reopen(shift_id: int, *, by: User, now: datetime) -> Shift:
    return go(hold(shift_id), ShiftStatus.OPEN)


@transaction.atomic
def start(shift_id: int, *, by: User | None, now: datetime) -> Shift:
    """The shift runs: at its start, or by the leader up to 30 minutes early."""
    shift = hold(shift_id)
    if is_before_its_time(shift, now):
        raise Refused("too_early")
    return go(shift, ShiftStatus.RUNNING)


def is_before_its_time(shift: Shift, now: datetime) -> bool:
    return now < shift.starts_at - EARLY_START


def may_start(shift: Shift, now: datetime) -> bool:
    """Whether `start` would make it run now, as the board offers it."""
    return not step(ShiftStatus(shift.status), ShiftStatus.RUNNING) and not is_before_its_time(shift, now)


@transaction.atomic
def finish(shift_id: int, *, by: User | None, now: datetime) -> Shift:
    """The shift is over: who is still checked in is checked out by the system, and who never came is a no-show."""
    shift = hold(shift_id)
    if shift.status == ShiftStatus.FINISHED:
        return shift
    if refusal := step(ShiftStatus(shift.status), ShiftStatus.FINISHED):
        raise Refused(refusal)
    close_attendance(shift, by=by, now=now)
    return go(shift, ShiftStatus.FINISHED)


def close_attendance(shift: Shift, *, by: User | None, now: datetime) -> None:
    lock_volunteers(SignUp.objects.alive().filter(shift=shift).values_list("volunteer_id", flat=True))
    for signup in SignUp.objects.alive().filter(shift=shift).order_by("volunteer_id"):
        match signup.status:
            case SignUpStatus.CHECKED_IN:
                check_out(
                    signup.pk,
                    by=by,
                    now=min(now, shift.ends_at)
                    if signup.checked_in_at and signup.checked_in_at < shift.ends_at
                    else now,
                    auto=True,
                )
            case SignUpStatus.CONFIRMED if now >= shift.ends_at:
                mark_no_show(signup.pk, by=by, now=now)
            case _:
                lapse(signup)


def lapse(signup: SignUp) -> None:
    """An offer, a place in line or an unconfirmed seat of a shift that is over, and of which nothing came."""
    held = signup.status in HOLDS_SEAT
    signup.status = SignUpStatus.EXPIRED if signup.status == SignUpStatus.INVITED else SignUpStatus.CANCELLED
    signup.reason = "shift_over"
    signup.save(update_fields=["status", "reason", "changed_at"])
    if held:
        seats.give_back(signup)
    else:
        seats.leave_line(signup.post_id)


def go(shift: Shift, status: ShiftStatus, **fields: Any) -> Shift:
    """Move a locked shift to a state; what was read of it before no longer counts. Raises Refused if it may not."""
    if shift.status == status:
        return shift
    if refusal := step(ShiftStatus(shift.status), status):
        raise Refused(refusal)
    for name, value in fields.items():
        setattr(shift, name, value)
    shift.status, shift.version = status, shift.version + 1
    shift.save(update_fields=["status", "version", *fields])
    Post.objects.filter(shift=shift).update(version=F("version") + 1)
    return shift


@dataclass(frozen=True, slots=True)
class Consequences:
    """What cancelling would do, in numbers: people told by state; those already there are only shown to the lead."""

    seats: int = 0
    waiting: int = 0
    here: int = 0

    @property
    def told(self) -> int:
        return self.seats + self.waiting


def consequences(shift_ids: Iterable[int]) -> Consequences:
    found = SignUp.objects.alive().filter(shift_id__in=list(shift_ids)).values_list("status", "volunteer_id")
    here = {volunteer for status, volunteer in found if status == SignUpStatus.CHECKED_IN}
    waiting = {volunteer for status, volunteer in found if status == SignUpStatus.WAITLISTED}
    seated = {volunteer for status, volunteer in found} - waiting - here
    return Consequences(seats=len(seated), waiting=len(waiting - seated), here=len(here))


@transaction.atomic
def cancel(shift_ids: Sequence[int], *, by: User, now: datetime, reason: str) -> Consequences:
    """Cancel these shifts for everybody: each person is told once, and what was to be sent about them is not.

    People already checked in keep their check-in; the lead sees them. Cancelling again changes nothing.
    """
    if not reason.strip():
        raise Invalid(reason=field_error("reason_missing"))
    lock_volunteers(SignUp.objects.alive().filter(shift_id__in=shift_ids).values_list("volunteer_id", flat=True))
    done = consequences(shift_ids)
    for shift_id in sorted(shift_ids):
        shift = hold(shift_id)
        if shift.status != ShiftStatus.CANCELLED:
            go(shift, ShiftStatus.CANCELLED, cancel_reason=reason[:200])
    affected = signups_held(shift_ids)
    SignUp.objects.filter(pk__in=[signup.pk for signup in affected]).update(
        status=SignUpStatus.CANCELLED, reason="shift_cancelled", changed_at=now
    )
    for signup in affected:
        signup.status = SignUpStatus.CANCELLED
    recount(shift_ids)
    messages.cancelled(affected, now)
    return done


def signups_held(shift_ids: Sequence[int]) -> list[SignUp]:
    """The sign-ups of these shifts that can still be ended, locked."""
    found = SignUp.objects.alive().filter(shift_id__in=shift_ids).exclude(status=SignUpStatus.CHECKED_IN)
    with patience():
        return list(found.select_for_update(of=("self",), no_key=True).select_related("volunteer__user").order_by("pk"))


def recount(shift_ids: Sequence[int]) -> None:
    """After everybody but those already there has gone: nobody waits, and only they hold seats."""
    for post in Post.objects.filter(shift_id__in=shift_ids):
        held = set(SignUp.objects.filling_seat().filter(post=post).values_list("seat_no", flat=True))
        free = [number for number in range(1, post.seats_given + 1) if number not in held]
        Post.objects.filter(pk=post.pk).update(taken=len(held), waiting=0, pledged=0, free_seats=free)


def advance(now: datetime) -> dict[str, int]:
    """What the clock does: shifts start at their start and finish two hours after their end."""
    starting = Shift.objects.filter(
        status__in=[ShiftStatus.OPEN, ShiftStatus.CLOSED], starts_at__lte=now, ends_at__gt=now
    )
    ending = Shift.objects.filter(status=ShiftStatus.RUNNING, ends_at__lte=now - AUTO_FINISH)
    missed = Shift.objects.filter(status__in=[ShiftStatus.OPEN, ShiftStatus.CLOSED], ends_at__lte=now)
    counts = {"started": 0, "finished": 0}
    for shift_id in [*starting.values_list("pk", flat=True), *missed.values_list("pk", flat=True)]:
        start(shift_id, by=None, now=now)
        counts["started"] += 1
    for shift_id in ending.values_list("pk", flat=True):
        finish(shift_id, by=None, now=now)
        counts["finished"] += 1
    return counts
