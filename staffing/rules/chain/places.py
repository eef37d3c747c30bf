"""Where people live, in every spelling: 3号楼2单元501, 3#-2-501, B3-1102, 三号楼二单元(五〇一), Bldg 3 Unit 2 Apt 501."""

import re
from collections.abc import Iterator

from staffing.rules.chain.entries import Address
from staffing.rules.chain.numbers import SMALL, number
from staffing.rules.chain.sheet import Sheet

N = rf"(?:\d{{1,3}}|{SMALL})"
LETTERED = r"(?<![a-z])[a-z]\d{0,2}"
JOIN = r"\s{0,2}[-—–/、,，·]{0,2}\s{0,2}"
DASH = r"\s?[-—–−/]\s?"
FLAT = r"(?:\d{3,4}(?![\d*])|[一二三四五六七八九][零〇一二三四五六七八九]{2,3})"
FLAT_END = r"(?:\s?(?:号?房|室|户))?"
UNIT = r"(?:单元|门(?![岗卫口牌铺]))"
COURT = rf"(?:(?P<court>\d{{1,2}}|{SMALL})\s?号院\s?)?(?:(?P<district>[东西南北]区)\s?)?"
LIVES = r"(?:我是|我)?(?:就?(?:家?住|现住)在?|家在|在)?\s?"
BUILDING = re.compile(
    rf"(?P<lives>{LIVES})(?<!\d)(?<!\d[.-])(?<!每)(?<!送)(?<!几){COURT}"
    rf"(?:(?P<building>{N}|{LETTERED})\s{{0,2}}(?:号楼|[栋幢座]|#楼?|(?:号|楼)(?=\s?{N}\s?{UNIT}))"
    rf"(?:{JOIN}(?P<entrance>{N})\s?{UNIT}|{JOIN}(?P<entrance_>\d{{1,2}})(?={DASH}\d{{3,4}}(?!\d)))?"
    rf"(?:(?:{JOIN}\d{{1,2}}\s?[楼层])?{JOIN}\(?(?P<flat>{FLAT})\)?{FLAT_END})?"
    rf"|(?P<building3>{LETTERED}|\d{{1,3}}){DASH}(?P<entrance3>\d{{1,2}}){DASH}(?P<flat3>\d{{3,4}})(?![\d*-]){FLAT_END}"
    rf"|(?P<building2>{LETTERED}|\d{{1,3}}){DASH}(?P<flat2>\d{{3,4}})(?![\d*-]){FLAT_END})(?P<of>的|住)?"
)
ENTRANCE = re.compile(
    rf"(?<![\d.])(?P<entrance>{N})\s?单元(?:{JOIN}\(?(?P<flat>{FLAT})\)?{FLAT_END})?|(?<!\d)(?P<room>{FLAT})\s?(?:号房|室)"
)
ENGLISH = re.compile(
    r"(?<![a-z])(?:(?:building|bldg|block)\.?\s?#?(?P<building>[a-z]?\d{1,3}|[a-z])|unit\.?\s?#?(?P<entrance>\d{1,2})"
    r"|(?:apartment|apt|room|rm|flat)\.?\s?#?(?P<flat>\d{3,4}))(?![a-z\d])"
)
POSSIBLE = re.compile(r"\d|[一二三四五六七八九十a-z]\s?(?:号楼|[栋幢座]|单元|号院|号|楼|#)")
ENGLISH_POSSIBLE = re.compile("b(?:ui)?ld|block|unit|apt|apartment|room|rm|flat")


def take(sheet: Sheet) -> Address:
    """The first building, entrance and flat; an entrance or a flat may stand alone or apart."""
    found = Parts()
    if POSSIBLE.search(sheet.free):
        found.chinese(sheet.free)
    if ENGLISH_POSSIBLE.search(sheet.free):
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
        start = end = 0
        if hit := next(buildings(free), None):
            start, end = hit.span()
            self.building = building_name(hit)
            self.entrance = plain(hit["entrance"] or hit["entrance_"] or hit["entrance3"])
            self.flat = plain(hit["flat"] or hit["flat3"] or hit["flat2"])
            self.spans.append((start, end))
        for hit in ENTRANCE.finditer(free):
            apart = hit.end() <= start or hit.start() >= end
            if apart and self.fill(hit["entrance"], hit["flat"] or hit["room"]):
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


def buildings(free: str) -> Iterator[re.Match[str]]:
    """Matches that may be a building: no date and no zero."""
    return (hit for hit in BUILDING.finditer(free) if (building_number(hit) or "0") != "0")


def building_number(hit: re.Match[str]) -> str | None:
    return plain(hit["building"] or hit["building3"] or hit["building2"])


def building_name(hit: re.Match[str]) -> str:
    court = f"{number(hit['court'])}号院" if hit["court"] else ""
    return f"{court}{hit['district'] or ''}{building_number(hit)}"


def plain(text: str | None) -> str | None:
    """Arabic digits without leading zeros; letters in capitals."""
    if text is None:
        return None
    value = number(text)
    return text.upper() if value is None else str(value)
