"""How often people may be asked for one call."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from communities.errors import Refusal

PAUSE = timedelta(hours=2)
MOST = 2  # times that it is sent again


def too_often(asked: Sequence[datetime], again: int, now: datetime) -> Refusal | None:
    """Why those who have not answered may not be asked now; `asked`: when it was sent, `again`: how often since."""
    if not asked:
        return Refusal("nobody_asked")
    if again >= MOST:
        return Refusal("asked_enough")
    return Refusal("asked_recently") if now < max(asked) + PAUSE else None
