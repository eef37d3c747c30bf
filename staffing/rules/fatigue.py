"""Rest and fatigue (domain.md 2.2): hard limits, which a lead may override with a reason that stays.

A *duty* is a chain of blocks less than two hours apart, counted as one. A *run* is a chain of blocks without a break.
Sources of the defaults: Burgess 2007 and PRC Labour Law 36 (8 h a day), EU 2003/88/EC (11 h rest), PRC Labour Law 38
(a day off after six), rotation of 2-4 h for samplers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from communities.errors import Refusal


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Half-open [start, end)."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Interval") -> bool:
        return self.start < other.end and other.start < self.end

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Limits:
    duty: timedelta = timedelta(hours=8)
    rest: timedelta = timedelta(hours=11)
    joined: timedelta = timedelta(hours=2)
    pause: timedelta = timedelta(minutes=30)
    days_in_a_row: int = 6


DEFAULT = Limits()


def chains(blocks: Iterable[Interval], gap: timedelta) -> list[list[Interval]]:
    """The blocks in order, cut wherever the pause to the next is at least `gap`."""
    found: list[list[Interval]] = []
    for block in sorted(blocks):
        if found and block.start - found[-1][-1].end < gap:
            found[-1].append(block)
        else:
            found.append([block])
    return found


def worked(chain: Sequence[Interval]) -> timedelta:
    return sum((block.length for block in chain), timedelta())


def longest_row(days: Iterable[date], through: date) -> int:
    """How many consecutive days, `through` among them, are worked."""
    taken, count = set(days) | {through}, 1
    for step in (-1, 1):
        day = through + timedelta(days=step)
        while day in taken:
            count, day = count + 1, day + timedelta(days=step)
    return count


def strains(
    new: Interval,
    others: Sequence[Interval],
    zone: ZoneInfo,
    *,
    max_block: timedelta | None = None,
    limits: Limits = DEFAULT,
) -> list[Refusal]:
    """Every rest rule that adding the block would break. `max_block` None: the rotation has been overridden."""
    blocks = [*others, new]
    duties = chains(blocks, limits.joined)
    here = next(index for index, duty in enumerate(duties) if new in duty)
    duty, found = duties[here], []
    if worked(duty) > limits.duty:
        found.append(Refusal("duty_too_long", {"hours": hours(worked(duty)), "limit": hours(limits.duty)}))
    neighbours = duties[max(0, here - 1) : here + 2]
    if any(later[0].start - earlier[-1].end < limits.rest for earlier, later in pairwise(neighbours)):
        found.append(Refusal("too_little_rest", {"limit": hours(limits.rest)}))
    run = next(chain for chain in chains(blocks, limits.pause) if new in chain)
    if max_block is not None and len(run) > 1 and worked(run) > max_block:
        found.append(Refusal("rotation", {"hours": hours(worked(run)), "limit": hours(max_block)}))
    days = {block.start.astimezone(zone).date() for block in others}
    if longest_row(days, new.start.astimezone(zone).date()) > limits.days_in_a_row:
        found.append(Refusal("too_many_days", {"limit": limits.days_in_a_row}))
    return found


def hours(length: timedelta) -> str:
    return f"{round(length.total_seconds() / 3600, 2):g}"


@dataclass(frozen=True, slots=True)
class Breach:
    """A rest rule that somebody's blocks break: from when to when, and the minutes or days it came to."""

    code: str
    start: datetime
    end: datetime
    value: int


def breaches(blocks: Sequence[Interval], zone: ZoneInfo, limits: Limits = DEFAULT) -> list[Breach]:
    """Duties that are too long, too little rest between two, and too many days in a row; by their start."""
    duties = chains(blocks, limits.joined)
    found = [
        Breach("duty_too_long", duty[0].start, duty[-1].end, minutes(worked(duty)))
        for duty in duties
        if worked(duty) > limits.duty
    ]
    for earlier, later in pairwise(duties):
        rest = later[0].start - earlier[-1].end
        if rest < limits.rest:
            found.append(Breach("too_little_rest", earlier[-1].end, later[0].start, minutes(rest)))
    found += [
        Breach("too_many_days", row[0].start, row[-1].end, length)
        for row, length in rows_of_days(sorted(blocks), zone)
        if length > limits.days_in_a_row
    ]
    return sorted(found, key=lambda breach: (breach.start, breach.code))


def rows_of_days(blocks: Iterable[Interval], zone: ZoneInfo) -> list[tuple[list[Interval], int]]:
    """Blocks that begin on consecutive days, with how many days those are."""
    found: list[tuple[list[Interval], int]] = []
    last: date | None = None
    for block in blocks:
        day = block.start.astimezone(zone).date()
        if last and day - last <= timedelta(days=1):
            row, length = found[-1]
            found[-1] = ([*row, block], length + (day - last).days)
        else:
            found.append(([block], 1))
        last = day
    return found


def minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)
