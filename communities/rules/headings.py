"""The heading of a table that somebody uploads: which column holds what, whatever it is called and wherever it stands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MARKS = re.compile(r"[\s_\-（）()*：:]")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; `missing` are needed ones that are not there, `strange` headings nobody reads."""

    at: dict[str, int]
    missing: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()


def located(heading: Sequence[str], column_of: Mapping[str, str], needed: Sequence[str]) -> Columns:
    """The fields of `column_of` (by their names in small letters without marks); of two alike the first counts."""
    found: dict[str, int] = {}
    strange = []
    for place, text in enumerate(heading):
        field = column_of.get(MARKS.sub("", text).casefold())
        if field and field not in found:
            found[field] = place
        elif text:
            strange.append(text[:40])
    return Columns(found, tuple(name for name in needed if name not in found), tuple(strange))
