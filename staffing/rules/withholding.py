"""Which groups of people are too small to be told in a report that goes further (domain.md R12)."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

SMALLEST = 10


@dataclass(frozen=True, slots=True)
class Told[Key: Hashable]:
    """Counts by group and together; None is withheld."""

    groups: Mapping[Key, int | None]
    total: int | None


def told[Key: Hashable](counts: Mapping[Key, int], smallest: int = SMALLEST) -> Told[Key]:
    """A group of fewer than `smallest` people, nobody excepted, is withheld.

    So that it cannot be worked out from the total, the next smallest groups are withheld too until two or more are, of
    `smallest` people together; where there are none left, the total is withheld instead.
    """
    kept = {key for key, count in counts.items() if 0 < count < smallest}
    if not kept:
        return Told(dict(counts), sum(counts.values()))
    others = sorted((key for key, count in counts.items() if count >= smallest), key=lambda key: counts[key])
    while others and not hidden(counts, kept, smallest):
        kept.add(others.pop(0))
    total = sum(counts.values()) if hidden(counts, kept, smallest) else None
    return Told({key: None if key in kept else count for key, count in counts.items()}, total)


def hidden[Key: Hashable](counts: Mapping[Key, int], kept: set[Key], smallest: int) -> bool:
    return len(kept) > 1 and sum(counts[key] for key in kept) >= smallest
