"""Teams, task forces, the notes of their leads, and joint posts."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from communities.access import May, Visitor, areas, below, organisation_paths, within
from communities.models import Area, Grant, User
from staffing.access.shifts import shifts_visible_to
from staffing.access.whose import NOBODY, led_by
from staffing.models import Extension, HandOver, Post, Posting, Secondment, Shift, SignUp, TaskForce, Team, TeamMember
from staffing.states import Duty


def teams_visible_to(user: Visitor) -> QuerySet[Team]:
    return Team.objects.filter(within(user, May.NAMES, "area"))


def teams_run_by(user: Visitor) -> QuerySet[Team]:
    return Team.objects.filter(within(user, May.RUN, "area"))


def members_visible_to(user: Visitor) -> QuerySet[TeamMember]:
    return TeamMember.objects.filter(within(user, May.NAMES, "area"))


def members_run_by(user: Visitor) -> QuerySet[TeamMember]:
    return TeamMember.objects.filter(within(user, May.RUN, "area"))


def headed_by(user: Visitor, now: datetime | None = None, prefix: str = "") -> Q:
    """The task forces that the user leads or deputises in while they last, and all below them."""
    if not isinstance(user, User):
        return NOBODY
    mine = Posting.objects.present().filter(user=user, duty__in=[Duty.LEAD, Duty.DEPUTY])
    going = mine.filter(task_force__period__contains=now or timezone.now())
    return below(going.values_list("task_force__path", flat=True), f"{prefix}path")


def task_forces_visible_to(user: Visitor) -> Any:
    return TaskForce.objects.filter(within(user, May.SEE, "area"))


def task_forces_founded_by(user: Visitor) -> QuerySet[TaskForce]:
    """Those of areas that the user commands: they name the lead, agree to more time, end it."""
    return TaskForce.objects.filter(within(user, May.COMMAND, "area"))


def task_forces_led_by(user: Visitor) -> QuerySet[TaskForce]:
    """Those whose duties the user may give: as the one above, or as lead or deputy of it or of one above it."""
    return TaskForce.objects.filter(within(user, May.COMMAND, "area") | headed_by(user))


def task_forces_for(user: Visitor, area: Area, now: datetime) -> QuerySet[TaskForce]:
    """Those that go on over the area or above it, for its teams."""
    found: QuerySet[TaskForce] = task_forces_visible_to(user).going(now).filter(area__in=area.ancestor_ids)
    return found


def task_forces_of(user: Visitor) -> QuerySet[TaskForce]:
    """Those the user has led or deputised in; for the note they owe at its end."""
    if not isinstance(user, User):
        return TaskForce.objects.none()
    heads = Posting.objects.filter(user=user, duty__in=[Duty.LEAD, Duty.DEPUTY])
    return TaskForce.objects.filter(pk__in=heads.values("task_force"))


def colleagues_of(force: TaskForce, now: datetime) -> QuerySet[User]:
    """Accounts that could have a duty in it: with a role here, above or below, or on duty here."""
    here = Grant.objects.in_force(now).filter(
        Q(area__in=force.area.ancestor_ids) | Q(area__path__startswith=force.area.path)
    )
    lent = Secondment.objects.active().filter(area__path__startswith=force.area.path)
    found = Q(pk__in=here.values("user")) | Q(pk__in=lent.values("volunteer__user"))
    return User.objects.filter(found, is_active=True).exclude(name="").order_by("name", "pk")


def postings_visible_to(user: Visitor) -> QuerySet[Posting]:
    mine = Q(user=user) if isinstance(user, User) else NOBODY
    return Posting.objects.filter(within(user, May.SEE, "task_force__area") | mine)


def postings_ended_by(user: Visitor) -> QuerySet[Posting]:
    """One's own, and those that the user may give."""
    mine = Q(user=user) if isinstance(user, User) else NOBODY
    above = within(user, May.COMMAND, "task_force__area") | headed_by(user, prefix="task_force__")
    return Posting.objects.filter(mine | above)


def extensions_visible_to(user: Visitor) -> QuerySet[Extension]:
    return Extension.objects.filter(within(user, May.SEE, "task_force__area"))


def extensions_answered_by(user: Visitor) -> QuerySet[Extension]:
    return Extension.objects.filter(within(user, May.COMMAND, "task_force__area"))


def hand_overs_visible_to(user: Visitor) -> QuerySet[HandOver]:
    """One's own; those of shifts whose attendance one may take, and of the shift before; of task forces one may see."""
    mine = Q(written_by=user) if isinstance(user, User) else NOBODY
    here = within(user, May.CHECK_IN, "shift__site__area") | led_by(user, "shift__")
    of_site = Q(shift__site__in=Shift.objects.filter(led_by(user)).values("site"))
    force = within(user, May.RUN, "task_force__area") | within(user, May.COMMAND, "task_force__area")
    return HandOver.objects.filter(mine | here | of_site | force)


def areas_commanded_by(user: Visitor) -> QuerySet[Area]:
    return areas(user, May.COMMAND)


def areas_whose_past_is_known_to(user: Visitor) -> QuerySet[Area]:
    """Where the user may ask who could see what on a day."""
    return areas(user, May.HISTORY)


def joint_posts_visible_to(user: Visitor) -> QuerySet[Post]:
    """The agencies' seats of shifts one may see, and of shifts where one's own agency has seats."""
    shared = Post.objects.filter(below(organisation_paths(user, May.PLEDGE), "agency__path")).values("shift")
    here = Q(shift__in=shifts_visible_to(user).values("pk")) | Q(shift__in=shared)
    return Post.objects.filter(here, agency__isnull=False)


def joint_posts_filled_by(user: Visitor) -> QuerySet[Post]:
    """The seats of one's own agency."""
    return Post.objects.filter(below(organisation_paths(user, May.PLEDGE), "agency__path"))


def joint_seats_visible_to(user: Visitor) -> QuerySet[SignUp]:
    """One's own agency's people on its seats; of others' seats only the numbers are known."""
    return SignUp.objects.filter(below(organisation_paths(user, May.PLEDGE), "post__agency__path"))
