"""When somebody can: the first part of the day that is not refused."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from staffing.rules.chain.words import Kind, Word

REFUSED = re.compile(
    r"(?:的话|的时候|时|班)?\s?(?:我)?(?:来不了|来不及|去不了|不能来|不能去|没法来|不行|不可以|不能|没空|没有空|没时间|没有时间|没得空|有事|不在|要?上班|不来|不去|不参加|参加不了|不方便|不得空|除外|不考虑|不要|忙)"
)
AND = re.compile("[和、,/及与跟&+]?")


class Time(NamedTuple):
    value: str | None
    words: tuple[Word, ...] = ()


NONE = Time(None)


def refused(free: str, word: Word) -> bool:
    """ "上午来不了": the person offers another part of the day, or none."""
    return bool(REFUSED.match(free, word.end))


def part_of_day(free: str, words: Sequence[Word], *, cancelled: bool = False) -> Time:
    """`cancelled`: in "下午 来不了了" it is the whole entry that is taken back, in "下午来不了" the afternoon."""
    blocks = [
        word
        for word in words
        if word.kind is Kind.BLOCK
        and (not refused(free, word) or (cancelled and free[word.end : word.end + 1].isspace()))
    ]
    if not blocks:
        return NONE
    first, *others = blocks
    if (
        others
        and (first.value, others[0].value) == ("morning", "afternoon")
        and AND.fullmatch(free[first.end : others[0].start])
    ):
        return Time("all_day", (first, others[0]))
    return Time(str(first.value), (first,))
