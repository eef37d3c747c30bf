"""The lines of a text, each in the three forms that reading needs."""

from dataclasses import dataclass

from staffing.rules.chain import chats, starts
from staffing.rules.chain.characters import STRUCK, cleaned, fold, plain_text


@dataclass(slots=True)
class Line:
    """As written; plain, with signs and emoji replaced; folded, letter by letter like the plain one.

    `struck` are the places behind struck-out characters, `start` is where an entry begins.
    """

    raw: str
    plain: str
    folded: str
    struck: tuple[int, ...] = ()
    start: starts.Start | None = None

    def part(self, begin: int, end: int | None = None, struck_from: int | None = None) -> "Line":
        """A stretch of the line, struck out if anything in it or just before it is."""
        since = begin if struck_from is None else struck_from
        struck = (
            tuple(at - begin for at in self.struck if since < at <= (end or len(self.folded))) if self.struck else ()
        )
        return Line("", self.plain[begin:end], self.folded[begin:end], struck)


def lines(text: str) -> list[Line]:
    """Only \\n, \\r\\n and \\r end a line."""
    raw = cleaned(text.replace("\r\n", "\n").replace("\r", "\n"))
    plain = plain_text(raw)
    rows = zip(raw.split("\n"), plain.split("\n"), fold(plain).split("\n"), strict=True)
    return [line(*row) for row in rows]


def line(raw: str, plain: str, folded: str) -> Line:
    """Takes the strokes off, and remembers behind which characters they were."""
    if STRUCK not in plain:
        return Line(raw, plain, folded, (), numbered_start(folded) if folded else None)
    strokes = [at for at, char in enumerate(plain) if char == STRUCK]
    struck = tuple(at - before for before, at in enumerate(strokes))
    raw, plain, folded = (form.replace(STRUCK, "") for form in (raw, plain, folded))
    return Line(raw, plain, folded, struck, numbered_start(folded))


def numbered_start(folded: str) -> starts.Start | None:
    """At the beginning of the line, or behind the sender of a chat message."""
    if start := starts.start(folded):
        return start
    begin = chats.after_sender(folded)
    return starts.start(folded, begin) if begin else None
