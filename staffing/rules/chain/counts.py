"""How many people come: 2人, +1, 带一个朋友, 一家三口, 2大1小, 和老公."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from staffing.rules.chain.names import HONORIFIC
from staffing.rules.chain.numbers import COUNT, number
from staffing.rules.chain.words import RELATION, Kind, Word

MOST = 99
TOGETHER = rf"(?:我)?(?:和|跟|与|同)(?:我的?|我们家|我家)?(?P<more>{COUNT}(?:个|名|位))?(?:我的?)?{RELATION}+"
BRINGS = rf"(?<!自)(?:再|还|另外?)?带(?:上|着|了|来)?(?:我的?)?(?!{COUNT}?个?孩)(?:(?P<brought>{COUNT})\s?(?:个|名|位)?\s?(?:人|{RELATION})|(?P<someone>个?{RELATION})(?:(?P<some>{COUNT})\s?(?:人|个|位|名)?)?)"
TOTAL = (
    rf"(?:共|报|一共|总共|合计|我们|咱们|我家|全家|一家|家里?(?={COUNT}))*\s?(?<!\d)(?P<total>{COUNT})\s?(?:个人|人(?![份次员])|位|名(?!字|单|额)|口(?:人|之家)?(?![罩子令服]))"
    rf"|(?:我们|咱们)(?P<us>{COUNT})个"
)
TIMES = r"(?<![a-z\d])(?P<times_en>\d{1,2})\s?(?:people|persons?|ppl|pax)(?![a-z])|(?<![a-z])[x×*]\s?(?P<times>\d{1,2})(?![\d人]|\s?[号栋幢#-])"
FAMILY = rf"(?P<big>{COUNT})大(?P<small>{COUNT})小"
SUM = r"(?<!\d)(?P<first>\d)\s?\+\s?(?P<second>\d)(?!\d)"
PLUS = r"\+\s?(?P<plus>\d{1,2})(?!\d|\s?(?:岁|针|剂|件|套|小时|分钟|点|时|年|月|日|号|元|天|次|斤|[楼栋幢#-]|个(?!人)))(?P<unit>\s?(?:个人|人|位|名))?"
NUMBERED = re.compile(f"(?:{SUM}|{PLUS}|{FAMILY}|{TIMES}|{BRINGS}|{TOTAL})")
WITH = re.compile(TOGETHER)
POSSIBLE = re.compile(r"[\d两一二三四五六七八九十]\s?(?:[人位名口大个]|people|person|ppl|pax)|[+x×*]\s?\d|带")
POSSIBLE_WITH = re.compile("[和跟与同]")


class Count(NamedTuple):
    people: int
    spans: tuple[tuple[int, int], ...] = ()


ONE = Count(1)


def head_count(free: str, words: Sequence[Word]) -> Count:
    """The first number of people, which wins over the words around it (我和爱人2人); else what those say."""
    beside = together(free)
    if found := numbered(free):
        return found._replace(spans=found.spans + (beside.spans if beside else ()))
    return (worded(words) if words else None) or beside or ONE


def numbered(free: str) -> Count | None:
    if not POSSIBLE.search(free):
        return None
    total = more = None
    for hit in NUMBERED.finditer(free):
        people, is_total = value(hit, free)
        if not 1 <= people <= MOST:
            continue
        if is_total and total is None:
            total = Count(people, (hit.span(),))
        elif not is_total and more is None:
            more = Count(people, (hit.span(),))
    return total or more


def value(hit: re.Match[str], free: str) -> tuple[int, bool]:
    """The people meant, and whether it is the number of all, which wins over "so many more"."""
    if hit["total"] or hit["us"] or hit["times"] or hit["times_en"]:
        return count(hit["total"] or hit["us"] or hit["times"] or hit["times_en"]), True
    if hit["big"]:
        return count(hit["big"]) + count(hit["small"]), True
    if hit["first"]:
        return count(hit["first"]) + count(hit["second"]), True
    if hit["plus"]:
        separates = hit["unit"] and "+" in free[: hit.start()] + free[hit.end() :]
        return count(hit["plus"]) + (0 if separates else 1), bool(separates)
    return 1 + count(hit["brought"] or hit["some"] or "1"), False


def count(text: str) -> int:
    return number(text) or 0


def worded(words: Sequence[Word]) -> Count | None:
    found = next((word for word in words if word.kind is Kind.COUNT), None)
    return Count(int(found.value or 1), ((found.start, found.end),)) if found else None


def together(free: str) -> Count | None:
    if not POSSIBLE_WITH.search(free) or not (hit := WITH.search(free)):
        return None
    if not free[: hit.start()].strip() and HONORIFIC.fullmatch(hit.group()):  # 和 is a family name as well
        return None
    return Count(1 + count(hit["more"][:-1] if hit["more"] else "1"), (hit.span(),))
