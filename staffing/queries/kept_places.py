"""Posts as the rules see them, kept for a moment in each process: in a rush everybody wants the same.

What shifts, calls and zones say of a post changes with its version, and a seat is taken of the version that was seen;
how many are taken or wait is read each time. So a yes that is said on what is kept holds when it is written; what a
role asks for and where a site lies may be SECONDS old. A no is said on what is read anew (staffing.queries.facts).
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from communities.queries.prepared import fetch, later
from staffing.queries.facts import MANY, ON_OFFER, THIS, Somebody, around, place_of
from staffing.rules.signups import Facts, Place

SECONDS = 5
KEPT = 500


@dataclass(frozen=True, slots=True)
class Kept:
    at: float
    places: tuple[Place, ...]


SEEN: dict[Any, Kept] = {}

COUNTS = """
    select p.id, p.version, p.taken, p.pledged, p.waiting from staffing_post p where p.id = any(%(posts)s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which posts somebody could be given: one, or those of a call's shifts (none: of all), of one role or of any."""

    post: int | None = None
    call_up: int | None = None
    shifts: tuple[int, ...] = ()
    role: int | None = None

    def read(self, now: datetime) -> list[tuple[Any, ...]]:
        if self.post is not None:
            return fetch(THIS, post=self.post, now=now)
        return fetch(ON_OFFER, call_up=self.call_up, shifts=list(self.shifts), role=self.role, now=now)


def on(asked: Asked, now: datetime) -> tuple[Place, ...]:
    """The posts as they were SECONDS ago at most."""
    found = SEEN.get(asked)
    if not found or time.monotonic() - found.at > SECONDS:
        at = time.monotonic()
        found = Kept(at, tuple(place_of(row) for row in asked.read(now)))
        if len(SEEN) > KEPT:
            SEEN.clear()
        SEEN[asked] = found
    return found.places


def is_published(post_id: int, now: datetime) -> bool:
    """False also if there is no such post, and perhaps a moment longer than it is so."""
    return any(place.published for place in on(Asked(post=post_id), now))


class Counts:
    """How many are on each post now, and of which version it is."""

    def __init__(self, rows: Iterable[Sequence[int]]) -> None:
        self.by_post = {post: (version, tuple(counts)) for post, version, *counts in rows}

    def cases(self, person: Somebody, places: Iterable[Place], now: datetime) -> list[Facts]:
        same = (place for place in places if self.by_post.get(place.post, (None,))[0] == place.version)
        return [Facts(person.at(place), self.counted(place), now) for place in same]

    def counted(self, place: Place) -> Place:
        taken, pledged, waiting = counts = self.by_post[place.post][1]
        if counts == (place.taken, place.pledged, place.waiting):
            return place
        return replace(place, taken=taken, pledged=pledged, waiting=waiting)

    def add(self, place: Place) -> None:
        """Somebody more is there, or in line."""
        seat = bool(place.room)
        self.by_post[place.post] = place.version, (place.taken + seat, place.pledged, place.waiting + (not seat))


def together(
    wanted: Sequence[tuple[int, Sequence[Place]]], now: datetime
) -> Callable[[], tuple[dict[int, Somebody], Counts]]:
    """Each of these people, by id, as the rules of these places see them, and the counts of all the places; within
    `connection.sent_together()`.
    """
    about = around({place.post: place for _volunteer, some in wanted for place in some}.values())
    people = later(MANY, volunteers=[volunteer for volunteer, _some in wanted], **about)
    counts = later(COUNTS, posts=about["posts"])
    return lambda: ({row[0]: Somebody(row, now) for row in people()}, Counts(counts()))
