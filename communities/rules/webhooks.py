"""How long another system is told again what it has not taken, and when it is not told any more."""

from datetime import datetime, timedelta

WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=8),
    timedelta(hours=8),
)  # a day, all in all
SPREAD = 0.2  # of a wait at random, so that what failed together does not come back together
REST = timedelta(minutes=1)  # for a receiver that does not answer
HOPELESS = timedelta(days=3)
FORMER_SIGNS = timedelta(days=1)


def again(attempt: int, chance: float) -> timedelta | None:
    """How long to wait after the failed `attempt` (the first is 1), with `chance` from 0 to 1; None: it is given up."""
    return WAITS[attempt - 1] * (1 + SPREAD * chance) if attempt <= len(WAITS) else None


def hopeless(failing_since: datetime | None, now: datetime) -> bool:
    """Nothing but failures for three days."""
    return failing_since is not None and now - failing_since >= HOPELESS


def kind_of(noun: str, state: str) -> str:
    """sign-up.confirmed"""
    return f"{noun}.{state.replace('_', '-')}"
