"""Whether somebody can be erased now: their own wish counts at once, but not over other people's heads."""

from dataclasses import dataclass

from communities.errors import Refusal


@dataclass(frozen=True, slots=True)
class Ties:
    """What still holds a person: `seats` are coming ones, which are given back first."""

    seats: int = 0
    here_now: bool = False
    roles: int = 0
    lent: bool = False
    ride: bool = False
    homes: int = 0


def refusals(ties: Ties) -> list[Refusal]:
    """Every reason why not yet; empty means that the identity may go."""
    found = []
    if ties.here_now:
        found.append(Refusal("still_on_duty"))
    if ties.roles:
        found.append(Refusal("holds_a_role", {"roles": ties.roles}))
    if ties.lent:
        found.append(Refusal("lent_by_a_unit"))
    if ties.ride:
        found.append(Refusal("ride_to_finish"))
    if ties.homes:
        found.append(Refusal("homes_to_see_to", {"homes": ties.homes}))
    return found
