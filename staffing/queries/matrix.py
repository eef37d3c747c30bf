"""Places across, roles down: the map of a block of a call."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from communities.models import Compound, Site
from staffing.models import Post, Role, Shift


@dataclass(slots=True)
class Cell:
    """The seats of one role at one place; none if the place has no such post."""

    column: "Column"
    post: Post | None = None
    foreign: bool = False

    @property
    def short(self) -> int:
        return self.post.missing if self.post else 0


@dataclass(slots=True)
class Column:
    shift: Shift
    edge: bool = False
    have: int = 0
    need: int = 0
    cells: list[Cell] = field(default_factory=list)

    @property
    def site(self) -> Site:
        return self.shift.site


@dataclass(frozen=True, slots=True)
class Group:
    """The columns of one compound, side by side."""

    compound: Compound | None
    width: int
    missing: int
    edge: bool


@dataclass(slots=True)
class Matrix:
    columns: Sequence[Column]
    groups: Sequence[Group]
    rows: Sequence[tuple[Role, Sequence[Cell]]]


def matrix(posts: Sequence[Post]) -> Matrix | None:
    """Places across, roles down. Own roles first; seats of others come last and do not count."""
    if not posts:
        return None
    columns: dict[int, Column] = {}
    cells: dict[tuple[int, int], Cell] = {}
    roles: dict[int, Role] = {}
    for post in posts:
        column = columns.setdefault(post.shift_id, Column(post.shift))
        roles[post.role_id] = post.role
        foreign = not post.role.counted or post.agency_id is not None
        cells[post.shift_id, post.role_id] = Cell(column, post, foreign)
        if not foreign:
            column.need += post.seats
            column.have += post.taken
    order = sorted(roles.values(), key=lambda role: (not role.counted, role.pk))
    rows = [(role, [cells.get((pk, role.pk), Cell(column)) for pk, column in columns.items()]) for role in order]
    for index, column in enumerate(columns.values()):
        column.cells = [line[index] for _role, line in rows]
    return Matrix(list(columns.values()), groups(list(columns.values())), rows)


def groups(columns: Sequence[Column]) -> list[Group]:
    found: dict[int | None, list[Column]] = defaultdict(list)
    for column in columns:
        found[column.site.compound_id].append(column)
    first = True
    made = []
    for members in found.values():
        members[0].edge = not first
        missing = sum(column.need - column.have for column in members)
        made.append(Group(members[0].site.compound, len(members), missing, not first))
        first = False
    return made
