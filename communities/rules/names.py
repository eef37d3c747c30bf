"""How a message addresses somebody: by the first name, with nothing in it that a phone would act on."""

import unicodedata

DOUBLE_SURNAMES = {"欧阳", "司马", "上官", "诸葛", "司徒", "东方", "皇甫", "令狐", "慕容", "尉迟", "夏侯", "公孙"}
LONGEST = 20


def spoken(text: str, limit: int = 60) -> str:
    """Without control and direction characters and line breaks, one space at most, cut to `limit`."""
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join(plain.split())[:limit].strip()


def first_name(name: str) -> str:
    """安然 of 王安然, Anna of Anna Berg; "" if there is none. Only letters, digits, marks, - and ' are left."""
    letters = "".join(c if unicodedata.category(c)[0] in "LMN" or c in "-'’" else " " for c in name)
    words = letters.split()
    if not words:
        return ""
    return (given_name(words[0]) if is_han(words[0][0]) else words[0])[:LONGEST]


def given_name(name: str) -> str:
    """Without the surname, where something is left then."""
    surname = 2 if name[:2] in DOUBLE_SURNAMES else 1
    return name[surname:] or name


def is_han(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK")
