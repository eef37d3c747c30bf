"""The reserves of a call: people in line anywhere in it who take any post, or any of those they named."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from staffing.models import Post, SignUp
from staffing.states import ALIVE, ShiftStatus, SignUpStatus

TAKES_PEOPLE = {ShiftStatus.OPEN, ShiftStatus.CLOSED}


def reserves_for(post: Post, now: datetime) -> Sequence[int]:
    """The sign-ups that a seat of this post may be offered to beside its own line, the first to come first.

    Nobody is asked twice at once: who has a place on the shift, or an offer for that time, is left out.
    """
    shift = post.shift
    if not shift.call_up_id or shift.status not in TAKES_PEOPLE or shift.starts_at <= now:
        return []
    if post.agency_id or not post.role.counted:
        return []
    named = Q(only_shifts=[]) | Q(only_shifts__contains=[shift.pk])
    named &= Q(only_role=None) | Q(only_role=post.role_id)
    others = SignUp.objects.filter(volunteer=OuterRef("volunteer"), status__in=ALIVE).exclude(pk=OuterRef("pk"))
    asked = Q(status=SignUpStatus.INVITED, period__overlap=(shift.starts_at, shift.ends_at))
    line = SignUp.objects.filter(named, status=SignUpStatus.WAITLISTED, placed=True, shift__call_up=shift.call_up_id)
    line = line.exclude(post=post).exclude(Exists(others.filter(asked | Q(shift=shift))))
    return list(line.order_by("priority", "created_at", "pk").values_list("pk", flat=True))


def in_reserve(call_up_id: int | None) -> bool:
    line = SignUp.objects.filter(status=SignUpStatus.WAITLISTED, placed=True, shift__call_up=call_up_id)
    return call_up_id is not None and line.exists()
