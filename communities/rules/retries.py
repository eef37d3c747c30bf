"""When a message that did not get through is tried again, and over which channel (domain.md 5.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15))
MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Again:
    channel: str
    after: timedelta


def again(attempt: int, channel: str, channels: Sequence[str], *, for_good: bool) -> Again | None:
    """After the failed `attempt` (the first is 1): wait longer each time, then change to the next channel.

    `for_good`: this channel will never do, so the next one is tried at once. None: nothing is left to try.
    """
    if attempt >= MOST_ATTEMPTS:
        return None
    following = channels[channels.index(channel) + 1 :] if channel in channels else ()
    if for_good:
        return Again(following[0], timedelta()) if following else None
    if attempt <= len(BACK_OFF):
        return Again(channel, BACK_OFF[attempt - 1])
    return Again(following[0], timedelta()) if following else Again(channel, BACK_OFF[-1])
