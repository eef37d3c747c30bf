"""Lending people between communities: for how long, in which order of steps, and whether somebody can help there."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from communities.errors import Refusal
from staffing.rules.signups import Facts, refusals
from staffing.states import LendingStatus as L

LONGEST = timedelta(days=3)
STEPS: dict[L, frozenset[L]] = {
    L.PROPOSED: frozenset({L.AGREED, L.REFUSED, L.WITHDRAWN, L.ENDED}),
    L.AGREED: frozenset({L.ENDED}),
    L.REFUSED: frozenset(),
    L.WITHDRAWN: frozenset(),
    L.ENDED: frozenset(),
}


def step(here: L, there: L) -> Refusal | None:
    """Why the step is not allowed; None if it is."""
    return None if there in STEPS[here] else Refusal("invalid_transition", {"status": here})


def unfit_period(start: datetime, end: datetime, now: datetime) -> str:
    """What is wrong with a period, as the code of a field's error; "" if nothing is."""
    if end <= start:
        return "ends_before_start"
    if end <= now:
        return "in_the_past"
    return "lending_too_long" if end - start > LONGEST else ""


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
