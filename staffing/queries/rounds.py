"""What a round leaves behind: how fast its lanes were, and who would come again."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction

from django.db.models import Count

from staffing.models import DemandPlan, Post, SignUp
from staffing.queries.plans import norm_in, places_of, previous
from staffing.rules.norms import Norm
from staffing.rules.rounds import Measured, Served, measure
from staffing.states import Basis, ShiftStatus
from volunteers.models import ServiceRecord


def lanes_each(norm: Norm) -> dict[str, Fraction]:
    """For each role that stands on lanes: how many lanes one of them serves."""
    own = [rule for rule in norm.rules if rule.basis is Basis.LANE and rule.counts]
    return {rule.role: Fraction(rule.per, rule.quantity) for rule in own}


def measured(plan: DemandPlan) -> Measured | None:
    """From what was counted at the seats on lanes, else from the attendance of the first role on them."""
    norm = norm_in(plan)
    lanes = lanes_each(norm)
    if plan.call_up_id is None or not lanes:
        return None
    people = sum(place.residents for place in places_of(plan)) * (1 - norm.home_share)
    return measure(served(plan.call_up_id, lanes), people)


def served(call_up: int, lanes: dict[str, Fraction]) -> Iterable[Served]:
    first = next(iter(lanes))
    rows = SignUp.objects.filter(shift__call_up=call_up, post__role__slug__in=lanes)
    found = list(rows.values_list("pk", "post__role__slug", "work_count__number"))
    records = ServiceRecord.objects.filter(sign_up__in=[pk for pk, _role, _number in found])
    minutes = dict(records.values_list("sign_up", "minutes"))
    for pk, role, number in found:
        if number is not None or role == first:
            yield Served(number, Fraction(minutes.get(pk, 0), 60), lanes[role])


def said_again(call_ids: Iterable[int | None]) -> dict[int, int]:
    """How many people of each of these calls said that they would come again."""
    rows = SignUp.objects.filter(shift__call_up__in=[pk for pk in call_ids if pk], coming_again__isnull=False)
    return dict(rows.values_list("shift__call_up").annotate(people=Count("volunteer", distinct=True)))


def returners(plan: DemandPlan) -> list[tuple[SignUp, int | None]]:
    """Who said after the round before that they would come again, and the post like theirs in this round's call."""
    before = previous(plan.round)
    old = getattr(before, "plan", None)
    if not old or not old.call_up_id or not plan.call_up_id:
        return []
    said = SignUp.objects.filter(shift__call_up=old.call_up_id, coming_again__isnull=False)
    posts = posts_by_place(plan.call_up_id)
    rows = said.select_related("post", "shift", "volunteer__user").order_by("coming_again__said_at", "pk")
    later = plan.starts_at - old.starts_at
    return [(signup, like(posts[signup.shift.site_id, signup.post.role_id], signup, later)) for signup in rows]


def posts_by_place(call_up: int) -> dict[tuple[int, int], list[Post]]:
    found = defaultdict(list)
    rows = Post.objects.filter(shift__call_up=call_up).exclude(shift__status=ShiftStatus.CANCELLED)
    for post in rows.select_related("shift").order_by("shift__starts_at", "pk"):
        found[post.shift.site_id, post.role_id].append(post)
    return found


def like(posts: Iterable[Post], signup: SignUp, later: timedelta) -> int | None:
    """Of the posts of the role at the site, the one nearest to the old hour."""
    hour = signup.shift.starts_at + later
    nearest = min(posts, key=lambda post: abs(post.shift.starts_at - hour), default=None)
    return nearest.pk if nearest else None
