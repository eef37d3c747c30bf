"""Who is in charge of a shift, and who is once somebody cannot come: a lead seat needs a named deputy (domain.md S74)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Charge:
    """The accounts of who leads a shift and who stands in."""

    leader: int | None = None
    deputy: int | None = None


def without(charge: Charge, gone: int, *, led_by_seat: bool = False) -> Charge:
    """Who is in charge once this person is not coming any more.

    `led_by_seat`: they held the shift's last lead seat, so that whoever stands in leads, if nobody was named to.
    """
    if charge.leader == gone or (led_by_seat and charge.leader is None and charge.deputy not in (None, gone)):
        return Charge(charge.deputy)
    return Charge(charge.leader) if charge.deputy == gone else charge
