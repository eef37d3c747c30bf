"""Repeating shifts: to other days, or every week."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from communities.errors import Invalid
from communities.models import User
from staffing.actions.shifts import PostPlan, ShiftPlan, create
from staffing.models import Shift
from staffing.phrases import field_error
from staffing.rules.recurrence import shifted, weekly

MOST = 366


def plan_of(shift: Shift) -> ShiftPlan:
    return ShiftPlan(
        site=shift.site_id,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        call_up=shift.call_up_id,
        briefing=shift.briefing,
        briefing_en=shift.briefing_en,
        leader=shift.leader_id,
        deputy=shift.deputy_id,
        override_reason=shift.override_reason,
        posts=[
            PostPlan(post.role_id, post.seats, post.agency_id, tuple(post.person_kinds), post.auto_confirm)
            for post in shift.posts.order_by("pk")
        ],
    )


@transaction.atomic
def copy(
    shift_ids: Sequence[int],
    days: Iterable[date],
    *,
    zone: ZoneInfo,
    by: User,
    now: datetime,
    call_up: int | None = None,
) -> list[Shift]:
    """Draft copies of these shifts on each of the days, without the people. A copy that is there already is not made
    twice. `zone` is the area's; `call_up` puts the copies under another call.
    """
    days = sorted(set(days))
    if len(days) * len(shift_ids) > MOST:
        raise Invalid(days=field_error("too_many_copies"))
    made = []
    for shift in Shift.objects.filter(pk__in=shift_ids).order_by("starts_at", "pk"):
        plan = plan_of(shift)
        for day in days:
            start, end = shifted(shift.starts_at, shift.ends_at, day, zone)
            again = Shift.objects.filter(site_id=plan.site, starts_at=start, ends_at=end).exclude(status="cancelled")
            if not again.exists():
                made.append(
                    create(replace(plan, starts_at=start, ends_at=end, call_up=call_up or plan.call_up), by=by, now=now)
                )
    return made


def repeat_weekly(
    shift_id: int, until: date, weekdays: set[int], *, zone: ZoneInfo, by: User, now: datetime
) -> list[Shift]:
    """The shift again on these weekdays (Monday is 0) up to and with a day, at the same clock time."""
    first = Shift.objects.get(pk=shift_id).starts_at.astimezone(zone).date()
    return copy([shift_id], weekly(first, until, weekdays), zone=zone, by=by, now=now)


def copy_day(
    site_ids: Sequence[int], day: date, to: Iterable[date], *, zone: ZoneInfo, by: User, now: datetime
) -> list[Shift]:
    """A whole day of these sites on other days."""
    start = datetime.combine(day, datetime.min.time(), tzinfo=zone)
    end = datetime.combine(date.fromordinal(day.toordinal() + 1), datetime.min.time(), tzinfo=zone)
    found = Shift.objects.filter(site_id__in=site_ids, starts_at__gte=start, starts_at__lt=end).exclude(
        status="cancelled"
    )
    return copy(list(found.values_list("pk", flat=True)), to, zone=zone, by=by, now=now)
