"""A problem to be worked out by many: as a file, and in parts that share nothing, each a problem of its own."""

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from staffing.matching.company import Wishes, in_company
from staffing.matching.problems import Array, Int32s, Ints, Problem, problem
from staffing.matching.stability import CHANGE, keeping, sorted_pairs
from staffing.queries.matching import ALL_MINUTES, PIN, Arrays
from staffing.queries.matching_tables import Table
from staffing.rules import fillings as rules
from staffing.rules.fatigue import Interval
from staffing.rules.fillings import Candidate, Opening, Slot
from staffing.rules.signups import Place


def packed(found: Arrays, part: Int32s) -> bytes:
    """As an .npz file, with the parts it was cut into."""
    plain: dict[str, Any] = {name: value for name, value in vars(found).items() if isinstance(value, np.ndarray)}
    plain["part"] = part
    for name, one in found.allowed.items():
        plain |= {f"allowed.{name}.{part}": value for part, value in one._asdict().items()}
    plain |= {f"barred.{name}": value for name, value in found.barred.items()}
    file = io.BytesIO()
    np.savez_compressed(file, **plain)
    return file.getvalue()


def unpacked(data: bytes) -> tuple[Arrays, Int32s]:
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        read = {name: file[name] for name in file.files}
    names = [name.split(".")[1] for name in read if name.startswith("allowed.") and name.endswith(".values")]
    allowed = {
        name: Table(*(read.pop(f"allowed.{name}.{part}") for part in Table._fields))
        for name in names
    }  # fmt: skip
    barred = {name.removeprefix("barred."): read.pop(name) for name in list(read) if name.startswith("barred.")}
    part = read.pop("part")
    return Arrays(**read, allowed=allowed, barred=barred), part


PART = 2_000  # people that make a part worth a task of its own


def parts(found: Arrays, size: int | None = None) -> Int32s:
    """[V] in which part each person is, -1 for those who may take nothing. No pair connects two parts, and people who
    come together are in one.

    Small components go together up to `size` people; the order is that of the people, so it is the same everywhere.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    people, rows = len(found.people), len(found.posts)
    ends = np.concatenate([found.ptr, np.full(rows, found.ptr[-1])])
    size_of = (people + rows, people + rows)
    graph = csr_array((np.ones(len(found.row), dtype=np.int8), found.row + people, ends), shape=size_of)
    ties = np.ones(len(found.mates), dtype=np.int8), (found.mates[:, 0], found.mates[:, 1])
    graph = graph + csr_array(ties, shape=size_of)
    _count, label = connected_components(graph, directed=False)
    able = np.flatnonzero(np.diff(found.ptr) > 0)
    _labels, first, group, count = np.unique(label[able], return_index=True, return_inverse=True, return_counts=True)
    number = np.zeros(len(first), dtype=np.int32)
    no = inside = 0
    for one in np.argsort(first, kind="stable").tolist():
        if inside and inside + count[one] > (size or PART):
            no, inside = no + 1, 0
        number[one] = no
        inside += int(count[one])
    part = np.full(people, -1, dtype=np.int32)
    part[able] = number[group]
    return part


class Part(NamedTuple):
    """A problem of some of the people; `pairs[n]` is the place in the whole of its n-th pair."""

    problem: Problem
    pairs: Ints
    kept: Ints | None
    wishes: Wishes


def part_of(found: Arrays, people: Ints) -> Part:
    """Only these people, and the rows that any of them may take. O(pairs)."""
    inside = np.concatenate([np.arange(found.ptr[v], found.ptr[v + 1]) for v in people] or [np.empty(0)]).astype(
        np.int64
    )
    rows, row = np.unique(found.row[inside], return_inverse=True)
    cost = found.cost.copy()
    cost[found.pinned] -= PIN
    count = np.diff(found.ptr)[people]
    small = problem(
        ptr=np.concatenate([[0], np.cumsum(count)]),
        row=row.astype(np.int32),
        cost=cost[inside],
        slot=found.slot[rows],
        seats=found.seats[rows],
        weight=found.weight[rows],
        start=found.start,
        end=found.end,
        day=found.day,
        clash=found.clash,
        rest=np.zeros(len(people), dtype=np.int32),
        day_minutes=found.day_minutes[people],
        all_minutes=np.full(len(people), ALL_MINUTES, dtype=np.int32),
        load=found.load[people],
        fairness=np.array(rules.OFTEN, dtype=np.int32),
    )
    kept = np.flatnonzero(np.isin(inside, found.kept))
    wishes = Wishes(found.point[rows], found.seasoned[people], found.settled, among(found.mates, people))
    return Part(small, inside, kept if len(found.kept) else None, wishes)


def among(mates: Array, people: Ints) -> Array:
    """The pairs within these people (rising), by their places among them."""
    place = np.searchsorted(people, mates)
    here = np.isin(mates, people).all(axis=1)
    return place[here].astype(np.int32)


def solved(piece: Part, pairs: Ints) -> Ints:
    """The plan of the part, improved by exchanges for experience and company, in pairs of the whole."""
    if not len(pairs):
        return np.empty(0, dtype=np.int64)
    p = piece.problem
    if piece.kept is not None:
        p = keeping(p, sorted_pairs(p, piece.kept), CHANGE)
    better = in_company(p, sorted_pairs(p, pairs), piece.wishes)
    return piece.pairs[np.sort(p.origin[better])].astype(np.int64)


def sifted(
    chosen: Sequence[tuple[int, int]], people: Mapping[int, Candidate], posts: Mapping[int, Opening]
) -> list[tuple[int, int]]:
    """Of the chosen pairs (volunteer, post) those that each person may accept, all of them, in any order.

    Two by two they always can; three short blocks in one duty may be more than the rules let anybody do.
    """
    mine: defaultdict[int, list[int]] = defaultdict(list)
    for volunteer, post in chosen:
        mine[volunteer].append(post)
    found = []
    for volunteer, wanted in mine.items():
        taken: list[tuple[Slot, Place]] = []
        busy: Sequence[Interval] = people[volunteer].busy
        for post in sorted(wanted, key=lambda post: (posts[post].priority, posts[post].when, post)):
            more = [*taken, (rules.slot(posts[post]), posts[post].place)]
            if (len(more) == 1 and not busy) or rules.together(more, busy):
                taken = more
                found.append((volunteer, post))
    return found
