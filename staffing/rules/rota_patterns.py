"""Patterns of a rota: which shift somebody has on which day, over and over (domain.md 2.2, Burgess 2007).

The day is cut by the hours at which people change over. A pattern is a word of one letter a day: `1` for the first
shift of the day, `2` for the second, `-` for a day off.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from communities.errors import Refusal
from staffing.rules.fatigue import Interval, strains

OFF = "-"
SMALL_HOURS = time(5)  # who works at all between midnight and then has a night shift
NIGHTS = 3  # in a row at most
CHANGES = (time(0), time(6), time(12), time(18))
STANDARD = "111222-333444-"  # six days on, one off; forwards from nights; the longest pause before the nights
PRESETS = (STANDARD,)


@dataclass(frozen=True, slots=True)
class Pattern:
    """`changes` in the order of the clock: each shift lasts until the next, the last one until the first."""

    word: str
    changes: Sequence[time]
    zone: ZoneInfo

    def slot(self, phase: int, day: int) -> int | None:
        """Which shift, counted from 0, somebody of that phase has on the day; None on a day off."""
        letter = self.word[(phase + day) % len(self.word)]
        return None if letter == OFF else int(letter) - 1

    def block(self, slot: int, day: date) -> Interval:
        following = slot + 1 < len(self.changes)
        end = self.changes[slot + 1 if following else 0]
        last = day if following else day + timedelta(days=1)
        return Interval(self.instant(day, self.changes[slot]), self.instant(last, end))

    def instant(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.zone)

    def is_night(self, slot: int) -> bool:
        """It reaches into the hours after midnight."""
        last = slot + 1 == len(self.changes)
        return self.changes[slot] < SMALL_HOURS or (last and self.changes[0] > time(0))


def phases(people: int, length: int) -> list[int]:
    """Phases for so many people, as even as can be: any few in a row hold their share, to within one person."""
    return [index * length // people for index in range(people)]


def next_phase(taken: Iterable[int], length: int) -> int:
    """For somebody who joins: the phase with the fewest."""
    found = list(taken)
    return min(range(length), key=lambda phase: (found.count(phase), phase))


def unreadable(word: str, changes: Sequence[time]) -> str | None:
    """The code of what is wrong with the writing; None if it can be read."""
    if not 2 <= len(changes) <= 6 or list(changes) != sorted(set(changes)):
        return "changes_out_of_order"
    letters = set(word) - {OFF}
    if not 2 <= len(word) <= 60 or not letters or not letters <= {str(n + 1) for n in range(len(changes))}:
        return "pattern_unreadable"
    return None


def faults(pattern: Pattern, max_block: timedelta) -> list[Refusal]:
    """Every rule that somebody breaks who follows the pattern; empty means that people can live by it."""
    found = {refusal.code: refusal for refusal in weary(pattern, max_block)}
    if not forwards(pattern):
        found["rotates_backwards"] = Refusal("rotates_backwards")
    if longest_nights(pattern) > NIGHTS:
        found["too_many_nights"] = Refusal("too_many_nights", {"limit": NIGHTS})
    return list(found.values())


def weary(pattern: Pattern, max_block: timedelta) -> Iterable[Refusal]:
    """The rest rules, asked of somebody who goes round three times, from a Monday on."""
    start, length = date(2024, 1, 1), len(pattern.word)
    slots = [(pattern.slot(0, day), start + timedelta(days=day)) for day in range(3 * length)]
    blocks = [pattern.block(slot, day) for slot, day in slots if slot is not None]
    if any(block.length > max_block for block in blocks):
        yield Refusal("block_too_long_for_role")
    for index, block in enumerate(blocks):
        yield from strains(block, blocks[:index], pattern.zone, max_block=max_block)


def forwards(pattern: Pattern) -> bool:
    """From one shift to the same or the next later one, round the clock."""
    works = [int(letter) for letter in pattern.word if letter != OFF]
    number = len(pattern.changes)
    return all(after in {before, before % number + 1} for before, after in pairwise([*works, works[0]]))


def longest_nights(pattern: Pattern) -> int:
    longest = run = 0
    for day in range(2 * len(pattern.word)):
        slot = pattern.slot(0, day)
        run = run + 1 if slot is not None and pattern.is_night(slot) else 0
        longest = max(longest, run)
    return longest
