"""Labels such as "姓名：" are dropped and decide what follows."""

import re
from typing import NamedTuple

from staffing.rules.chain.clocks import bare_range
from staffing.rules.chain.entries import Address
from staffing.rules.chain.numbers import COUNT, SMALL, number
from staffing.rules.chain.sheet import Sheet, Span

NAMES = {
    "name": "姓名 名字 称呼 真实姓名 name",
    "building": "楼号 楼栋 楼栋号 栋号 楼幢 幢号 楼座 building bldg",
    "entrance": "单元 单元号 unit",
    "flat": "房号 房间 房间号 室号 门牌 门牌号 房屋号 room apt",
    "phone": "电话 手机 手机号 手机号码 电话号码 联系电话 联系方式 联系 tel phone mobile",
    "people": "人数 报名人数 people",
    "time": "时间 时段 班次 可服务时间 服务时间 时间段 time",
    "other": "地址 住址 家庭住址 家庭地址 住处 岗位 意向 意向岗位 岗位意向 职务 备注 说明 昵称 群昵称 address role job note",
}
MEANING = {word: kind for kind, words in NAMES.items() for word in words.split()}
WORDS = "|".join(sorted(MEANING, key=len, reverse=True))
LABEL = re.compile(rf"(?:(?<![a-z\d一二三四五六七八九十])|(?=人数))({WORDS})\s?:\s{{0,3}}")
HEADER_ROW = re.compile(
    rf"[\s|]*(?:序号|编号|(?:{WORDS}))(?:[\s|,，/]+(?:{WORDS}|楼|单元|岗位|备注|时间|序号|签到))+[\s|]*"
)
NUMBER = re.compile(rf"(?:第)?(\d{{1,3}}|{SMALL})(?=[\s,，;；、|+\x00]|/(?!\s?\d)|$)")
FLAT = re.compile(r"(\d{3,4})(?=[\s,，;；、/|+\x00]|$)")
PEOPLE = re.compile(rf"(?:共)?({COUNT})(?:个人|人|位|名)?")


class Labelled(NamedTuple):
    """What labels alone can say: where the name begins, and bare numbers behind "楼号：" and the like."""

    name_from: int | None = None
    building: str | None = None
    entrance: str | None = None
    flat: str | None = None
    people: int | None = None
    time: str | None = None


NONE = Labelled()


def labelled(sheet: Sheet) -> Labelled:
    if ":" not in sheet.free:
        return NONE
    found: dict[str, object] = {}
    for hit in list(LABEL.finditer(sheet.free)):
        sheet.take(hit.span())
        kind = MEANING[hit[1]]
        if kind == "name":
            found.setdefault("name_from", hit.end())
        elif value := behind(kind, sheet, hit.end()):
            found.setdefault(kind, value)
    return Labelled(**found) if found else NONE  # type: ignore[arg-type]


def completed(address: Address, said: Labelled) -> Address:
    if said is NONE:
        return address
    return Address(address.building or said.building, address.entrance or said.entrance, address.flat or said.flat)


def behind(kind: str, sheet: Sheet, start: int) -> object | None:
    if kind == "time":
        return bare_range(sheet.free[start : start + 24])
    pattern = {"building": NUMBER, "entrance": NUMBER, "flat": FLAT, "people": PEOPLE}.get(kind)
    hit = pattern.match(sheet.free, start) if pattern else None
    if hit is None:
        return None
    span: Span = hit.span()
    sheet.take(span)
    value = number(hit[1])
    return value if kind == "people" else str(value)
