"""Instants and minutes of being there."""

from datetime import datetime, timedelta

from communities.errors import Refusal

EARLY = timedelta(minutes=60)
CHANGE = timedelta(minutes=30)  # before the end, when the next crew should be on its way
LONGER = 120  # minutes beyond the block that one person may sign for
SET_OUT = timedelta(hours=3)  # before the start, from when on somebody can be on the way
UNDO = timedelta(minutes=10)
NO_SHOW_AFTER = timedelta(minutes=15)
CORRECTION = timedelta(days=7)
GOOD_FOR = timedelta(days=1)  # after which the first of two persons' word lapses


def too_early(now: datetime, start: datetime, end: datetime) -> Refusal | None:
    """Check-in is open from 60 minutes before the start until the end."""
    if now < start - EARLY:
        return Refusal("too_early")
    return Refusal("past") if now >= end else None


def may_set_out(now: datetime, start: datetime) -> bool:
    return now >= start - SET_OUT


def is_missing(now: datetime, start: datetime) -> bool:
    """Long enough after the start to say that somebody has not come."""
    return now >= start + NO_SHOW_AFTER


def correctable(now: datetime, end: datetime) -> bool:
    """Somebody marked as not there can be said to have been, for seven days after the block."""
    return now <= end + CORRECTION


def lapsed(now: datetime, proposed_at: datetime) -> bool:
    """The second person's yes comes too late."""
    return now >= proposed_at + GOOD_FOR


def to_change(now: datetime, end: datetime) -> bool:
    """Whoever is still on duty is to be relieved: from 30 minutes before the end of the block on."""
    return now >= end - CHANGE


def served(start: datetime, end: datetime) -> int:
    """Whole minutes from one instant to another, whatever midnight or clock change lies between."""
    return max(0, int((end - start).total_seconds() // 60))


def beyond(came: datetime, left: datetime, start: datetime, end: datetime) -> int:
    """The minutes served, if they are more than the block and two hours; else 0."""
    minutes = served(came, left)
    return minutes if minutes > served(start, end) + LONGER else 0
