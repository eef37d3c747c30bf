"""What of staffing a user may see, and what they may run. Every door loads its rows through these.

An outsider does not find the row at all (404); who sees it but may not act is told so (403). See `load`.
"""

from datetime import datetime, timedelta

from django.db.models import Model, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from communities.access import May, Visitor, below, organisation_paths, within
from communities.errors import Forbidden
from communities.models import User
from staffing.models import CallUp, Pledge, Post, Shift, SignUp
from staffing.states import CallStatus, ShiftStatus

LEADER_BEFORE = timedelta(hours=2)
LEADER_AFTER = timedelta(hours=12)
NOBODY = Q(pk__in=[])


def load[Row: Model](visible: QuerySet[Row], allowed: QuerySet[Row], **key: object) -> Row:
    """The one row that is in both. Raises Http404 if it is not visible, Forbidden if it is only that."""
    row = get_object_or_404(visible, **key)
    if not allowed.filter(pk=row.pk).exists():
        raise Forbidden
    return row


def led_by(user: Visitor, prefix: str = "", *, now: datetime | None = None) -> Q:
    """Shifts the user leads, from two hours before the start to twelve hours after the end."""
    if not isinstance(user, User):
        return NOBODY
    now = now or timezone.now()
    window = {"starts_at__lte": now + LEADER_BEFORE, "ends_at__gt": now - LEADER_AFTER, "leader": user}
    return Q(**{f"{prefix}{name}": value for name, value in window.items()})


def own(user: Visitor) -> Q:
    return Q(volunteer__user=user) if isinstance(user, User) else NOBODY


def calls_visible_to(user: Visitor) -> QuerySet[CallUp]:
    """The calls of one's own areas, drafts included. (What everybody may read of a published call is its page.)"""
    return CallUp.objects.filter(within(user, May.SEE, "community") | within(user, May.RUN, "community"))


def calls_run_by(user: Visitor) -> QuerySet[CallUp]:
    return CallUp.objects.filter(within(user, May.RUN, "community"))


def shifts_visible_to(user: Visitor) -> QuerySet[Shift]:
    return Shift.objects.filter(within(user, May.SEE, "site__area") | led_by(user))


def shifts_run_by(user: Visitor) -> QuerySet[Shift]:
    return Shift.objects.filter(within(user, May.RUN, "site__area"))


def boards_of(user: Visitor, *, now: datetime | None = None) -> QuerySet[Shift]:
    """The shifts whose attendance the user may take."""
    return Shift.objects.filter(within(user, May.CHECK_IN, "site__area") | led_by(user, now=now))


def signups_visible_to(user: Visitor) -> QuerySet[SignUp]:
    """One's own, those of areas where one may see names, and those of a shift one leads."""
    return SignUp.objects.filter(own(user) | within(user, May.NAMES, "shift__site__area") | led_by(user, "shift__"))


def signups_run_by(user: Visitor) -> QuerySet[SignUp]:
    """Those the user may confirm, decline, move and cancel as a lead."""
    return SignUp.objects.filter(within(user, May.RUN, "shift__site__area"))


def attendance_of(user: Visitor, *, now: datetime | None = None) -> QuerySet[SignUp]:
    """Those whose attendance the user may take."""
    here = within(user, May.CHECK_IN, "shift__site__area") | led_by(user, "shift__", now=now)
    return SignUp.objects.filter(here)


def pledges_visible_to(user: Visitor) -> QuerySet[Pledge]:
    """The promises of one's own organisation, and those made to one's own areas."""
    return Pledge.objects.filter(pledged_by(user) | within(user, May.SEE, "post__shift__site__area"))


def pledges_run_by(user: Visitor) -> QuerySet[Pledge]:
    """Those the user may name people on: for their organisation, or as the lead who was given the list."""
    return Pledge.objects.filter(pledged_by(user) | within(user, May.RUN, "post__shift__site__area"))


def pledged_by(user: Visitor) -> Q:
    return below(organisation_paths(user, May.PLEDGE), "organisation__path")


def published(prefix: str = "") -> Q:
    """Shifts that everybody may read: not drafts, nor under a call that still is one."""
    return ~Q(**{f"{prefix}status": ShiftStatus.DRAFT}) & ~Q(**{f"{prefix}call_up__status": CallStatus.DRAFT})


def calls_read_by(user: Visitor) -> QuerySet[CallUp]:
    """Published calls, and the drafts of one's own areas."""
    mine = within(user, May.SEE, "community") | within(user, May.RUN, "community")
    return CallUp.objects.filter(mine | ~Q(status=CallStatus.DRAFT))


def shifts_read_by(user: Visitor) -> QuerySet[Shift]:
    """Published shifts, and the drafts of one's own areas."""
    return Shift.objects.filter(within(user, May.SEE, "site__area") | led_by(user) | published())


def posts_read_by(user: Visitor) -> QuerySet[Post]:
    mine = within(user, May.SEE, "shift__site__area") | led_by(user, "shift__")
    return Post.objects.filter(mine | published("shift__"))


def posts_run_by(user: Visitor) -> QuerySet[Post]:
    return Post.objects.filter(within(user, May.RUN, "shift__site__area"))


def boards_with(user: Visitor) -> QuerySet[Post]:
    """The posts whose walk-ins the user may take."""
    return Post.objects.filter(within(user, May.CHECK_IN, "shift__site__area") | led_by(user, "shift__"))
