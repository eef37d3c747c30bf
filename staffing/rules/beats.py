"""Beats: how much work a stairwell is, how stairwells are dealt to people, and while when somebody holds one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from staffing.rules.doors import TRIES
from staffing.states import SURE, SignUpStatus

# One person does 60 doors of buildings with a lift in a block of 195 minutes, 36 in two old stairwells of six storeys
# without one (domain.md 2.2): so a door is 195 s, and a floor that has to be climbed on each of three tries 156 s.
PER_DOOR = 195
PER_FLOOR = 156
BEFORE, AFTER = timedelta(hours=1), timedelta(hours=2)
ON_IT = frozenset({SignUpStatus.CONFIRMED, SignUpStatus.CHECKED_IN})


@dataclass(frozen=True, slots=True)
class Stairs:
    """One entrance of a building."""

    entrance: int
    doors: int
    storeys: int
    has_lift: bool

    @property
    def climbed(self) -> int:
        """Floors above the ground that have to be climbed on each try."""
        return 0 if self.has_lift else max(0, self.storeys - 1)

    @property
    def seconds(self) -> int:
        """doors x 195 s + 3 tries x floors climbed x 156 s."""
        return self.doors * PER_DOOR + TRIES * self.climbed * PER_FLOOR


def load(stairs: Iterable[Stairs]) -> int:
    """The work of a beat, in whole minutes."""
    return round(sum(one.seconds for one in stairs) / 60)


def deal(stairs: Sequence[Stairs], beats: int) -> list[Sequence[Stairs]]:
    """Neighbouring entrances together, at most so many beats, the heaviest as light as it can be."""
    if not stairs:
        return []
    light, heavy = max(one.seconds for one in stairs), sum(one.seconds for one in stairs)
    while light < heavy:
        middle = (light + heavy) // 2
        light, heavy = (light, middle) if len(cut(stairs, middle)) <= beats else (middle + 1, heavy)
    return cut(stairs, heavy)


def cut(stairs: Sequence[Stairs], most: int) -> list[Sequence[Stairs]]:
    """The row cut where the next entrance would be too much."""
    found: list[list[Stairs]] = [[]]
    filled = 0
    for one in stairs:
        if found[-1] and filled + one.seconds > most:
            found.append([])
            filled = 0
        found[-1].append(one)
        filled += one.seconds
    return [list(beat) for beat in found]


@dataclass(frozen=True, slots=True)
class Holding:
    """A seat's time with a beat: given, taken back, and what has become of the seat. `changed_at` of the seat."""

    since: datetime
    until: datetime | None
    starts_at: datetime
    ends_at: datetime
    status: SignUpStatus
    changed_at: datetime

    @property
    def opens(self) -> datetime:
        return max(self.since, self.starts_at - BEFORE)

    @property
    def shuts(self) -> datetime:
        return min(self.until or self.ends_at + AFTER, self.ends_at + AFTER)


def sees(holding: Holding, now: datetime) -> bool:
    """The doors are on this person's phone: from an hour before their shift to two hours after, while it is theirs."""
    return holding.status in ON_IT and holding.opens <= now < holding.shuts


def made_while(holding: Holding, at: datetime) -> bool:
    """A tap of that moment counts, however late it arrives: the beat was theirs then."""
    kept = holding.status in SURE or at < holding.changed_at
    return kept and holding.opens <= at < holding.shuts
