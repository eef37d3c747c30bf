"""What is new, changed and gone in a list that was pasted again."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from staffing.rules.chain.entries import Entry

COMPARED: dict[str, Callable[[Entry], object]] = {
    "name": lambda entry: entry.name,
    "head_count": lambda entry: entry.head_count,
    "phone": lambda entry: entry.phone,
    "building": lambda entry: entry.address.building,
    "entrance": lambda entry: entry.address.entrance,
    "flat": lambda entry: entry.address.flat,
    "role": lambda entry: entry.role,
    "time": lambda entry: entry.time,
    "flags.cancelled": lambda entry: entry.flags.cancelled,
    "flags.proxy": lambda entry: entry.flags.proxy,
    "flags.question": lambda entry: entry.flags.question,
}

Key = Callable[[Entry], Hashable | None]


@dataclass(frozen=True, slots=True)
class Change:
    before: Entry
    after: Entry
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    added: tuple[Entry, ...]
    changed: tuple[Change, ...]
    gone: tuple[Entry, ...]


def difference(before: Sequence[Entry], after: Sequence[Entry]) -> Difference:
    """Added and changed in the order of `after`, gone in the order of `before`."""
    pairs = pair(before, after)
    taken = set(pairs.values())
    changes = [
        Change(before[pairs[there]], entry, fields)
        for there, entry in enumerate(after)
        if there in pairs and (fields := changed_fields(before[pairs[there]], entry))
    ]
    return Difference(
        added=tuple(entry for there, entry in enumerate(after) if there not in pairs),
        changed=tuple(changes),
        gone=tuple(entry for here, entry in enumerate(before) if here not in taken),
    )


def changed_fields(before: Entry, after: Entry) -> tuple[str, ...]:
    return tuple(field for field, value in COMPARED.items() if value(before) != value(after))


def pair(before: Sequence[Entry], after: Sequence[Entry]) -> dict[int, int]:
    """Index after -> index before of the same entry: by phone, by name and address, by name alone, by flat."""
    pairing = Pairing(before, after)
    pairing.once(lambda entry: entry.phone)
    pairing.in_order(lambda entry: (entry.name, entry.address) if entry.name else None)
    pairing.once(lambda entry: entry.name)
    pairing.by_flat()
    return pairing.found


class Pairing:
    """Each step looks only at what no earlier step has paired."""

    def __init__(self, before: Sequence[Entry], after: Sequence[Entry]) -> None:
        self.before = dict(enumerate(before))
        self.after = dict(enumerate(after))
        self.found: dict[int, int] = {}

    def take(self, here: int, there: int) -> None:
        self.found[there] = here
        del self.before[here], self.after[there]

    def once(self, key: Key) -> None:
        """Pair what has the same key, if nothing else on its side has it."""
        here_counts = Counter(map(key, self.before.values()))
        there = self.lines(self.after, key)
        for here, entry in list(self.before.items()):
            wanted = key(entry)
            if wanted is not None and here_counts[wanted] == len(there.get(wanted, ())) == 1:
                self.take(here, there[wanted][0])

    def in_order(self, key: Key) -> None:
        there = self.lines(self.after, key)
        for here, entry in list(self.before.items()):
            if (wanted := key(entry)) is not None and there.get(wanted):
                self.take(here, there[wanted].popleft())

    def by_flat(self) -> None:
        """The same flat, where at least one of the two has no name."""
        unnamed = self.lines(self.after, lambda entry: None if entry.name else flat(entry))
        named = self.lines(self.after, lambda entry: flat(entry) if entry.name else None)
        for here, entry in list(self.before.items()):
            candidates = (
                [] if (key := flat(entry)) is None else [lines[key] for lines in (unnamed, named) if key in lines]
            )
            if entry.name:
                candidates = [lines for lines in candidates if lines is unnamed.get(key)]
            if first := min((lines for lines in candidates if lines), key=lambda lines: lines[0], default=None):
                self.take(here, first.popleft())

    @staticmethod
    def lines(side: dict[int, Entry], key: Key) -> dict[Hashable, deque[int]]:
        found: dict[Hashable, deque[int]] = defaultdict(deque)
        for index, entry in side.items():
            if (value := key(entry)) is not None:
                found[value].append(index)
        return found


def flat(entry: Entry) -> Hashable | None:
    return entry.address if entry.address.flat else None
