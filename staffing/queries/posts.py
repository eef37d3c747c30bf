"""Posts of a call."""

from collections.abc import Sequence

from staffing.models import Post
from staffing.states import ShiftStatus


def open_posts(call_up_id: int, shifts: Sequence[int] = (), role: int | None = None) -> list[int]:
    """The ids of the posts that a sign-up to the call could be placed on, of one role or of any."""
    found = Post.objects.filter(
        shift__call_up_id=call_up_id, shift__status=ShiftStatus.OPEN, role__counted=True, agency=None
    )
    if role:
        found = found.filter(role_id=role)
    return list((found.filter(shift_id__in=shifts) if shifts else found).order_by("pk").values_list("pk", flat=True))
