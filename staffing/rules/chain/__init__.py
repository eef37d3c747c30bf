"""Reading a chain list (接龙) as people type it into a chat: pure text in, frozen values out, in linear time."""

from staffing.rules.chain.blocks import split
from staffing.rules.chain.differences import Change, Difference, changed_fields, difference, pair
from staffing.rules.chain.entries import Address, Chain, Entry, Flags
from staffing.rules.chain.reading import read_all
from staffing.rules.chain.retractions import settled

__all__ = [
    "Address",
    "Chain",
    "Change",
    "Difference",
    "Entry",
    "Flags",
    "changed_fields",
    "difference",
    "pair",
    "parse",
    "settled",
]


def parse(text: str) -> Chain:
    """The last list in the text. Any text gives an answer; where there is no list there are no entries."""
    block = split(text)
    return Chain(title=block.title, entries=tuple(read_all(block.items)))
