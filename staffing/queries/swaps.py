"""Swaps as their readers see them."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from communities.models import Area, Grant
from communities.states import RoleName
from staffing.models import Post, Shift, SignUp, Swap
from staffing.queries.facts import gather_all
from staffing.queries.tickets import tickets
from staffing.rules.fatigue import Interval
from staffing.rules.signups import still_fit
from staffing.states import ShiftStatus, SwapStatus

WHOLE = (
    "offered__volunteer__user",
    "offered__post__role",
    "offered__shift__site__area",
    "offered__shift__call_up",
    "given__volunteer__user",
    "given__post__role",
    "given__shift__site",
    "wanted__role",
    "wanted__shift__site",
    "partner__user",
)
SHOWN = 200


def whole() -> QuerySet[Swap]:
    """Swaps with everything a page about them needs."""
    return Swap.objects.select_related(*WHOLE)


def standing(signup: SignUp) -> Swap | None:
    """The swap of this seat that is open, else the last there was."""
    rows = whole().filter(Q(offered=signup) | Q(passed_on=signup) | Q(received=signup))
    return rows.order_by("-pk").first()


def to_decide(shift: Shift) -> list[Swap]:
    """The swaps about seats of a shift that wait for the lead, the first to agree first."""
    here = Q(offered__shift=shift) | Q(given__shift=shift)
    return list(whole().filter(here, status=SwapStatus.AGREED).order_by("agreed_at", "pk"))


def wishes(signup: SignUp, now: datetime) -> list[Post]:
    """Posts of the same call with people on them, where the owner of this seat may stand instead; by time and place."""
    shift = signup.shift
    if not shift.call_up_id:
        return []
    found = Post.objects.filter(shift__call_up=shift.call_up_id, shift__starts_at__gt=now, taken__gt=0)
    found = found.filter(shift__status__in=[ShiftStatus.OPEN, ShiftStatus.CLOSED]).exclude(pk=signup.post_id)
    rows = found.select_related("role", "shift__site").order_by("shift__starts_at", "shift__site__no", "pk")[:SHOWN]
    posts = {post.pk: post for post in rows}
    own = Interval(signup.period.lower, signup.period.upper)
    cases = (facts.without(own) for facts in gather_all(list(posts), signup.volunteer_id, now))
    fit = {facts.place.post for facts in cases if not still_fit(facts)}
    return [post for pk, post in posts.items() if pk in fit]


def ticket_of(swap: Swap) -> SignUp:
    """The seat that is offered, with all that a page says about one."""
    return tickets().get(pk=swap.offered_id)


def leads_of(areas: Iterable[Area], now: datetime) -> list[int]:
    """The accounts of those who decide about seats in these areas."""
    above = {pk for area in areas for pk in area.ancestor_ids}
    roles = [RoleName.COMMUNITY_LEAD, RoleName.TASKFORCE_LEAD]
    grants = Grant.objects.in_force(now).filter(role__in=roles, area__in=above)
    return sorted(set(grants.values_list("user_id", flat=True)))
