"""Where people live, in every spelling: 3号楼2单元501, 3#-2-501, B3-1102, 三号楼二单元(五〇一), Bldg 3 Unit 2 Apt 501."""

import re

from staffing.rules.chain.characters import TAKEN
from staffing.rules.chain.entries import NOWHERE, Address
from staffing.rules.chain.numbers import SMALL, number
from staffing.rules.chain.sheet import Sheet

N = rf"(?:\d{{1,3}}|{SMALL})"
LETTERED = r"(?<![a-z])[a-z]\d{0,2}"
JOIN = r"\s{0,2}[-—–/、,，·]{0,2}\s{0,2}"
DASH = r"\s?[-—–−/]\s?"
FLAT = r"(?:\d{3,4}(?![\d*])|[一二三四五六七八九][零〇一二三四五六七八九]{2,3})"
FLAT_END = r"(?:\s?室|号房|[号房户](?=[\s,，。;；、)]|$))?"
UNIT = r"(?:单元|门(?![岗卫口牌铺]))"
REACH = 16  # characters in front of a building that may belong to it
LIVES = "(?:我是|我)?(?:就?(?:家?住|现住)在?|家在|在)?"
BEFORE = re.compile(rf"{LIVES}\s?(?:(?P<court>\d{{1,2}}|{SMALL})\s?号院\s?)?(?:(?P<district>[东西南北]区)\s?)?$")
LAST_BEFORE = frozenset("在住是我院区")
BEHIND = ("的", "住")
BUILDING = re.compile(
    rf"(?=[\d一二三四五六七八九十a-z])(?<!\d)(?<!\d[.-])(?<![每送几])(?:(?P<building>{N}|{LETTERED})\s{{0,2}}(?:号楼|[栋幢座]|#楼?|(?:号|楼)(?=\s?{N}\s?{UNIT}))"
    rf"(?:{JOIN}(?P<entrance>{N})\s?{UNIT}|{JOIN}(?P<entrance_>\d{{1,2}})(?={DASH}\d{{3,4}}(?!\d)))?"
    rf"(?:(?:{JOIN}\d{{1,2}}\s?[楼层])?{JOIN}\(?(?P<flat>{FLAT})\)?{FLAT_END})?"
    rf"|(?P<building3>{LETTERED}|\d{{1,3}})\s?(?P<dash>[-—–−/])\s?(?P<entrance3>\d{{1,2}})\s?(?P=dash)\s?(?P<flat3>\d{{3,4}})(?![\d*]|-\d){FLAT_END}"
    rf"|(?P<building2>{LETTERED}|\d{{1,3}})\s?[-—–−]\s?(?P<flat2>\d{{3,4}})(?![\d*]|-\d){FLAT_END})"
)
ENTRANCE = re.compile(
    rf"(?<![\d.])(?P<entrance>{N})\s?单元(?:{JOIN}\(?(?P<flat>{FLAT})\)?{FLAT_END})?|(?<!\d)(?P<room>{FLAT})\s?(?:号房|室)"
)
APART = re.compile("单元|室|号房")
ENGLISH = re.compile(
    r"(?<![a-z])(?:(?:building|bldg|block)\.?\s?#?(?P<building>[a-z]?\d{1,3}|[a-z])|unit\.?\s?#?(?P<entrance>\d{1,2})"
    r"|(?:apartment|apt|room|rm|flat)\.?\s?#?(?P<flat>\d{3,4}))(?![a-z\d])"
)
POSSIBLE = re.compile(r"\d|[一二三四五六七八九十a-z]\s?(?:号楼|[栋幢座]|单元|号院|号|楼|#)")
ENGLISH_POSSIBLE = re.compile("b(?:ui)?ld|block|unit|apt|apartment|room|rm|flat")


def take(sheet: Sheet) -> Address:
    """The first building, entrance and flat; an entrance or a flat may stand alone or apart."""
    chinese, english = POSSIBLE.search(sheet.free), ENGLISH_POSSIBLE.search(sheet.free)
    if not chinese and not english:
        return NOWHERE
    found = Parts()
    if chinese:
        found.chinese(sheet.free)
    if english:
        found.english(sheet.free)
    sheet.take(*found.spans)
    return Address(found.building, found.entrance, found.flat)


class Parts:
    def __init__(self) -> None:
        self.building: str | None = None
        self.entrance: str | None = None
        self.flat: str | None = None
        self.spans: list[tuple[int, int]] = []

    def chinese(self, free: str) -> None:
        if hit := first_building(free):
            before = in_front(free, hit.start())
            start, end = (before or hit).start(), hit.end() + (free[hit.end() : hit.end() + 1] in BEHIND)
            self.building = f"{belongs_to(before)}{building_number(hit)}"
            self.entrance = plain(hit["entrance"] or hit["entrance_"] or hit["entrance3"])
            self.flat = plain(hit["flat"] or hit["flat3"] or hit["flat2"])
            self.spans.append((start, end))
            free = f"{free[:start]}{TAKEN * (end - start)}{free[end:]}"
        if APART.search(free):
            self.apart(free)

    def apart(self, free: str) -> None:
        for hit in ENTRANCE.finditer(free):
            if self.fill(hit["entrance"], hit["flat"] or hit["room"]):
                self.spans.append(hit.span())

    def english(self, free: str) -> None:
        for hit in ENGLISH.finditer(free):
            building = hit["building"]
            if building and not self.building:
                self.building = plain(building)
                self.spans.append(hit.span())
            elif not building and self.fill(hit["entrance"], hit["flat"]):
                self.spans.append(hit.span())

    def fill(self, entrance: str | None, flat: str | None) -> bool:
        """Take what is still missing; what is there already belongs to somebody's other address."""
        if (entrance and self.entrance) or (flat and self.flat):
            return False
        self.entrance, self.flat = self.entrance or plain(entrance), self.flat or plain(flat)
        return True


def first_building(free: str) -> re.Match[str] | None:
    """No part of a longer number, no "能送两栋", no number zero."""
    return next((hit for hit in BUILDING.finditer(free) if building_number(hit) != "0"), None)


def in_front(free: str, at: int) -> re.Match[str] | None:
    """我是, 家住, 5号院, 东区 in front of a building."""
    near = free[max(0, at - 2) : at].rstrip()
    return BEFORE.search(free, max(0, at - REACH), at) if near[-1:] in LAST_BEFORE else None


def building_number(hit: re.Match[str]) -> str | None:
    return plain(hit["building"] or hit["building3"] or hit["building2"])


def belongs_to(before: re.Match[str] | None) -> str:
    """The court and the district are part of a building's name."""
    court = before and before["court"]
    return f"{f'{number(court)}号院' if court else ''}{(before and before['district']) or ''}"


def plain(text: str | None) -> str | None:
    """Arabic digits without leading zeros; letters in capitals."""
    if text is None:
        return None
    if text.isdecimal():
        return str(int(text))
    value = number(text)
    return text.upper() if value is None else str(value)
