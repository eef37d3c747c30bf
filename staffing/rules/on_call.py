"""Outside crews on call: what a duty is, and what they look at."""

from collections.abc import Sequence
from datetime import datetime, timedelta

LONGEST = timedelta(days=14)
MOST_ITEMS = 60


def items(text: str) -> list[str]:
    """What is to be looked at, one a line, each once."""
    return list(dict.fromkeys(line.strip()[:200] for line in text.splitlines() if line.strip()))


def faults(start: datetime, end: datetime, things: Sequence[str], now: datetime) -> dict[str, str]:
    """Per field, the code of what is wrong with a duty; empty if it will do."""
    found = {}
    if end <= start:
        found["end"] = "ends_before_start"
    elif end <= now:
        found["end"] = "in_the_past"
    elif end - start > LONGEST:
        found["end"] = "on_call_too_long"
    if len(things) > MOST_ITEMS:
        found["checklist"] = "too_many_items"
    return found
