"""Where somebody is needed most."""

from collections.abc import Iterable

from staffing.rules.signups import Facts, refusals
from volunteers.rules.qualifications import lacking


def need(facts: Facts) -> tuple[bool, float, float, int, int]:
    """Smaller is more needed: a free seat first, then what the person is good at, then the emptiest post.

    Among full posts the shortest line comes first, then what the person is good at. Ties go to the earlier post.
    """
    place = facts.place
    unskilled = len(lacking(place.prefers, facts.person.held, place.day)) if place.prefers else 0
    if place.room == 0:
        return True, place.waiting, unskilled, 0, place.post
    return False, unskilled, (place.taken + place.pledged) / place.seats, -place.room, place.post


def best(cases: Iterable[Facts]) -> Facts | None:
    """The case to choose among the posts that welcome the person; None if none does."""
    return next((facts for facts in sorted(cases, key=need) if not refusals(facts)), None)
