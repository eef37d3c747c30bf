"""Supplies: who may bring what, and which step may follow which (domain.md 5.7)."""

from dataclasses import dataclass

from communities.errors import Refusal
from staffing.states import SUPPLY_OVER
from staffing.states import SupplyStatus as S

NEXT: dict[S, frozenset[S]] = {
    S.OPEN: frozenset({S.MATCHED, S.CANCELLED}),
    S.MATCHED: frozenset({S.OPEN, S.DELIVERING, S.CANCELLED}),
    S.DELIVERING: frozenset({S.OPEN, S.DELIVERED, S.CANCELLED}),
    S.DELIVERED: frozenset(),
    S.CANCELLED: frozenset(),
}
CARRY = 10  # requests one person brings at a time


def step(here: S, there: S) -> Refusal | None:
    """Why the step is not allowed; None if it is."""
    return None if there in NEXT[here] else Refusal("supply_is_over" if here in SUPPLY_OVER else "supply_step")


@dataclass(frozen=True, slots=True)
class Carrier:
    """Somebody who would bring things. `on_duty`: with a sure seat at a supply station of that area about now."""

    on_duty: bool
    carrying: int


def refusals(carrier: Carrier) -> list[Refusal]:
    """Every reason why this person may not take one more; empty means welcome."""
    found = [
        Refusal("not_at_the_station") if not carrier.on_duty else None,
        Refusal("enough_to_carry", {"limit": CARRY}) if carrier.carrying >= CARRY else None,
    ]
    return [refusal for refusal in found if refusal]


def changeable(here: S) -> Refusal | None:
    """A need changes until it is met."""
    return Refusal("supply_is_over") if here in SUPPLY_OVER else None
