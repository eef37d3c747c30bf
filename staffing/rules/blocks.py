"""Shifts that follow each other: the same people can stand in all of them."""

from collections.abc import Callable, Iterable
from datetime import datetime

type Hours = tuple[datetime, datetime]


def decisive[Block](
    blocks: Iterable[Block], hours: Callable[[Block], Hours], short: Callable[[Block], int]
) -> list[Block]:
    """Of blocks of which each begins when the one before ends, the one that is shortest of people.

    So many people fill them all; blocks with a break between them are counted each for itself.
    """
    found: list[Block] = []
    before: datetime | None = None
    for block in sorted(blocks, key=hours):
        start, end = hours(block)
        if start != before:
            found.append(block)
        elif short(block) > short(found[-1]):
            found[-1] = block
        before = end
    return found
