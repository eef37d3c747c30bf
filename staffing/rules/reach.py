"""Who can get to a shift, and what a change of zones means for a seat that was given before."""

from collections.abc import Iterable

from communities.errors import Refusal
from communities.rules.reach import Pass, Whereabouts, blocked, needs_approval
from staffing.rules.fatigue import Interval
from staffing.states import SignUpStatus, Verdict
from volunteers.states import PersonKind


def barred(
    kind: PersonKind, home: Whereabouts, place: Whereabouts, passes: Iterable[Pass], when: Interval
) -> Refusal | None:
    """Why the person cannot get there; None if the way is free. Medical teams go in by their own closed loop."""
    if kind is PersonKind.MEDICAL:
        return None
    held = tuple(passes)
    return blocked(home, place, may_enter=opened(held, place, when), may_leave=opened(held, home, when))


def opened(passes: Iterable[Pass], where: Whereabouts, when: Interval) -> bool:
    return any(one.opens(where, when.start, when.end) for one in passes)


def verdict(
    status: SignUpStatus, barrier: Refusal | None, home: Whereabouts, place: Whereabouts, approved: bool
) -> Verdict:
    """People already there are never sent away: if they could not come in now, they may be shut in."""
    if barrier and status is SignUpStatus.CHECKED_IN:
        return Verdict.ON_DUTY
    if barrier:
        return Verdict.CANNOT_LEAVE if barrier.code == "zone_cannot_leave" else Verdict.CANNOT_ENTER
    return Verdict.APPROVE if needs_approval(home, place) and not approved else Verdict.STAYS
