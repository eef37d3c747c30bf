"""Which shifts of a call a wished time means."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import NamedTuple

PARTS = {
    "early": (time(4), time(9)),
    "morning": (time(5), time(12)),
    "afternoon": (time(11, 30), time(18)),
    "evening": (time(17), time(22)),
    "night": (time(20), time(5)),
}


class Block(NamedTuple):
    """A shift, with its ends as clocks of the area."""

    shift: int
    start: datetime
    end: datetime


def shifts_at(wish: str | None, blocks: Sequence[Block]) -> list[int] | None:
    """The shifts that begin in the wished part of the day, or lie in the wished hours; all if nothing is wished.

    None if the call has none at that time.
    """
    if wish is None or wish == "all_day":
        return []
    found = [block.shift for block in blocks if suits(wish, block)]
    if len(found) == len(blocks):
        return []
    return found or None


def suits(wish: str, block: Block) -> bool:
    if wish in PARTS:
        return lies_between(block.start.time(), *PARTS[wish])
    start, end = (clock(text) for text in wish.split("-"))
    return covers(block, start, end)


def clock(text: str) -> time:
    hours, minutes = map(int, text.split(":"))
    return time(hours % 24, minutes)


def lies_between(moment: time, start: time, end: time) -> bool:
    return start <= moment < end if start < end else moment >= start or moment < end


def covers(block: Block, start: time, end: time) -> bool:
    """At least half of the block lies within the wished hours."""
    begin = block.start.replace(hour=start.hour, minute=start.minute)
    finish = block.start.replace(hour=end.hour, minute=end.minute)
    if finish <= begin:
        finish = finish.replace(hour=23, minute=59)
    shared = min(block.end, finish) - max(block.start, begin)
    return shared * 2 >= block.end - block.start
