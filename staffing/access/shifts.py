"""Calls, shifts, posts, sign-ups, swaps and promises."""

from datetime import datetime

from django.db.models import Q, QuerySet

from communities.access import May, Visitor, below, organisation_paths, within
from communities.models import User
from staffing.access.whose import led_by, own
from staffing.models import (
    CallUp,
    Pledge,
    Post,
    Shift,
    SignUp,
    Swap,
)
from staffing.states import CallStatus, ShiftStatus


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


def pledges_owed_to(user: Visitor) -> QuerySet[Pledge]:
    """Those whose names the user may ask for, as who runs the place."""
    return Pledge.objects.filter(within(user, May.RUN, "post__shift__site__area"))


def pledged_by(user: Visitor) -> Q:
    return below(organisation_paths(user, May.PLEDGE), "organisation__path")


def posts_asking(user: Visitor) -> QuerySet[Post]:
    """Posts that ask one's organisation for people: seats of its own, and calls addressed to it or to a body above it."""
    paths = organisation_paths(user, May.PLEDGE)
    above = {int(part) for path in paths for part in path.strip("/").split("/")}
    addressed = Q(agency=None) & (
        Q(shift__call_up__organisation__in=above) | below(paths, "shift__call_up__organisation__path")
    )
    return Post.objects.filter(below(paths, "agency__path") | addressed).filter(published("shift__"))


def swaps_of(user: Visitor) -> QuerySet[Swap]:
    """Those one has proposed or agreed to."""
    if not isinstance(user, User):
        return Swap.objects.none()
    return Swap.objects.filter(Q(offered__volunteer__user=user) | Q(partner__user=user))


def swaps_visible_to(user: Visitor) -> QuerySet[Swap]:
    """One's own, and those about seats where one may see names."""
    here = within(user, May.NAMES, "offered__shift__site__area") | within(user, May.NAMES, "given__shift__site__area")
    return swaps_of(user) | Swap.objects.filter(here)


def swaps_run_by(user: Visitor) -> QuerySet[Swap]:
    """Those the user may decide about: every seat in them is theirs to give."""
    theirs = Q(given=None) | within(user, May.RUN, "given__shift__site__area")
    return Swap.objects.filter(within(user, May.RUN, "offered__shift__site__area") & theirs)


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
