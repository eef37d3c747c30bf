"""Whether somebody has taken their entry back."""

import re
from collections.abc import Sequence

from staffing.rules.chain.sheet import Sheet
from staffing.rules.chain.times import refused
from staffing.rules.chain.words import Kind, Word

MARKED = re.compile(r"~~(?=.*?~~)|~~$|\ue003|[(【\[]\s?已?退\s?[)】\]]")
SOME = re.compile("[~\ue003退]")
IF = re.compile(
    r"如果|要是|万一(?!\S(?:[\s,、/;|]|$))|可能|假如|假若|倘若|若(?=[是有不下要])|或许|也许|说不定|不一定|搞不好|除非|担心|if |might |may "
)
NOT = re.compile("(?:不会|没有?|未|别|不是|绝不|不|怎么会)$")
STOPS = ",，。;；!！?？"


def crossed_out(sheet: Sheet) -> bool:
    """Marks that take an entry back: ~~…~~, ❌, （退）; they are taken off the sheet."""
    if not SOME.search(sheet.free):
        return False
    spans = [hit.span() for hit in MARKED.finditer(sheet.free)]
    sheet.take(*spans)
    return bool(spans)


def cancelling(free: str, words: Sequence[Word], has_clock: bool) -> list[Word]:
    """The words that take the whole entry back: not denied, not conditional, not about one part of the day only."""
    return [
        word
        for word in words
        if word.kind is Kind.CANCEL and not is_remark(free, word) and not is_partial(free, word, words, has_clock)
    ]


def is_remark(free: str, word: Word) -> bool:
    begin = max(free.rfind(stop, 0, word.start) for stop in STOPS) + 1
    before = free[begin : word.start]
    return bool(IF.search(before) or NOT.search(before))


def is_partial(free: str, word: Word, words: Sequence[Word], has_clock: bool) -> bool:
    """ "上午来不了，下午可以" gives up a part and offers another."""
    times = [other for other in words if other.kind in (Kind.BLOCK, Kind.DAY)]
    about = [time for time in times if refused(free, time) and time.end <= word.start < time.end + 6]
    about += [day for day in times if any(day.end == time.start for time in about)]
    kinds = {time.kind for time in about}
    offered = (time for time in times if time not in about and time.kind in kinds | {Kind.BLOCK})
    return bool(about) and (has_clock or any(not refused(free, time) for time in offered))
