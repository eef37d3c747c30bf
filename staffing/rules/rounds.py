"""What a round teaches the next one."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Served:
    """A seat: how many people it served (None: not counted), in how many hours, on how many lanes."""

    number: int | None
    hours: Fraction
    lanes: Fraction

    @property
    def lane_hours(self) -> Fraction:
        return self.hours * self.lanes


@dataclass(frozen=True, slots=True)
class Measured:
    """People an hour on one lane, all in, from so many seats."""

    rate: Fraction
    seats: int
    counted: bool


def measure(seats: Iterable[Served], people: Fraction) -> Measured | None:
    """From what was counted at the seats; if nothing was, from `people` who were to be served over all lane hours.

    None if nobody served.
    """
    there = [seat for seat in seats if seat.lane_hours > 0]
    counted = [seat for seat in there if seat.number is not None]
    used, total = counted or there, Fraction(sum(seat.number or 0 for seat in counted)) if counted else people
    time = sum((seat.lane_hours for seat in used), Fraction())
    return Measured(total / time, len(used), bool(counted)) if time and total else None
