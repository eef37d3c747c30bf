"""Instants and minutes of being there."""

from datetime import datetime, timedelta

from communities.errors import Refusal

EARLY = timedelta(minutes=60)


def too_early(now: datetime, start: datetime, end: datetime) -> Refusal | None:
    """Check-in is open from 60 minutes before the start until the end."""
    if now < start - EARLY:
        return Refusal("too_early")
    return Refusal("past") if now >= end else None


def served(start: datetime, end: datetime) -> int:
    """Whole minutes from one instant to another, whatever midnight or clock change lies between."""
    return max(0, int((end - start).total_seconds() // 60))
