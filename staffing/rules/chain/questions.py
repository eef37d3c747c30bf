"""Clauses that ask something: their words count for nothing, and they stay in the comment."""

import re
from collections.abc import Iterator, Sequence

from staffing.rules.chain.names import STOP, is_full_name
from staffing.rules.chain.sheet import Span
from staffing.rules.chain.words import Kind, Word

ASKING = re.compile("[?]|吗|几点|哪里|在哪|哪儿|怎么|多久|要不要|能不能|可不可以|用不用|有没有")
CLAUSE = re.compile(r"[^\s\x00-\x02,，、。;；!！()\[\]【】{}|/+\-—–:\ue000-\ue003?]*[?]*")
LATIN = re.compile(r"[\w.'’-]+[?]*")
OPENS = re.compile(
    "还缺|还要|还需|还有|还能|还招|几点|在哪|哪里|哪儿|怎么|多久|要不要|能不能|可不可以|用不用|有没有|请问|想问|问一下|需要|要做|要带|要自|是不是|什么|能带|可以带|会不会|明天|今天"
)


def questions(free: str, words: Sequence[Word]) -> list[Span]:
    if not ASKING.search(free):
        return []
    anywhere = [(word.start, word.end) for word in words if word.kind is Kind.ANY]
    return [without_name(free, span) for span in asking(free, anywhere)]


def asking(free: str, anywhere: Sequence[Span]) -> Iterator[Span]:
    last: Span | None = None
    for clause in CLAUSE.finditer(free):
        start, end = clause.span()
        if start == end:
            continue
        if not free[start:end].strip("?") and last:
            yield last[0], end
        elif asks(free, start, end, anywhere):
            yield back_to_its_start(free, start), end
        else:
            last = start, end


def asks(free: str, start: int, end: int, anywhere: Sequence[Span]) -> bool:
    clause = free[start:end]
    if clause.endswith("?"):
        return True
    if "都行" in clause or "都可以" in clause:
        return False
    hits = (start + hit.start() for hit in ASKING.finditer(clause))
    return any(not any(here <= hit < there for here, there in anywhere) for hit in hits)


def back_to_its_start(free: str, start: int) -> int:
    """An English question has many words: back to the one that opens it."""
    first = at = start
    while LATIN.match(free, at):
        if LATIN.match(free, at).group().rstrip("?") in STOP:  # type: ignore[union-attr]
            first = at
        before = free[:at].rstrip(" ")
        at_word = re.search(r"[\w.'’-]+$", before[-40:])
        if not at_word or not at_word.group().isascii():
            break
        at = len(before) - len(at_word.group())
    return first


def without_name(free: str, span: Span) -> Span:
    """Of "邹静还缺人吗" the name in front does not belong to the question."""
    opening = OPENS.search(free, *span)
    if opening and opening.start() > span[0] and is_full_name(free[span[0] : opening.start()]):
        return opening.start(), span[1]
    return span
