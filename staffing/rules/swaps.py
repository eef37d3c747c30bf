"""When a swap of seats is done at once, when it needs the lead's yes, and how long a proposal stands."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from staffing.rules.signups import Facts, waits_for_approval

LIFE = timedelta(hours=24)


def stands_until(now: datetime, starts: Sequence[datetime]) -> datetime:
    """A proposal is open for a day, and never past the start of what is swapped."""
    return min(now + LIFE, *starts)


def needs_lead(taken: Sequence[Facts]) -> bool:
    """`taken`: who shall stand where, once or both ways. The lead says yes where they confirm people anyway, and where
    a seat would be handed on past people in line.
    """
    past_the_line = len(taken) == 1 and taken[0].place.waiting > 0
    return past_the_line or any(waits_for_approval(facts) for facts in taken)
