"""What a lead does with a call: write it, publish it, close it, cancel it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from communities.errors import Invalid, Refused
from communities.models import User
from staffing.actions import readiness, shifts
from staffing.locks import patience
from staffing.models import CallUp, Post, Shift
from staffing.phrases import field_error
from staffing.queries.shifts import shift_facts
from staffing.rules.shifts import unready
from staffing.rules.transitions import step
from staffing.states import CallStatus, ShiftStatus

MOST_ON_STANDBY = 500
OVER = [ShiftStatus.CANCELLED, ShiftStatus.FINISHED]


@dataclass(frozen=True, slots=True)
class CallPlan:
    """What a call says. Times are aware instants; risks and protection one a line."""

    title: str
    activity: str
    starts_at: datetime
    ends_at: datetime
    title_en: str = ""
    activity_en: str = ""
    text: str = ""
    text_en: str = ""
    risks: str = ""
    risks_en: str = ""
    protection: str = ""
    protection_en: str = ""
    insured: bool = False
    bring: str = ""
    bring_en: str = ""
    sign_up_from: datetime | None = None
    sign_up_until: datetime | None = None
    arrive_minutes: int = 20
    urgent: bool = False
    contact_id: int | None = None
    issuer: str = ""
    organisation_id: int | None = None
    standby: int = 0


def check(plan: CallPlan) -> None:
    errors = {name: field_error("missing") for name in ("title", "activity") if not getattr(plan, name).strip()}
    if plan.ends_at <= plan.starts_at:
        errors["ends_at"] = field_error("ends_before_start")
    if plan.sign_up_from and plan.sign_up_from >= min(plan.ends_at, plan.sign_up_until or plan.ends_at):
        errors["sign_up_from"] = field_error("opens_too_late")
    if not 0 <= plan.standby <= MOST_ON_STANDBY:
        errors["standby"] = _("From 0 to %(most)s.") % {"most": MOST_ON_STANDBY}
    if errors:
        raise Invalid(**errors)


def hold(call_up_id: int) -> CallUp:
    with patience():
        return CallUp.objects.select_for_update(of=("self",), no_key=True).get(pk=call_up_id)


@transaction.atomic
def create(community_id: int, plan: CallPlan, *, by: User, now: datetime) -> CallUp:
    return write(community_id, plan, by=by)


def write(community_id: int, plan: CallPlan, *, by: User, **fields: Any) -> CallUp:
    check(plan)
    return CallUp.objects.create(community_id=community_id, created_by=by, is_demo=by.is_demo, **asdict(plan), **fields)


@transaction.atomic
def edit(call_up_id: int, plan: CallPlan, *, by: User, now: datetime) -> CallUp:
    """Other words or another window. What a sign-up must not overlook bumps the posts' version."""
    check(plan)
    call = hold(call_up_id)
    for name, value in asdict(plan).items():
        setattr(call, name, value)
    call.save()
    bump(call)
    return call


def bump(call: CallUp) -> None:
    Post.objects.filter(shift__call_up=call).update(version=F("version") + 1)


def shifts_of(call: CallUp, *statuses: str) -> list[int]:
    return list(Shift.objects.filter(call_up=call, status__in=statuses).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def publish(call_up_id: int, *, by: User, now: datetime) -> CallUp:
    """Open the call and all its draft shifts. Raises Refused with everything that is missing, once each."""
    call = hold(call_up_id)
    drafts = Shift.objects.filter(call_up=call, status=ShiftStatus.DRAFT).select_related("call_up")
    found = {refusal.code: refusal for shift in drafts for refusal in unready(shift_facts(shift), now)}
    if found:
        raise Refused(list(found.values()))
    if not drafts and not call.shifts.exclude(status__in=OVER).exists():
        raise Refused("no_posts")
    for shift_id in shifts_of(call, ShiftStatus.DRAFT):
        shifts.publish(shift_id, by=by, now=now)
    readiness.prepare(call, now=now)
    return call if call.status == CallStatus.OPEN else go(call, CallStatus.OPEN, published_at=call.published_at or now)


def go(call: CallUp, status: CallStatus, **fields: Any) -> CallUp:
    if call.status == status:
        return call
    if refusal := step(CallStatus(call.status), status):
        raise Refused(refusal)
    call.status = status
    for name, value in fields.items():
        setattr(call, name, value)
    call.save(update_fields=["status", *fields])
    bump(call)
    return call


@transaction.atomic
def close(call_up_id: int, *, by: User, now: datetime) -> CallUp:
    """No new sign-ups; those in line still move up."""
    return go(hold(call_up_id), CallStatus.CLOSED)


@transaction.atomic
def reopen(call_up_id: int, *, by: User, now: datetime) -> CallUp:
    return go(hold(call_up_id), CallStatus.OPEN)


def cancelling(call: CallUp) -> shifts.Consequences:
    """What cancelling the whole call would do, in numbers."""
    return shifts.consequences(call.shifts.exclude(status__in=OVER).values_list("pk", flat=True))


@transaction.atomic
def cancel(call_up_id: int, *, by: User, now: datetime, reason: str) -> shifts.Consequences:
    """Cancel the call and every shift of it that is not over; each person is told once."""
    call = CallUp.objects.get(pk=call_up_id)
    alive: Sequence[int] = shifts_of(call, *(set(ShiftStatus) - set(OVER)))
    done = shifts.cancel(alive, by=by, now=now, reason=reason)
    go(hold(call_up_id), CallStatus.CANCELLED)
    return done
