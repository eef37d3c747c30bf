"""Who writes further down that they do not come: the two lines are one, and it says no."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, replace

from staffing.rules.chain.entries import Address, Entry

MOST_NAMESAKES = 20  # of more nobody is meant for certain, and the time stays linear


def settled(entries: Sequence[Entry]) -> list[Entry]:
    """Without the lines that a later one takes back; the later one says what they said, taken back.

    Where two lines could be meant nothing is joined. Linear in the number of lines.
    """
    found: list[Entry | None] = list(entries)
    standing: defaultdict[str, list[int]] = defaultdict(list)
    for at, entry in enumerate(entries):
        if not entry.name:
            continue
        if not entry.flags.cancelled:
            standing[entry.name].append(at)
        elif len(standing[entry.name]) <= MOST_NAMESAKES:
            earlier = [before for before in standing[entry.name] if could_be_one(entries[before], entry)]
            if len(earlier) == 1:
                (before,) = earlier
                standing[entry.name].remove(before)
                found[at], found[before] = taken_back(entries[before], entry), None
    return [entry for entry in found if entry]


def could_be_one(before: Entry, after: Entry) -> bool:
    """Nothing that both say of phone and place differs."""
    pairs = [(before.phone, after.phone), *zip(astuple(before.address), astuple(after.address), strict=True)]
    return all(one == other for one, other in pairs if one and other)


def taken_back(before: Entry, after: Entry) -> Entry:
    """What either says of who it is, taken back."""
    parts = zip(astuple(before.address), astuple(after.address), strict=True)
    return replace(
        before,
        flags=replace(before.flags, cancelled=True),
        phone=before.phone or after.phone,
        address=Address(*(one or other for one, other in parts)),
    )
