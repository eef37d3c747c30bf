"""Numbers in Arabic digits and in Chinese ones."""

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}

SMALL = r"(?:[二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"  # 1 to 99
COUNT = rf"(?:\d{{1,2}}|两|{SMALL})"


def number(text: str) -> int | None:
    """The value of "12", "十二", "五〇一" or "一百零五"; None if it is no number."""
    if text.isdecimal():
        return int(text)
    if not text or any(char not in DIGITS and char not in "十百" for char in text):
        return None
    return spoken(text) if "十" in text or "百" in text else int("".join(str(DIGITS[char]) for char in text))


def spoken(text: str) -> int:
    total, digit = 0, 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        else:
            total += (digit or 1) * (100 if char == "百" else 10)
            digit = 0
    return total + digit
