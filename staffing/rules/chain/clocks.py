"""Clock ranges: 5:30-12:00, 8-11点, 早上六点到九点, 晚7点到10点."""

import re
from typing import NamedTuple

from staffing.rules.chain.numbers import number
from staffing.rules.chain.sheet import Sheet

HALF_DAY = r"(?:早上|上午|清晨|早晨|凌晨|中午|下午|午后|傍晚|晚上|今晚|明晚|明早|今早|夜里|半夜|早|晚)"
HOUR = r"(?:\d{1,2}|二?十[一二三四五六七八九]?|[零一二两三四五六七八九])"
MINUTE = r"(?::\d{2}|[点时](?:半|[一三]刻|\d{1,2}分?|[二三四五]?十[一二三四五六七八九]?分?)?(?:钟|整)?)"
DOTTED = r"\.\d{2}"
TO = r"\s{0,2}(?:[-—–~―]{1,4}|至|到)\s{0,2}"
MARKED = re.compile("[点时]|[0-9][:.][0-9]{2}")
RANGE = re.compile(
    rf"(?<![\d.:])从?(?P<half1>{HALF_DAY})?\s?(?P<hour1>{HOUR})"
    rf"(?:(?P<minute1>{MINUTE}){TO}(?P<half2>{HALF_DAY})?\s?(?P<hour2>{HOUR})(?P<minute2>{MINUTE}|(?![\d点时]|\s?[号栋幢#人位名个楼月日单-]))"
    rf"|(?P<dot1>{DOTTED}){TO}(?P<dhalf>{HALF_DAY})?\s?(?P<dhour>\d{{1,2}})(?P<dot2>{DOTTED})"
    rf"|{TO}(?P<bhalf>{HALF_DAY})?\s?(?P<bhour>{HOUR})(?P<bminute>{MINUTE}))(?!\d)"
)
BARE = re.compile(rf"({HALF_DAY})?\s?(\d{{1,2}}){TO}({HALF_DAY})?(\d{{1,2}})(?![\d-])")
SINGLE = re.compile(
    rf"(?<![\d.:])\d{{1,2}}(?::\d{{2}}(?!\d)|[点时](?:半|[一三]刻|\d{{1,2}}分?)?)|(?<![零一二三四五六七八九十]){HOUR}点(?:半|[一三]刻)?"
)
QUARTERS = {"": 0, "半": 30, "一刻": 15, "三刻": 45}
EVENING = 18 * 60
LATE = {"下午", "午后", "傍晚", "晚上", "今晚", "明晚", "晚"}


class Clock(NamedTuple):
    start: int
    end: int
    value: str


def take(sheet: Sheet) -> Clock | None:
    """The first range of clock times that can be one; single times are kept from being read as anything else."""
    if not MARKED.search(sheet.free):
        return None
    found = None
    for hit in RANGE.finditer(sheet.free):
        if value := worded(*parts(hit)):
            found = Clock(hit.start(), hit.end(), value)
            sheet.take(hit.span())
            break
    sheet.keep([hit.span() for hit in SINGLE.finditer(sheet.free)])
    return found


def bare_range(text: str) -> str | None:
    """What stands behind a label "time" needs no mark: "8-11"."""
    hit = BARE.match(text)
    return worded(hit[1], hit[2], "", hit[3], hit[4], "") if hit else None


def parts(hit: re.Match[str]) -> tuple[str | None, str, str, str | None, str, str]:
    if hit["minute1"]:
        return hit["half1"], hit["hour1"], hit["minute1"], hit["half2"], hit["hour2"], hit["minute2"]
    if hit["dot1"]:
        return hit["half1"], hit["hour1"], hit["dot1"], hit["dhalf"], hit["dhour"], hit["dot2"]
    return hit["half1"], hit["hour1"], "", hit["bhalf"], hit["bhour"], hit["bminute"]


def worded(half1: str | None, hour1: str, minute1: str, half2: str | None, hour2: str, minute2: str) -> str | None:
    """HH:MM-HH:MM. The half day of the start holds for the end too, unless that has its own or would come first."""
    start = minutes(half1, hour1, minute1)
    end = minutes(half2 or half1, hour2, minute2)
    if start is None or end is None:
        return None
    if end <= start and half1 and not half2:
        end = minutes(None, hour2, minute2) or 0
    if end <= start and start < EVENING:
        end += 12 * 60
    over_midnight = start >= EVENING and end != start
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}" if end > start or over_midnight else None


def minutes(half: str | None, hour: str, minute: str) -> int | None:
    """Minutes since midnight; None if there is no such time."""
    hours, past = number(hour), past_hour(minute)
    if hours is None or hours > 24 or past > 59:
        return None
    late = half in LATE and 1 <= hours <= 11
    return min((hours + 12 * late) * 60 + past, 24 * 60)


def past_hour(minute: str) -> int:
    rest = minute.lstrip(":.点时").rstrip("分钟整")
    return QUARTERS[rest] if rest in QUARTERS else number(rest) or 0
