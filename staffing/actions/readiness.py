"""The readiness of a call: its plan, and the watch that tells owners of milestones that were missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils.translation import gettext as _

from communities.errors import Invalid
from communities.models import Grant, User
from communities.states import RoleName
from staffing import messages
from staffing.models import CallUp, Milestone, ReadinessPlan
from staffing.queries.readiness import Counts, counts, rule_of
from staffing.rules.readiness import DEFAULTS, light
from staffing.states import Aim, CallStatus, Light, ShiftStatus

OVER_AFTER = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Step:
    """One milestone as a lead sets it. `minutes` before everybody is in place, `limit` in per cent."""

    aim: Aim
    minutes: int
    limit: int = 0
    owner_id: int | None = None
    escalate_to_id: int | None = None
    escalate_minutes: int = 15


@transaction.atomic
def prepare(call: CallUp, *, now: datetime) -> ReadinessPlan:
    """The call's plan, made with the usual milestones when there is none: the contact sees to them."""
    plan, made = ReadinessPlan.objects.get_or_create(call_up=call, defaults={"in_place_by": in_place_by(call)})
    if made:
        above = superior(call, now)
        steps = [Step(one.aim, one.minutes, one.limit, owner(call), above) for one in DEFAULTS]
        write(plan, steps)
    return plan


def in_place_by(call: CallUp) -> datetime:
    first = call.shifts.exclude(status=ShiftStatus.CANCELLED).aggregate(at=Min("starts_at"))["at"]
    return (first or call.starts_at) - timedelta(minutes=call.arrive_minutes)


def owner(call: CallUp) -> int | None:
    return call.contact_id or call.created_by_id


def superior(call: CallUp, now: datetime) -> int | None:
    """Who leads the nearest area above the community."""
    roles = [RoleName.SUBDISTRICT_LEAD, RoleName.DISTRICT_LEAD, RoleName.CITY_COMMAND]
    above = Grant.objects.in_force(now).filter(area__in=call.community.ancestor_ids, role__in=roles)
    return above.order_by("-area__path", "pk").values_list("user_id", flat=True).first()


def leaders(call: CallUp, now: datetime) -> QuerySet[Grant]:
    """The roles held at the community, above it or below it."""
    near = Q(area__in=call.community.ancestor_ids) | Q(area__path__startswith=call.community.path)
    return Grant.objects.in_force(now).filter(near)


def write(plan: ReadinessPlan, steps: Sequence[Step]) -> None:
    Milestone.objects.bulk_create(
        Milestone(
            plan=plan,
            aim=step.aim,
            minutes=step.minutes,
            limit=step.limit,
            owner_id=step.owner_id,
            escalate_to_id=step.escalate_to_id,
            escalate_minutes=step.escalate_minutes,
        )
        for step in steps
    )


@transaction.atomic
def change(call_up_id: int, at: datetime, steps: Sequence[Step], *, by: User, now: datetime) -> ReadinessPlan:
    """Another instant, other milestones. Raises Invalid if the instant is not before the end, or an aim comes twice."""
    call = CallUp.objects.select_for_update(of=("self",), no_key=True).get(pk=call_up_id)
    if at >= call.ends_at:
        raise Invalid(in_place_by=_("This has to be before the end of the call."))
    if len({step.aim for step in steps}) < len(steps):
        raise Invalid(milestones=_("Each aim can be there once."))
    people = {pk for step in steps for pk in (step.owner_id, step.escalate_to_id) if pk}
    if people - set(leaders(call, now).values_list("user_id", flat=True)):
        raise Invalid(milestones=_("Only who holds a role here or above can own a milestone."))
    plan, _made = ReadinessPlan.objects.update_or_create(call_up=call, defaults={"in_place_by": at})
    plan.milestones.all().delete()
    write(plan, steps)
    return plan


def watch(now: datetime) -> int:
    """Tell the owners of missed milestones, once each, and later those above them; returns how many are missed."""
    due = Milestone.objects.filter(
        plan__call_up__status__in=[CallStatus.OPEN, CallStatus.CLOSED],
        plan__in_place_by__gt=now - OVER_AFTER,
        plan__call_up__ends_at__gt=now,
    )
    rows = [row for row in due.select_related("plan__call_up") if row.due <= now]
    found = counts({row.plan.call_up_id for row in rows})
    missed = [row for row in rows if is_red(row, found.get(row.plan.call_up_id, {}), now)]
    messages.behind(missed, now)
    return len(missed)


def is_red(row: Milestone, found: Counts, now: datetime) -> bool:
    count = found.get(Aim(row.aim))
    return count is not None and light(rule_of(row), count, now) is Light.RED
