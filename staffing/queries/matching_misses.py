"""By which rule alone people are kept from a post: counted once for all posts that are alike from afar, and anew for
those people only who have to do with a post.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from staffing.matching.problems import Array, Int32s, Ints
from staffing.queries.matching import Arrays
from staffing.queries.matching_tables import Table

NONE, SEVERAL = -1, -2  # rules that somebody fails


class Misses:
    """Near misses of any posts of one problem. Ready after O(V rules); then O(rules x people nearby) a post."""

    def __init__(self, found: Arrays) -> None:
        self.tables = list(found.allowed.values())
        self.names = [*found.allowed, *found.barred]
        self.barred = [by_row(pairs) for pairs in found.barred.values()]
        self.members = [members_of(table) for table in self.tables]
        columns = np.stack([table.person for table in self.tables], axis=1)
        self.alike, self.kind, self.many = np.unique(columns, axis=0, return_inverse=True, return_counts=True)
        self.kind = self.kind.reshape(-1)
        self.seen: tuple[tuple[int, ...], Int32s] = ((), np.empty(0, dtype=np.int32))

    def of(self, r: int) -> dict[str, int]:
        """How many people fail each rule and no other, for one post."""
        failed = self.from_afar(r)
        counts = np.bincount(failed[failed >= 0], weights=self.many[failed >= 0], minlength=len(self.names))
        near = self.near(r)
        counts -= tally(failed[self.kind[near]], len(self.names))
        counts += tally(self.one_by_one(r, near), len(self.names))
        return {name: int(count) for name, count in zip(self.names, counts, strict=True) if count}

    def from_afar(self, r: int) -> Int32s:
        """Which rule each kind of people fails where nobody has to do with the post."""
        spot = tuple(int(table.post[r]) for table in self.tables)
        if self.seen[0] != spot:
            columns = [table.values[self.alike[:, n], spot[n]] for n, table in enumerate(self.tables)]
            self.seen = spot, only_failed(columns)
        return self.seen[1]

    def near(self, r: int) -> Ints:
        """The people whom a rule looks at in particular for this post, rising."""
        found = [
            members[table.who[table.ptr[c] : table.ptr[c + 1]]]
            for table, members, c in zip(self.tables, self.members, (t.near_post[r] for t in self.tables), strict=True)
        ]
        people = [one for classes in found for one in classes]
        people += [np.array(rows.get(r, ()), dtype=np.int64) for rows in self.barred]
        return np.unique(np.concatenate(people)) if people else np.empty(0, dtype=np.int64)

    def one_by_one(self, r: int, people: Ints) -> Int32s:
        columns = [table.of(r, people) for table in self.tables]
        columns += [~np.isin(people, rows.get(r, ())) for rows in self.barred]
        return only_failed(columns)


def only_failed(columns: Sequence[Array]) -> Int32s:
    """Of each person the number of the one rule they fail; each column says who passes a rule."""
    failed = np.full(len(columns[0]), NONE, dtype=np.int32)
    for n, passes in enumerate(columns):
        failed[~passes] = np.where(failed[~passes] == NONE, n, SEVERAL)
    return failed


def tally(failed: Int32s, rules: int) -> Array:
    return np.bincount(failed[failed >= 0], minlength=rules)


def by_row(pairs: Array) -> Mapping[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for person, r in pairs.tolist():
        found[r].append(person)
    return found


def members_of(table: Table) -> Array:
    """The people of each class of those who may have to do with a post."""
    order = np.argsort(table.near_person, kind="stable")
    ends = np.searchsorted(table.near_person[order], np.arange(table.near_person.max(initial=-1) + 2))
    found = np.empty(len(ends) - 1, dtype=object)
    for c in range(len(found)):
        found[c] = order[ends[c] : ends[c + 1]]
    return found
