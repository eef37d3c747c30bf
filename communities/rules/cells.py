"""Cells of a spreadsheet that somebody else will open: what would run there is made plain text."""

import re
import unicodedata
from typing import Any

FORMULA = set("=+-@\t\r\n")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def is_formula(text: str) -> bool:
    """A spreadsheet would run this cell; full-width signs count, since some read them as the plain ones."""
    return unicodedata.normalize("NFKC", text[:1])[:1] in FORMULA and not NUMBER.fullmatch(text)


def harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value and is_formula(value) else value


def as_meant(value: Any) -> Any:
    """What `harmless` was given: so that what goes out comes in again the same."""
    return value[1:] if isinstance(value, str) and value[:1] == "'" and is_formula(value[1:]) else value
