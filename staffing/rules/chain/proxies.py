"""Entries for somebody else: 代报, 替我妈报名, 帮邻居李阿姨报名, for my mom."""

import re
from typing import NamedTuple

from staffing.rules.chain.names import HONORIFIC, begins_with_surname, is_full_name
from staffing.rules.chain.sheet import Sheet, Span
from staffing.rules.chain.words import PROXIES, RELATION, alternatives

FOR = re.compile(
    r"(?P<verb>[替帮代])(?!忙|表|换|助|报|填|接|驾)\s?(?P<who>[^,，;；。!！?？()替帮代]{1,14}?)\s?(?P<end>(?:来|去|也|先)?(?:报名|报一个|报1个|报个名|报一下名|报上名|报个))(?!处|点|表)"
)
ENGLISH = re.compile(r"(?:for|on behalf of) (?P<who>(?:my |our |his |her )?[a-z]+(?: [a-z]+)?)")
RELATED = re.compile(rf"(?:给)?(?P<relation>(?:我们?家?的?|咱)?(?:{RELATION})+(?:家)?(?:的)?)?(?P<name>.*)")
OUR = re.compile(r"(?:my|our|his|her) [a-z]+")
MARKED = re.compile(r"[(【\[]\s?代\s?[)】\]]")
MAYBE = re.compile(r"[替帮代]|for |behalf")
SAID = re.compile(
    rf"(?P<word>{alternatives(list(PROXIES))})(?!人)(?:\s?:?\s?(?P<name>[^\s\x00-\x02,，、;；。/|+()\-—]{{2,8}}))?"
)


class Proxy(NamedTuple):
    """`name` is where the represented person's own name stands, if it does."""

    name: Span | None = None


def take(sheet: Sheet) -> Proxy | None:
    """Takes the words that say so off the sheet; whose relative it is stays for the comment."""
    if not MAYBE.search(sheet.free):
        return None
    marks = [hit.span() for hit in MARKED.finditer(sheet.free)]
    sheet.take(*marks)
    found = on_behalf(sheet) or in_english(sheet) or said(sheet)
    return found or (Proxy() if marks else None)


def on_behalf(sheet: Sheet) -> Proxy | None:
    for hit in FOR.finditer(sheet.free):
        start, end = stripped(sheet.free, *hit.span("who"))
        found = RELATED.fullmatch(sheet.free, start, end)
        relation, name = (found.span("relation"), found.span("name")) if found else ((start, start), (start, end))
        if hit["verb"] == "代" and is_family_name_dai(sheet.free, hit, name):
            continue
        name = stripped(sheet.free, *name)
        own = name[1] > name[0] and (relation[0] == relation[1] or name[1] - name[0] > 1)
        sheet.take(hit.span("verb"), hit.span("end"))
        sheet.keep([relation if own else (start, end)])
        return Proxy(name if own else None)
    return None


def stripped(free: str, start: int, end: int) -> Span:
    while start < end and free[start] in " \0给":
        start += 1
    while end > start and free[end - 1] in " \0的":
        end -= 1
    return start, end


def is_family_name_dai(free: str, hit: re.Match[str], name: Span) -> bool:
    """代强 with "报名" behind it signs up for nobody but himself."""
    opens = not free[: hit.start()].strip("\0 ")
    called = free[slice(*name)]
    known = is_full_name(called) or HONORIFIC.match(called) or len(called) > 2
    return opens and name == hit.span("who") and not (known and begins_with_surname(called))


def in_english(sheet: Sheet) -> Proxy | None:
    hit = ENGLISH.search(sheet.free)
    if not hit or not (OUR.match(hit["who"]) or hit.group().startswith("on")):
        return None
    sheet.take((hit.start(), hit.start("who")))
    if OUR.match(hit["who"]):
        sheet.keep([hit.span("who")])
        return Proxy()
    return Proxy(hit.span("who"))


def said(sheet: Sheet) -> Proxy | None:
    """代报 anywhere; the name right behind it is the person's."""
    hit = SAID.search(sheet.free)
    if not hit:
        return None
    name = hit["name"] or ""
    sheet.take((hit.start(), hit.end("word")))
    return Proxy(hit.span("name") if is_full_name(name) or HONORIFIC.fullmatch(name) else None)
