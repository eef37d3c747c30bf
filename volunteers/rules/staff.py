"""One row of an organisation's staff list, read: headings in Chinese or English, every fault told at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from communities.rules.cells import as_meant
from communities.rules.headings import Columns, located
from communities.rules.words import clean_name, clean_phone

HEADINGS: dict[str, tuple[str, ...]] = {
    "external_id": ("工号", "编号", "人员编号", "职工号", "staffnumber", "staffno", "externalid", "employeeid", "id"),
    "name": ("姓名", "名字", "name", "fullname"),
    "phone": ("手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "phone", "mobile", "phonenumber"),
    "address": ("住址", "居住地", "居住地址", "家庭住址", "现住址", "住在", "居住小区", "小区", "address", "home", "residence"),
    "skills": ("特长", "技能", "能做", "专长", "skills", "skill"),
    "adult": ("满18岁", "成年", "已满18", "adult", "18orover"),
}  # fmt: skip
NEEDED = ("name", "phone")
COLUMN_OF = {word: field for field, words in HEADINGS.items() for word in words}
NO = {"否", "不", "n", "no", "false", "0"}
MOBILE = re.compile(r"1[3-9]\d{9}")
MOST_SKILLS = 8


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the list. `problems` are codes; with any of them the row is not taken over."""

    external_id: str
    name: str
    phone: str
    address: str
    skills: tuple[str, ...]
    is_adult: bool
    problems: tuple[str, ...] = ()


def columns(heading: Sequence[str]) -> Columns:
    return located(heading, COLUMN_OF, NEEDED)


def member(cells: Sequence[str], at: dict[str, int], *, demo: bool = False) -> Member:
    """The row as a person meant it, with everything that is wrong with it."""
    said = partial(cell, cells, at)
    name, phone = clean_name(said("name")), phone_of(said("phone"), demo=demo)
    external_id = said("external_id")
    faults = {
        "name_missing": not said("name"),
        "bad_name": bool(said("name")) and not name,
        "phone_missing": not said("phone"),
        "bad_phone": bool(said("phone")) and not phone,
        "bad_staff_number": len(external_id) > 40,
        "minor": said("adult").casefold() in NO,
    }
    return Member(
        external_id=external_id[:40],
        name=name or "",
        phone=phone or "",
        address=said("address")[:200],
        skills=skills_of(said("skills")),
        is_adult=not faults["minor"],
        problems=tuple(code for code, wrong in faults.items() if wrong),
    )


def cell(cells: Sequence[str], at: dict[str, int], field: str) -> str:
    place = at.get(field, -1)
    return str(as_meant(cells[place])).strip() if 0 <= place < len(cells) else ""


def phone_of(text: str, *, demo: bool) -> str | None:
    """E.164. A plain mainland mobile, which is nearly all of a list, is known at sight."""
    return f"+86{text}" if MOBILE.fullmatch(text) else clean_phone(text, demo=demo)


def skills_of(text: str) -> tuple[str, ...]:
    words = (word.strip().casefold() for word in re.split(r"[,;，；、/|]", text))
    return tuple(dict.fromkeys(word[:40] for word in words if word))[:MOST_SKILLS]
