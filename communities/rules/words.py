"""Reading what people type: names in any script, phones in any spelling, clock times as they come."""

import re
import unicodedata
from datetime import time

import phonenumbers

DEMO_PHONE = re.compile(r"\+8612\d{9}")
CONTROL = {"Cc", "Cs", "Co", "Cn"}
BIDI = {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"}


def clean_name(text: str, limit: int = 120) -> str | None:
    """NFC, inner spaces folded; None if empty, too long, or with control or direction-override characters."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name or len(name) > limit or any(unicodedata.category(c) in CONTROL or c in BIDI for c in name):
        return None
    return name if any(unicodedata.category(c)[0] in "LNS" for c in name) else None


def clean_phone(text: str, region: str = "CN", *, demo: bool = False) -> str | None:
    """E.164 from any spelling (+86, spaces, full-width digits); None if it cannot be a phone that takes messages.

    `demo` also lets the numbers of demo people through, which no network gives out.
    """
    plain = re.sub(r"[\s\-().·]", "", unicodedata.normalize("NFKC", text))
    digits = plain if plain.startswith("+") else f"+86{plain.removeprefix('0086')}" if region == "CN" else plain
    if demo and DEMO_PHONE.fullmatch(digits):
        return digits
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        return None
    return (
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(number)
        else None
    )


def masked(phone: str | None) -> str:
    """The last four digits, which is all that others see."""
    return phone[-4:] if phone else ""


def clean_clock(text: str) -> time | None:
    """A clock time as typed: 05:30, 5:30, 530, ０５：３０."""
    found = re.fullmatch(r"(\d{1,2})[:.]?(\d{2})", unicodedata.normalize("NFKC", text).strip())
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2])
    return time(hour, minute) if hour < 24 and minute < 60 else None
