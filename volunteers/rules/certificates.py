"""What a certificate says, and when one may be given (order 67 of 2021: identity, hours and content, issuer, number, date).

Hours that were given freely count; hours on duty (staff, seconded) are the employer's and never mixed with them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from communities.errors import Refusal
from volunteers.states import ALPHABET, LENGTH, PersonKind

LONGEST_NAME = 40
FREELY = frozenset({PersonKind.VOLUNTEER, PersonKind.DRIVER})


@dataclass(frozen=True, slots=True)
class Served:
    """One block served. `open`: nobody has confirmed its hours yet."""

    day: date
    what: str
    where: str
    minutes: int
    kind: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """What was done where, over how many blocks and minutes, from the first to the last day."""

    what: str
    where: str
    first: date
    last: date
    times: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Paper:
    """The figures of a certificate: its lines with the most minutes first, and their sums."""

    lines: Sequence[Line]
    times: int
    minutes: int


def counted(records: Iterable[Served]) -> list[Served]:
    """Those that a certificate may speak of: given freely, confirmed, longer than nothing."""
    return [one for one in records if one.kind in FREELY and not one.open and one.minutes > 0]


def paper(records: Iterable[Served]) -> Paper:
    groups: defaultdict[tuple[str, str], list[Served]] = defaultdict(list)
    for one in counted(records):
        groups[one.what, one.where].append(one)
    lines = [line(what, where, found) for (what, where), found in groups.items()]
    lines.sort(key=lambda one: (-one.minutes, one.what, one.where))
    return Paper(lines, sum(one.times for one in lines), sum(one.minutes for one in lines))


def line(what: str, where: str, found: Sequence[Served]) -> Line:
    days = [one.day for one in found]
    return Line(what, where, min(days), max(days), len(found), sum(one.minutes for one in found))


def ungrounded(records: Sequence[Served]) -> list[Refusal]:
    """Why nothing can be certified; empty if something can."""
    if counted(records):
        return []
    return [Refusal("hours_open" if any(one.open for one in records) else "nothing_served")]


def hidden(name: str) -> str:
    """What a stranger with the number may see of the name: the first letter of each word, and how long it is."""
    return " ".join(word[:1] + "*" * (len(word) - 1) for word in name.split()[:4])[:LONGEST_NAME]


def tidy(number: str) -> str:
    """As stored, from what somebody typed: without spaces and dashes, capital letters."""
    return "".join(letter for letter in number.upper() if letter in ALPHABET)[: LENGTH + 1]


def grouped(number: str) -> str:
    """ABCD-EFGH-JKLM, for the eye."""
    return "-".join(number[start : start + 4] for start in range(0, len(number), 4))
