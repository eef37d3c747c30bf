"""The figures of today, as far as the reader may see: a handful of queries, whatever the number of shifts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from staffing.models import Post, Shift, SignUp
from staffing.states import ShiftStatus, SignUpStatus

COUNTED = [ShiftStatus.OPEN, ShiftStatus.CLOSED, ShiftStatus.RUNNING, ShiftStatus.FINISHED]
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Day:
    """`needed`: seats of today's shifts that are neither drafts nor cancelled; `unconfirmed` and `offers` are those of
    all shifts to come.
    """

    shifts: dict[str, int]
    needed: int
    taken: int
    waiting: int
    checked_in: int
    unconfirmed: int
    offers: int

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.taken)


def bounds(now: datetime) -> tuple[datetime, datetime]:
    """The day in the current time zone."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=1)


def figures(shifts: QuerySet[Shift], now: datetime, days: int = 0) -> Day:
    """Of the shifts on the day that is so many days ahead: three queries."""
    start, end = (moment + timedelta(days=days) for moment in bounds(now))
    today = shifts.filter(starts_at__lt=end, ends_at__gt=start)
    states = dict(today.order_by().values_list("status").annotate(count=Count("pk")))
    seats = Post.objects.filter(shift__in=today.filter(status__in=COUNTED).order_by().values("pk")).aggregate(
        needed=Sum("seats", default=0), taken=Sum("taken", default=0), waiting=Sum("waiting", default=0)
    )
    people = SignUp.objects.filter(shift__in=shifts.filter(ends_at__gt=start).order_by().values("pk")).aggregate(
        checked_in=Count("pk", filter=Q(status=SignUpStatus.CHECKED_IN)),
        unconfirmed=Count("pk", filter=Q(status=SignUpStatus.SIGNED_UP)),
        offers=Count("pk", filter=Q(status=SignUpStatus.INVITED)),
    )
    return Day(states, **seats, **people)


def shortest(shifts: QuerySet[Shift], now: datetime) -> Sequence[Shift]:
    """The shifts from now to the end of tomorrow that still miss people: the next, and of these the emptiest, first."""
    end = bounds(now)[1] + timedelta(days=1)
    soon = shifts.filter(starts_at__lt=end, ends_at__gt=now, status__in=[ShiftStatus.OPEN, ShiftStatus.RUNNING])
    counted = soon.annotate(needed=Sum("posts__seats", default=0), taken=Sum("posts__taken", default=0))
    return list(
        counted.filter(needed__gt=F("taken"))
        .select_related("site")
        .order_by("starts_at", F("taken") - F("needed"), "pk")[:SHOWN]
    )
