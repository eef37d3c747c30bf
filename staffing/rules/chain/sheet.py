"""One entry's text while its fields are taken out of it, one after the other."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from staffing.rules.chain.characters import TAKEN

KEPT = "\x02"  # read, belongs to no field, stays in the comment
OUTER = "~*•·._#@&'‘’`^$%\\ "
SOLID = r"[^\s\x00-\x02,，、;；。/|+—–−\-()\[\]【】{}「」『』《》〈〉<>\"“”…!！?？:：=\ue000-\ue003]+"
PIECE = re.compile(rf"{SOLID}(?:-(?<=[a-z]-)(?=[a-z]){SOLID})*")
REST = re.compile(r"[^\s\x00\x01,，、;；。/|+—–()\[\]【】{}「」『』《》〈〉<>\"“”!！:=\ue000-\ue003]+")

Span = tuple[int, int]


class Piece(NamedTuple):
    start: int
    end: int


class Sheet:
    """`text` is as written, `folded` has simplified keywords and small letters; `free` is what no field has taken."""

    __slots__ = ("folded", "free", "text")

    def __init__(self, text: str, folded: str) -> None:
        self.text = text
        self.folded = folded
        self.free = folded

    def take(self, *spans: Span, mark: str = TAKEN) -> None:
        for start, end in spans:
            self.free = f"{self.free[:start]}{mark * (end - start)}{self.free[end:]}"

    def keep(self, spans: Iterable[Span]) -> None:
        for span in spans:
            self.take(span, mark=KEPT)

    def pieces(self, begin: int = 0) -> Iterator[Piece]:
        """What stands between separators and fields."""
        for hit in PIECE.finditer(self.free, begin):
            said = hit.group()
            if core := said.strip(OUTER):
                start = hit.start() + len(said) - len(said.lstrip(OUTER))
                yield Piece(start, start + len(core))

    def written(self, span: Span) -> str:
        """As the person wrote it, with single blanks."""
        return " ".join(self.text[span[0] : span[1]].split())

    def rest(self, skip: Iterable[Span]) -> str:
        """What is left over, in order."""
        self.take(*skip)
        found = (self.text[hit.start() : hit.end()].strip(OUTER + "-") for hit in REST.finditer(self.free))
        return " ".join(part for part in found if part)
