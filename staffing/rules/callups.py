"""Whether a call still looks for people, and how often they may be asked for it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from communities.errors import Refusal
from staffing.states import CallStatus

PAUSE = timedelta(hours=2)
MOST = 2  # times that it is sent again


def is_over(status: str, ends_at: datetime, now: datetime) -> bool:
    """It looks for nobody any more."""
    return status in (CallStatus.CLOSED, CallStatus.CANCELLED) or now >= ends_at


def too_often(asked: Sequence[datetime], again: int, now: datetime) -> Refusal | None:
    """Why those who have not answered may not be asked now; `asked`: when it was sent, `again`: how often since."""
    if not asked:
        return Refusal("nobody_asked")
    if again >= MOST:
        return Refusal("asked_enough")
    return Refusal("asked_recently") if now < max(asked) + PAUSE else None
