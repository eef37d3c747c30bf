"""Where somebody is needed most."""

from collections.abc import Sequence

from staffing.rules.signups import Facts
from volunteers.rules.qualifications import lacking


def need(facts: Facts) -> tuple[bool, int, float, int, int]:
    """Smaller is more needed: a free seat first, then what the person is good at, then the emptiest post.

    Full posts are ordered by the length of their waitlist. Ties go to the earlier post.
    """
    place = facts.place
    full = place.room == 0
    unskilled = len(lacking(place.prefers, facts.person.held, place.day))
    filled = place.waiting if full else (place.taken + place.pledged) / place.seats
    return full, unskilled, filled, -place.room, place.post


def best(cases: Sequence[Facts]) -> Facts:
    """The case to choose among posts that all welcome the person."""
    return min(cases, key=need)
