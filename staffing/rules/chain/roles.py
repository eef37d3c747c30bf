"""What somebody would do: the first role named that is not refused."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from staffing.rules.chain.words import ROLES, TIMES, Kind, Word, alternatives

ROLE = alternatives(list(ROLES))
NEGATED = re.compile(
    rf"(?:除了?|除去|别(?:让我)?|不(?:太)?(?:会|想|要|能|愿意?|敢|做|擅长|方便|适合|参加|负责|去|考虑|接受|报)*)(?P<gap>\s?)(?:去|做|干|当|安排我?|参加|负责|报|让我|给我)*"
    rf"(?P<role>(?:{ROLE})(?:[岗组])?(?:(?:[、/]|和|或者?|及|与|还有|以及)(?:{ROLE})(?:[岗组])?)*)"
)
MAYBE = re.compile("[除别不]")
DAY = "(?:今天|明天|后天|周[一二三四五六日天]|周末|星期[一二三四五六日天]|哪天|每天|随时|白天|早晚|几号|什么时候|时段|时间段|班次)"
TIME_BEFORE = re.compile(
    rf"(?:(?:时间|几点|多久|几时|时间上|到点)\s?:?\s?|{DAY}|(?:{alternatives(list(TIMES))})(?:[、/和或或者]*(?:{alternatives(list(TIMES))}))*|\d点?半?)(?:的话|的|也|我|班|段|去|来)?$"
)


class Role(NamedTuple):
    value: str | None
    word: Word | None = None


NONE = Role(None)


def role(free: str, words: Sequence[Word], clock_end: int | None = None) -> Role:
    """A role that is named wins over "anything"; `words` are those that count."""
    if not words:
        return NONE
    refused = negated(free)
    named = [word for word in words if word.kind in (Kind.ROLE, Kind.WEAK) and not within(word, refused)]
    if found := next((word for word in named if word.kind is Kind.ROLE), None):
        return Role(str(found.value), found)
    if found := next((word for word in words if is_any(free, word, clock_end)), None):
        return Role("any", found)
    return Role(str(named[0].value), named[0]) if named else NONE


def is_any(free: str, word: Word, clock_end: int | None) -> bool:
    """All is fine, unless that is said about a time."""
    if word.kind is Kind.ANY:
        return True
    return (
        word.kind is Kind.EVEN
        and word.start != clock_end
        and not TIME_BEFORE.search(free[max(0, word.start - 12) : word.start])
    )


def negated(free: str) -> list[tuple[int, int]]:
    """Where roles stand that somebody would not do."""
    if not MAYBE.search(free):
        return []
    hits = (hit for hit in NEGATED.finditer(free) if not hit["gap"] or hit.group().startswith("除"))
    return [hit.span("role") for hit in hits]


def within(word: Word, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= word.start and word.end <= end for start, end in spans)
