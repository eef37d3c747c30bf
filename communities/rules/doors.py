"""Doors by a pattern, or read from a list: one row is one door, every fault told at once."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from communities.rules.cells import as_meant
from communities.rules.headings import Columns, located

MOST_STOREYS, MOST_FLATS, MOST_DOORS = 60, 20, 5000
HEADINGS: dict[str, tuple[str, ...]] = {
    "building": ("楼栋", "楼号", "楼", "幢", "栋", "building", "block"),
    "entrance": ("单元", "门洞", "entrance", "stairwell", "unit"),
    "number": ("房号", "门牌", "门牌号", "室", "户号", "door", "flat", "number", "apartment"),
    "floor": ("楼层", "层", "floor", "storey"),
    "has_lift": ("电梯", "有无电梯", "lift", "elevator", "haslift"),
}
NEEDED = ("building", "entrance", "number")
COLUMN_OF = {word: field for field, words in HEADINGS.items() for word in words}
YES, NO = {"有", "是", "yes", "y", "true", "1"}, {"无", "没有", "否", "no", "n", "false", "0"}
LONGEST = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A door where it stands. `has_lift` None: not said."""

    building: str
    entrance: str
    number: str
    floor: int | None = None
    has_lift: bool | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list. With any of `problems` it is not taken."""

    no: int
    place: Place
    problems: tuple[str, ...] = ()


def pattern(building: str, entrance: str, storeys: int, flats: int, *, has_lift: bool) -> list[Place]:
    """Six floors of three flats: 101 to 603."""
    return [
        Place(building, entrance, f"{floor}{flat:02d}", floor, has_lift)
        for floor in range(1, storeys + 1)
        for flat in range(1, flats + 1)
    ]


def columns(heading: Sequence[str]) -> Columns:
    return located(heading, COLUMN_OF, NEEDED)


def lines(rows: Iterable[Sequence[str]], at: dict[str, int]) -> Iterator[Line]:
    """The rows after the heading, numbered as in a spreadsheet."""
    seen: set[tuple[str, str, str]] = set()
    for no, cells in enumerate(rows, 2):
        found = line(no, cells, at)
        key = (found.place.building, found.place.entrance, found.place.number)
        twice = ("door_twice",) if key in seen else ()
        seen.add(key)
        yield Line(no, found.place, found.problems + twice)


def line(no: int, cells: Sequence[str], at: dict[str, int]) -> Line:
    said = {field: cell(cells, at, field) for field in HEADINGS}
    floor = floor_of(said["floor"], said["number"])
    lift = said["has_lift"].casefold()
    faults = {
        "building_missing": not said["building"],
        "entrance_missing": not said["entrance"],
        "door_missing": not said["number"],
        "too_long": any(len(said[field]) > LONGEST for field in NEEDED),
        "bad_floor": bool(said["floor"]) if floor is None else not -5 <= floor <= 200,
        "bad_lift": bool(lift) and lift not in YES | NO,
    }
    building, entrance, number = (said[field][:LONGEST] for field in NEEDED)
    place = Place(building, entrance, number, floor, None if lift not in YES | NO else lift in YES)
    return Line(no, place, tuple(code for code, wrong in faults.items() if wrong))


def cell(cells: Sequence[str], at: dict[str, int], field: str) -> str:
    place = at.get(field, -1)
    return str(as_meant(cells[place])).strip() if 0 <= place < len(cells) else ""


def floor_of(said: str, number: str) -> int | None:
    """As written, else what stands before the last two digits of the door; None for words that are no floor."""
    if re.fullmatch(r"-?\d{1,3}", said):
        return int(said)
    if said:
        return None
    found = re.fullmatch(r"(\d{1,2})\d{2}", number)
    return int(found[1]) if found else None
