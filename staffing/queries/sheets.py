"""Gate sheets: per point and block, who is expected."""

from collections import defaultdict
from dataclasses import dataclass, field

from staffing.models import CallUp, Post, Shift, SignUp
from staffing.queries.gaps import shifts_of
from staffing.states import HOLDS_TIME


@dataclass(slots=True)
class Sheet:
    shift: Shift
    people: list[SignUp] = field(default_factory=list)
    free: list[Post] = field(default_factory=list)


def sheets(call: CallUp) -> list[Sheet]:
    """Three queries for any number of points, in the order of sites and hours."""
    found = {shift.pk: Sheet(shift) for shift in shifts_of(call).select_related("site__compound", "leader", "deputy").order_by(
        "site__compound_id", "site__no", "site_id", "starts_at"
    )}  # fmt: skip
    people = SignUp.objects.filter(shift__in=found, status__in=HOLDS_TIME).select_related(
        "volunteer__user", "volunteer__residence", "post__role"
    )
    for signup in people.order_by("post__role_id", "seat_no"):
        found[signup.shift_id].people.append(signup)
    free: dict[int, list[Post]] = defaultdict(list)
    for post in Post.objects.filter(shift__in=found).select_related("role").order_by("role_id"):
        if post.missing:
            free[post.shift_id].append(post)
    for pk, sheet in found.items():
        sheet.free = free[pk]
    return list(found.values())
