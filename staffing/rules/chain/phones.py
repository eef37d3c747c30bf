"""Phone numbers, and other runs of digits that are none."""

import re

from staffing.rules.chain.sheet import Sheet, Span

GAP = r"(?:[ ]{1,2}|[ ]?[-–—.][ ]?)"
DIGITS = rf"1(?:\d{{10}}|\d{{2}}{GAP}\d{{4}}{GAP}\d{{4}}|\d{{3}}{GAP}\d{{4}}{GAP}\d{{3}}|\d{{2}}{GAP}\d{{3}}{GAP}\d{{5}})(?!\d|\*)"
PREFIX = r"(?:\(\s?\+?\s?(?:00)?86\s?\)|\+\s?86|(?:00)?86)[ .–-]{0,2}"
LABEL = r"(?:(?:联系|手机|移动)?电话(?:号码?)?|手机(?:号码?)?|联系方式|tel|phone|mobile)\.?\s{0,2}:?\s{0,2}"
NUMBER = re.compile(DIGITS)
BEFORE = re.compile(rf"(?:{LABEL})?(?:(?<!\d){PREFIX})?$")
SOME = re.compile(r"\d{3}|[*]{2}|\d岁")
PREFIX_ENDS = frozenset("6)话码机式le")
NOT_BEFORE = frozenset("0123456789*")
REACH = 24  # characters in front of a number that may belong to it
FLAT = re.compile(r"10[1-9](?!\d)")  # the room in front of a number that is grouped 4-4-3: 103 1201 2345 678
AT_START = re.compile(
    rf"\s*(?:{PREFIX})?1(?:\d{{10}}|\d\d(?P<gap>{GAP})(?:\d{{4}}(?P=gap)\d{{4}}|\d{{3}}(?P=gap)\d{{5}}))(?!\d|\*)"
)
OTHER = re.compile(
    r"(?:另一个号|尾号|后四位|末四位|拨打|打|拨)\s?:?\s?\d{3,}|\d{3,4}-\d{7,8}|\d{7,}|\d+\*{2,}\d*|\*{2,}\d+"
    r"|(?<!\d)1\d{2}[ -]\d{4}[ -]\d{2,5}|\d{1,3}岁"
)
SOME_OTHER = re.compile(r"\d{7}|\*\*|[号位打拨]\s?:?\s?\d|\d岁|\d[ -]\d{4}")


def take(sheet: Sheet) -> str | None:
    """The first number of 11 digits that begins with 1, in E.164; other digits are kept from being read as fields."""
    if not SOME.search(sheet.free):
        return None
    span, found = first_number(sheet.free)
    sheet.take(span)
    if SOME_OTHER.search(sheet.free):
        sheet.keep([other.span() for other in OTHER.finditer(sheet.free)])
    return found


def start_of_prefix(free: str, start: int) -> int:
    """Where "电话：" or "+86" in front of a number begins; the number's own start if there is none."""
    if free[max(0, start - 4) : start].rstrip(" .:–-")[-1:] not in PREFIX_ENDS:
        return start
    before = BEFORE.search(free, max(0, start - REACH), start)
    return before.start() if before else start


def first_number(free: str) -> tuple[Span, str | None]:
    hit = number_from(free, 0)
    if hit and FLAT.match(free, hit.start()) and (other := number_from(free, hit.start() + 1)):
        hit = other if other.start() < hit.end() else hit
    if not hit:
        return (0, 0), None
    return (start_of_prefix(free, hit.start()), hit.end()), "+86" + re.sub(r"\D", "", hit.group())


def number_from(free: str, at: int) -> re.Match[str] | None:
    """The next run of eleven digits that is not the end of a longer one. Runs may overlap: 1102 1205 4254 601."""
    while hit := NUMBER.search(free, at):
        start = hit.start()
        if free[start - 1 : start] not in NOT_BEFORE or start_of_prefix(free, start) < start:
            return hit
        at = start + 1
    return None
