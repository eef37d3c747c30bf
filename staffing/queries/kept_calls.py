"""The call that everybody reloads: read once for all who look at that moment, in each process."""

import time
from dataclasses import dataclass, replace
from datetime import datetime

from staffing.queries.call_pages import OpenCall
from staffing.queries.calls import read

SECONDS = 1.5  # how old the numbers of a call may be; everybody reloads this page at once
LATE = 1.5  # how much older while somebody else is counting them anew
KEPT = 500


@dataclass(frozen=True, slots=True)
class Kept:
    at: float
    call: OpenCall
    counted: bool = True


SEEN: dict[str, Kept] = {}
RENEWED: set[str] = set()  # calls that a thread of this process is reading anew


def open_call(slug: str, now: datetime, *, counted: bool = True) -> OpenCall:
    """The call behind a public link, at most SECONDS old. Raises Http404 for an unknown or unpublished one.

    `counted`: with the seats as this process left them. To read a form it does not matter how many are free.
    """
    kept = SEEN.get(slug)
    age = time.monotonic() - kept.at if kept else 0.0
    if not kept or age > SECONDS + LATE or (counted and not kept.counted):
        return renewed(slug, now)
    if age <= SECONDS or slug in RENEWED:
        return kept.call
    RENEWED.add(slug)
    try:
        return renewed(slug, now)
    finally:
        RENEWED.discard(slug)


def renewed(slug: str, now: datetime) -> OpenCall:
    kept = Kept(time.monotonic(), read(slug, now))
    if len(SEEN) > KEPT:
        SEEN.clear()
    SEEN[slug] = kept
    return kept.call


def recount(slug: str) -> None:
    """Seats have just changed by our own hand."""
    if kept := SEEN.get(slug):
        SEEN[slug] = replace(kept, counted=False)


def forget(slug: str) -> None:
    SEEN.pop(slug, None)
