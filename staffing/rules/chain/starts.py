"""Where an entry begins: 1. 1、 (1) 【1】 No.1 #1 ① 1️⃣ 一、 and the others; several on one line."""

import re
from typing import NamedTuple

from staffing.rules.chain import phones
from staffing.rules.chain.characters import CROSS, EMOJI
from staffing.rules.chain.numbers import number

UNIT = r"(?:号|栋|幢|座|#|单元|室|人|位|名(?!字)|个|点|月\s?\d|月份|日|年|岁|件|针|剂|次|小时|分钟?|天[内以后,，。]|层|楼|口|大\s?\d|元|米|公里|周[内以后]|[-—–~/+%]|至|到|people|ppl|am|pm)"
DOTTED_RANGE = r"\d{2}\s?[-—–~至到]\s?\d{1,2}\.\d"
START = re.compile(
    rf"[\s~{CROSS}{EMOJI}]*(?:[-•·*]\s*(?=\d{{1,3}}\s?[.、)]))?(?:"
    r"\ue000(?P<sign>\d{1,3})\ue001\s?[.。、):：,，;；]?"
    r"|[(【\[]\s?(?P<bracket>\d{1,3})\s?[)】\]]\s?[.、:,]?"
    r"|\(\s?(?P<spoken_>[一二三四五六七八九十百]{1,4})\s?\)"
    r"|no\.?\s?(?P<no>\d{1,3})(?!\d)\s?[.、:,)]?"
    rf"|#\s?(?P<hash>\d{{1,3}})(?!\d|\s?{UNIT})\s?[.、:,)]?"
    r"|\|\s*(?P<cell>\d{1,3})\s*\|"
    rf"|(?P<plain>\d{{1,3}})\s?(?:[。、),;；]|:(?!\d\d(?!\d))|\.(?!{DOTTED_RANGE}))"
    rf"|(?P<spaced>\d{{1,3}})(?:\t|\s+(?!{UNIT}))(?=\S)"
    r"|(?P<spoken>[一二三四五六七八九十百]{1,4})、"
    r")\s*"
)
NEXT = re.compile(
    rf"(?<=\s)(?:(?P<plain>\d{{1,3}})\s?(?:[、)]|\.(?!\d)|\.(?=[1-9]\d{{0,2}}(?:[-—–/#]\d|号楼|栋|幢|#|号院)|1\d{{10}})(?!{DOTTED_RANGE}))|\ue000(?P<sign>\d{{1,3}})\ue001\s?[.、):]?)\s*"
)
FIRST = re.compile(
    rf"(?:^|(?<=\s))(?:(?P<plain>\d{{1,3}})\s?(?:[、)]|\.(?!\d{{1,2}}(?!\d|[-—–/#]\d|号楼|栋|幢|#))(?!{DOTTED_RANGE}))|\ue000(?P<sign>\d{{1,3}})\ue001\s?[.、):]?)\s*"
)

NEAR = 40  # characters within which a bracket is closed


class Start(NamedTuple):
    """`crossed`: a mark in front of the number strikes the entry out."""

    position: int
    begin: int
    end: int
    crossed: bool = False


def start(folded: str, at: int = 0) -> Start | None:
    hit = START.match(folded, at)
    if not hit or not hit.lastgroup:
        return None
    written = hit[hit.lastgroup]
    if len(written) == 3 and phones.AT_START.match(folded, at):
        return None
    position = number(written)
    before = folded[at : hit.start(hit.lastgroup)]
    return None if position is None else Start(position, at, hit.end(), CROSS in before or "~~" in before)


class Stretch(NamedTuple):
    position: int
    start: int
    end: int


def stretches(folded: str, first: Start) -> list[Stretch]:
    """The entries on one line: a new one begins where white space is followed by the next number."""
    position, begin = first.position, first.end
    found: list[Stretch] = []
    for hit in NEXT.finditer(folded, first.end):
        if int(hit["plain"] or hit["sign"]) == position + 1 and not closes_bracket(folded, begin, hit):
            found.append(Stretch(position, begin, hit.start()))
            position, begin = position + 1, hit.end()
    return [*found, Stretch(position, begin, len(folded))]


def closes_bracket(folded: str, begin: int, hit: re.Match[str]) -> bool:
    """The 2) of "（Unit 2）" begins nothing."""
    near = max(begin, hit.start() - NEAR)
    return ")" in hit.group() and folded.rfind("(", near, hit.start()) > folded.rfind(")", near, hit.start())


def flattened(folded: str) -> Start | None:
    """Where the first entry begins in a title line that a flattened list follows."""
    hits = list(FIRST.finditer(folded))
    numbers = [int(hit["plain"] or hit["sign"]) for hit in hits]
    for hit, position in zip(hits, numbers, strict=True):
        if position == 1 or (position + 1 in numbers and hit.start()):
            return Start(position, hit.start(), hit.end())
    return None
