"""For how long somebody may be lent, by a unit or by a community."""

from datetime import datetime, timedelta


def unfit(start: datetime, end: datetime, now: datetime, *, longest: timedelta, too_long: str) -> str:
    """What is wrong with a period, as the code of a field's error; "" if nothing is."""
    if end <= start:
        return "ends_before_start"
    if end <= now:
        return "in_the_past"
    return too_long if end - start > longest else ""
