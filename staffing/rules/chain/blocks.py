"""From a pasted text to its last list: the title, and the text of each entry."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from staffing.rules.chain import chats, headings, labels, starts
from staffing.rules.chain.lines import Line, lines, numbered_start
from staffing.rules.chain.reading import NO_HEADING, Heading, Item, begins_with_name

HEADER = re.compile(r"[\s\ue002]*(?:#\s?(?:接龙|group note)[\s:]*|(?:【\s*接龙\s*】|接龙(?:报名)?\s?:?)\s*$)")
HEADER_AT_END = re.compile(r"\s*#\s?(?:接龙|group note)\s*$")
IN_RAW = re.compile(r"[#＃﹟]\s?(?:接[龙龍]|group note)[\s:：]*", re.IGNORECASE)
EXAMPLE = re.compile(
    r"[\s(【\[]*(?:格式如|格式|例如|例子|示例|样例|范例|例|如|e\.g\.?|eg|example)(?=[\s,.:，：、;；。!)】\]\-—|/(]|$)"
)
EXAMPLE_IN_LINE = re.compile(r"\s(?:格式如|格式|例如|示例|样例|例|e\.g\.|example)[\s:：]", re.IGNORECASE)
NOISE = re.compile(r"[\s\ue002\ue003~\-–—_.。、,，:;；!！*|()（）]*")
BULLET = re.compile(r"[\s~]*[-•·*\ue002]\s*")


@dataclass(frozen=True, slots=True)
class Block:
    title: str | None
    items: tuple[Item, ...]


def split(text: str) -> Block:
    """Only the last block counts when the growing list was posted again."""
    rows = lines(text)
    for at in range(len(rows) - 1, -1, -1):
        if (begin := header(rows[at])) is not None:
            return headed(rows[at], begin, rows[at + 1 :])
    return headless(rows)


def header(row: Line) -> int | None:
    """Where the rest of a header line begins: 0 if the header stands at its end."""
    if "接龙" not in row.folded and "group note" not in row.folded:
        return None
    begin = chats.after_sender(row.folded) or 0
    if hit := HEADER.match(row.folded, begin) or HEADER.match(row.folded):
        return hit.end()
    return 0 if HEADER_AT_END.search(row.folded) else None


# --- with a header


def headed(top: Line, begin: int, rows: Sequence[Line]) -> Block:
    first_line, flat = header_line(top, begin, rows)
    start = 0 if flat else first_entry(rows)
    title = [*first_line, *title_lines(rows[:start])]
    items = collect([*([flat] if flat else []), *rows[start:]])
    return Block("\n".join(title) or None, items)


def header_line(top: Line, begin: int, rows: Sequence[Line]) -> tuple[list[str], Line | None]:
    """The title on the header line, and the entries there if the list was flattened to one line."""
    flat = starts.flattened(top.folded[begin:]) if begin else None
    if flat is None or any(row.start and row.start.position == flat.position for row in rows):
        around = IN_RAW.split(top.raw, maxsplit=1)
        title = around[1 if begin else 0].strip() if len(around) > 1 else ""
        return [title] if title else [], None
    cut = begin + flat.begin
    title = EXAMPLE_IN_LINE.split(top.plain[begin:cut])[0].strip()
    return [title] if title else [], flat_line(top, cut)


def first_entry(rows: Sequence[Line]) -> int:
    """The row below the title: the one behind the first blank row, or the first entry.

    A numbered requirement above the blank row is title, unless the numbers go on below it.
    """
    blank = next((at for at, row in enumerate(rows) if not row.folded.strip()), None)
    above = list(numbered(rows[:blank]))
    below = next(numbered(rows, blank), None) if blank is not None else None
    if blank is None or not below:
        bullets = (at for at, row in enumerate(rows[:blank]) if is_bullet(row))
        bullet = next(bullets, None) if not above and not below else None
        return above[0][0] if above else next((at for at in [bullet, blank] if at is not None), len(rows))
    goes_on = above and below[1] == above[-1][1] + 1
    return above[0][0] if goes_on else blank


def numbered(rows: Sequence[Line], begin: int = 0) -> Iterator[tuple[int, int]]:
    """Row and number of the entries among the rows, examples left out."""
    for at in range(begin, len(rows)):
        if (start := rows[at].start) and not EXAMPLE.match(rows[at].folded, start.end):
            yield at, start.position


def title_lines(rows: Sequence[Line]) -> list[str]:
    found: list[str] = []
    example = False
    for row in rows:
        start = row.start
        example = bool(EXAMPLE.match(row.folded, start.end if start else 0)) or (example and not start)
        ruled = labels.HEADER_ROW.fullmatch(row.folded) or chats.RULE.match(row.folded)
        if not example and not ruled and row.raw.strip():
            found.append(row.raw.strip())
    return found


# --- without a header


def headless(rows: Sequence[Line]) -> Block:
    first = next(numbered(rows), None)
    flat = next((at for at, row in enumerate(rows[: first[0] if first else None]) if two_in_line(row)), None)
    if flat is not None:
        return flattened(rows, flat)
    start = first[0] if first else unnumbered_start(rows)
    if start is None:
        return Block(None, ())
    title = "\n".join(title_lines(spoken_to_all(rows[:start]))) or None
    return Block(title, collect(rows[start:]))


def two_in_line(row: Line) -> bool:
    flat = starts.flattened(row.folded)
    return flat is not None and flat.position == 1 and len(starts.stretches(row.folded, flat)) > 1


def flattened(rows: Sequence[Line], at: int) -> Block:
    row, flat = rows[at], starts.flattened(rows[at].folded)
    cut = flat.begin if flat else 0
    title = [*title_lines(spoken_to_all(rows[:at])), row.plain[:cut].strip()]
    tail = flat_line(row, cut)
    return Block("\n".join(filter(None, title)) or None, collect([tail, *rows[at + 1 :]]))


def unnumbered_start(rows: Sequence[Line]) -> int | None:
    """A list without header and numbers: a table below its header row, bullets, or lines below a blank one of which each
    begins with a name.
    """
    table = next((at for at, row in enumerate(rows) if labels.HEADER_ROW.fullmatch(row.folded)), None)
    if table is not None and any(row.folded.strip() for row in rows[table + 1 :]):
        return table
    bullets = [at for at, row in enumerate(rows) if is_bullet(row)]
    if len(bullets) > 1:
        return bullets[0]
    blank = next((at for at, row in enumerate(rows) if at and not row.folded.strip()), None)
    if blank is None:
        return None
    below = [row for row in spoken_to_all(rows[blank:]) if row.folded.strip()]
    return blank if len(below) > 1 and all(begins_with_name(row) for row in below) else None


def is_bullet(row: Line) -> bool:
    return bool(BULLET.match(row.folded)) and not chats.is_noise(row.folded) and not chats.opens_reply(row.folded)


def spoken_to_all(rows: Sequence[Line]) -> list[Line]:
    """The rows without chat and system lines."""
    return [row for row in rows if chats.after_sender(row.folded) is None and not chats.is_noise(row.folded)]


def flat_line(row: Line, cut: int) -> Line:
    """The part of a line where a flattened list begins, as a line of its own."""
    part = row.part(cut)
    return replace(part, start=numbered_start(part.folded))


# --- the entries


@dataclass(slots=True)
class Draft:
    position: int | None
    parts: list[Line]
    heading: Heading
    crossed: bool = False

    def item(self) -> Item:
        first, *more = self.parts
        text, folded, struck = first.plain, first.folded, self.crossed or bool(first.struck)
        if more:
            text = " ".join(part.plain for part in self.parts)
            folded = " ".join(part.folded for part in self.parts)
            struck = struck or any(part.struck for part in more)
        return Item(self.position, text, folded, struck, self.heading)


@dataclass(slots=True)
class Loose:
    """An unnumbered line, and whose entry it belongs to if it stands directly below one."""

    row: Line
    owner: Draft | None


@dataclass(slots=True)
class Collector:
    has_numbers: bool
    drafts: list[Draft] = field(default_factory=list)
    loose: list[Loose] = field(default_factory=list)
    heading: Heading = NO_HEADING
    open: Draft | None = None
    deaf: bool = False  # between a sender or a quotation and the next numbered line
    example: bool = False

    def add(self, row: Line) -> None:
        start = row.start
        if not row.folded.strip():
            self.pause()
        elif start and EXAMPLE.match(row.folded, start.end):
            self.pause(example=True)
        elif start:
            self.add_numbered(row, start)
        else:
            self.add_unnumbered(row)

    def add_numbered(self, row: Line, start: starts.Start) -> None:
        self.settle(start.position)
        self.deaf = self.example = False
        mark = 0
        for position, begin, end in starts.stretches(row.folded, start):
            part = row.part(begin, end, struck_from=mark)
            self.open = Draft(position, [part], self.heading, start.crossed and mark == 0)
            self.drafts.append(self.open)
            mark = end

    def add_unnumbered(self, row: Line) -> None:
        if (found := headings.heading(row)) is not None:
            self.settle(None)
            self.heading = found
            self.pause()
        elif chats.after_sender(row.folded) is not None or chats.opens_reply(row.folded):
            self.pause(deaf=True)
        elif EXAMPLE.match(row.folded):
            self.pause(example=True)
        elif chats.is_noise(row.folded) or labels.HEADER_ROW.fullmatch(row.folded):
            self.open = None
        elif not self.deaf and not self.example:
            self.keep(row)

    def keep(self, row: Line) -> None:
        if self.has_numbers:
            self.loose.append(Loose(row, self.open))
        else:
            begin = bullet.end() if (bullet := BULLET.match(row.folded)) else 0
            self.drafts.append(Draft(None, [row.part(begin)], self.heading))

    def settle(self, position: int | None) -> None:
        """The unnumbered lines since the last number are entries of their own if they fill its gap exactly."""
        if not self.loose:
            return
        last = self.drafts[-1].position if self.drafts else None
        gap = position - last - 1 if position is not None and last is not None else 0
        if 0 < gap == len(self.loose) and all(begins_with_name(loose.row) for loose in self.loose):
            self.drafts += [Draft(None, [loose.row], self.heading) for loose in self.loose]
        else:
            for loose in self.loose:
                if loose.owner:
                    loose.owner.parts.append(loose.row)
        self.loose = []

    def pause(self, *, deaf: bool = False, example: bool = False) -> None:
        self.open = None
        self.deaf = self.deaf or deaf
        self.example = example


def collect(rows: Sequence[Line]) -> tuple[Item, ...]:
    """An empty number is no entry."""
    collector = Collector(has_numbers=next(numbered(rows), None) is not None)
    for row in rows:
        collector.add(row)
    collector.settle(None)
    items = (draft.item() for draft in collector.drafts)
    return tuple(item for item in items if not NOISE.fullmatch(item.folded))
