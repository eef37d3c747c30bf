"""Lending people between communities: for how long, in which order of steps, and whether somebody can help there."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from communities.errors import Refusal
from staffing.rules.signups import Facts, refusals

LONGEST = timedelta(days=3)


def nearest(cases: Iterable[Facts]) -> Sequence[Refusal]:
    """Empty if some seat there welcomes the person, by the rules of every sign-up; else every reason of the nearest miss."""
    found = [refusals(facts) for facts in cases]
    return min(found, key=len, default=[Refusal("no_open_post")])


def against(cases: Iterable[Facts], *, is_theirs: bool, lent: bool, seats_kept: int) -> list[Refusal]:
    """Every reason against lending the person.

    `is_theirs`: known to the giving community. `lent`: to a third one then. `seats_kept`: seats they hold at home then.
    """
    found = []
    if not is_theirs:
        found.append(Refusal("not_of_the_community"))
    if lent:
        found.append(Refusal("already_lent"))
    if seats_kept:
        found.append(Refusal("needed_at_home", {"seats": seats_kept}))
    return [*found, *nearest(cases)]
