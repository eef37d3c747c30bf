"""Section headings: 【扫码组】, 早班（5:30-8:45）：, 6号楼：, —— 下午 ——."""

import re

from staffing.rules.chain import clocks, places, roles, times
from staffing.rules.chain.lines import Line
from staffing.rules.chain.reading import NO_HEADING, Heading
from staffing.rules.chain.sheet import Sheet
from staffing.rules.chain.words import Kind, words_in

BRACKETS = re.compile(
    r"\s*(?:【[^【】]*】|《[^《》]*》|(?:—{2,}|-{2,}|={2,}|–{2,}|―{1,}|_{2,}|~{2,}|\*{2,}|- - [- ]*)\s*(?=[^\s\-—–=_~*])(.*?)(?:—{2,}|-{2,}|={2,}|–{2,}|―{1,}|_{2,}|~{2,}|\*{2,}|- - [- ]*))\s*:?\s*$"
)
ENDED = re.compile(r".{0,40}(?::|组)\s*$")
PEOPLE = re.compile(r"(?:需要?|缺|限|共|还[差缺需]|招)?\s?\d{1,3}\s?(?:个人|人|位|名)?|[(（)）]")
ELSE = re.compile(r"(?:组|岗位?|班|志愿者|人员|[\s\x00\x02【】《》\-—–=_~*―:：()、,，/|+&和及])*")


def heading(line: Line) -> Heading | None:
    """What the heading gives; NO_HEADING if it clears what an earlier one gave; None if the line is none."""
    bracketed = BRACKETS.match(line.folded)
    if not bracketed and not ENDED.match(line.folded):
        return None
    sheet = Sheet(line.plain, line.folded)
    clock, address = clocks.take(sheet), places.take(sheet)
    sheet.take(*(hit.span() for hit in PEOPLE.finditer(sheet.free)))
    words = words_in(sheet.free)
    role, time = roles.role(sheet.free, words), times.part_of_day(sheet.free, words)
    sheet.take(*((word.start, word.end) for word in words if word.kind in (Kind.ROLE, Kind.WEAK, Kind.BLOCK, Kind.ANY)))
    found = Heading(role.value, clock.value if clock else time.value, address)
    if ELSE.fullmatch(sheet.free) and found != NO_HEADING:
        return found
    return NO_HEADING if bracketed and not any(word.kind in (Kind.ROLE, Kind.BLOCK) for word in words) else None
