"""Which state may follow which (domain.md 5.1 and 5.2). Everything else is refused and changes nothing."""

from communities.errors import Refusal
from staffing.states import CallStatus as C
from staffing.states import LendingStatus as L
from staffing.states import SecondmentStatus as Lent
from staffing.states import ShiftStatus as Sh
from staffing.states import SignUpStatus as S
from staffing.states import SwapStatus as W

SIGN_UP: dict[S, frozenset[S]] = {
    S.INVITED: frozenset({S.CONFIRMED, S.DECLINED, S.EXPIRED, S.CANCELLED}),
    S.SIGNED_UP: frozenset({S.CONFIRMED, S.DECLINED, S.CANCELLED, S.INVITED}),
    S.WAITLISTED: frozenset({S.SIGNED_UP, S.INVITED, S.CANCELLED}),
    S.CONFIRMED: frozenset({S.INVITED, S.CANCELLED, S.CHECKED_IN, S.NO_SHOW}),
    S.CHECKED_IN: frozenset({S.COMPLETED, S.CONFIRMED}),  # back to confirmed: a mistaken tap, undone at once
    S.NO_SHOW: frozenset({S.COMPLETED}),  # a correction with a second approver
    S.DECLINED: frozenset(),
    S.CANCELLED: frozenset(),
    S.COMPLETED: frozenset(),
    S.EXPIRED: frozenset(),
}
SHIFT: dict[Sh, frozenset[Sh]] = {
    Sh.DRAFT: frozenset({Sh.OPEN, Sh.CANCELLED}),
    Sh.OPEN: frozenset({Sh.CLOSED, Sh.RUNNING, Sh.CANCELLED}),
    Sh.CLOSED: frozenset({Sh.OPEN, Sh.RUNNING, Sh.CANCELLED}),
    Sh.RUNNING: frozenset({Sh.FINISHED, Sh.CANCELLED}),
    Sh.FINISHED: frozenset(),
    Sh.CANCELLED: frozenset(),
}
CALL: dict[C, frozenset[C]] = {
    C.DRAFT: frozenset({C.OPEN, C.CANCELLED}),
    C.OPEN: frozenset({C.CLOSED, C.CANCELLED}),
    C.CLOSED: frozenset({C.OPEN, C.CANCELLED}),
    C.CANCELLED: frozenset(),
}
SWAP: dict[W, frozenset[W]] = {
    W.PROPOSED: frozenset({W.AGREED, W.DONE, W.WITHDRAWN, W.EXPIRED}),
    W.AGREED: frozenset({W.DONE, W.REFUSED, W.WITHDRAWN, W.EXPIRED}),
    W.DONE: frozenset(),
    W.REFUSED: frozenset(),
    W.WITHDRAWN: frozenset(),
    W.EXPIRED: frozenset(),
}
SECONDMENT: dict[Lent, frozenset[Lent]] = {
    Lent.PROPOSED: frozenset({Lent.APPROVED, Lent.ACCEPTED, Lent.ACKNOWLEDGED, Lent.REJECTED, Lent.WITHDRAWN}),
    Lent.APPROVED: frozenset({Lent.ACCEPTED, Lent.ACKNOWLEDGED, Lent.REJECTED, Lent.WITHDRAWN}),
    Lent.ACCEPTED: frozenset({Lent.ACKNOWLEDGED, Lent.REJECTED, Lent.RECALLED, Lent.ENDED}),
    Lent.ACKNOWLEDGED: frozenset({Lent.ACTIVE, Lent.REJECTED, Lent.RECALLED, Lent.ENDED}),
    Lent.ACTIVE: frozenset({Lent.ENDED, Lent.RECALLED}),
    Lent.ENDED: frozenset(),
    Lent.RECALLED: frozenset(),
    Lent.REJECTED: frozenset(),
    Lent.WITHDRAWN: frozenset(),
}
LENDING: dict[L, frozenset[L]] = {
    L.PROPOSED: frozenset({L.AGREED, L.REFUSED, L.WITHDRAWN, L.ENDED}),
    L.AGREED: frozenset({L.ENDED}),
    L.REFUSED: frozenset(),
    L.WITHDRAWN: frozenset(),
    L.ENDED: frozenset(),
}
TABLES: dict[type, dict] = {S: SIGN_UP, Sh: SHIFT, C: CALL, W: SWAP, Lent: SECONDMENT, L: LENDING}  # type: ignore[type-arg]

CANCELLED: dict[type, str] = {S: "sign_up_cancelled", Sh: "shift_cancelled", C: "call_cancelled"}


def step[State: (S, Sh, C, W, Lent, L)](here: State, there: State, why: str = "") -> Refusal | None:
    """Why the step is not allowed; None if it is. `why` a sign-up ended tells whether the whole shift did."""
    if there in TABLES[type(here)][here]:
        return None
    if here != "cancelled":
        return Refusal("invalid_transition", {"status": here})
    return Refusal(why if why == "shift_cancelled" else CANCELLED[type(here)])
