"""Things handed out on a shift: what somebody is to be given, what may be taken back, and when a stock is low."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from communities.errors import Refusal
from staffing.states import SignUpStatus

MOST = 99  # of one thing to one person on one shift


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing, and who is to have it: everybody, those of risky roles, or those of some roles."""

    id: int
    each: int
    everybody: bool
    risky: bool
    roles: frozenset[int]

    def is_for(self, role: int, *, risky: bool) -> bool:
        return self.everybody or (self.risky and risky) or role in self.roles


def asked_for(things: Iterable[Thing], role: int, *, risky: bool) -> list[Thing]:
    """What a post of the role asks for, in the order of the things."""
    return [thing for thing in things if thing.is_for(role, risky=risky)]


@dataclass(frozen=True, slots=True)
class Count:
    """Of one thing to one person: handed out in all, and of these back in order, back damaged, and lost."""

    number: int = 0
    good: int = 0
    damaged: int = 0
    lost: int = 0

    @property
    def settled(self) -> int:
        return self.good + self.damaged + self.lost

    @property
    def left(self) -> int:
        """Neither back nor lost."""
        return self.number - self.settled

    def all_back(self) -> Self:
        """What is left came back in order."""
        return type(self)(self.number, self.good + self.left, self.damaged, self.lost)

    def all_lost(self) -> Self:
        return type(self)(self.number, self.good, self.damaged, self.lost + self.left)


def refusals(status: SignUpStatus, before: Count, after: Count) -> list[Refusal]:
    """Every reason why it cannot become so: more goes only to who is there, and no more comes back than went out."""
    found = []
    if after.number > before.number and status != SignUpStatus.CHECKED_IN:
        found.append(Refusal("not_checked_in"))
    if after.left < 0:
        found.append(Refusal("more_than_handed_out", {"count": after.number}))
    return found


def taken_from_stock(before: Count, after: Count) -> int:
    """By how many the stock falls; negative: by how many it rises. Damaged and lost things do not come back to it."""
    return (after.number - after.good) - (before.number - before.good)


def runs_low(before: int, after: int, low: int | None) -> bool:
    """The stock has just come down to the mark or below."""
    return low is not None and after <= low < before


def readable(count: Count) -> bool:
    """Whole numbers from nothing to the most."""
    numbers = (count.number, count.good, count.damaged, count.lost)
    return all(not isinstance(one, bool) and 0 <= one <= MOST for one in numbers)
