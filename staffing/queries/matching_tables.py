"""Whom each check lets where, for any number of people and posts: those that are alike to it are asked about once."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from staffing.matching.problems import Array, Bools, Int32s, Ints
from staffing.rules.filling_checks import Apart, Check
from staffing.rules.fillings import Candidate, Opening

EVERYBODY = slice(None)


class Table(NamedTuple):
    """Whom a check lets where: a value for every class of people and class of posts.

    The posts of the class c of `near_post` have a word of their own for the classes `who[ptr[c]:ptr[c + 1]]` (rising)
    of `near_person`.
    """

    person: Int32s  # [V]
    post: Int32s  # [R]
    values: Bools  # [classes of people, classes of posts]
    near_person: Int32s  # [V]
    near_post: Int32s  # [R]
    ptr: Ints
    who: Int32s
    word: Bools

    def of(self, r: int, people: Array | slice = EVERYBODY) -> Bools:
        """The values of these people for one post."""
        found: Bools = self.values[self.person[people], self.post[r]]
        c = self.near_post[r]
        who, word = self.who[self.ptr[c] : self.ptr[c + 1]], self.word[self.ptr[c] : self.ptr[c + 1]]
        if len(who):
            mine = self.near_person[people]
            at = np.minimum(np.searchsorted(who, mine), len(who) - 1)
            found = np.where(who[at] == mine, word[at], found)
        return found


def classes[Thing](things: Sequence[Thing], key: Callable[[Thing], Hashable]) -> tuple[Int32s, list[Thing]]:
    """Which class each belongs to, and the first of each class."""
    seen: dict[Hashable, int] = {}
    first: list[Thing] = []
    number = np.empty(len(things), dtype=np.int32)
    for at, thing in enumerate(things):
        known = key(thing)
        if known not in seen:
            seen[known] = len(first)
            first.append(thing)
        number[at] = seen[known]
    return number, first


def table(check: Check, people: Sequence[Candidate], posts: Sequence[Opening]) -> Table:
    """Whom the check lets where: asked once for each two classes, and where people and posts can be apart, once for
    each two classes of those that are, and once for each two that have to do with each other.
    """
    person, someone = classes(people, check.of_person)
    post, somewhere = classes(posts, check.of_post)
    if not check.apart:
        answers = [[not check.asks(candidate, opening) for opening in somewhere] for candidate in someone]
        values = np.array(answers, dtype=np.bool_).reshape(len(someone), len(somewhere))
        nothing = np.empty(0, dtype=np.int32)
        return Table(person, post, values, 0 * person, 0 * post, np.zeros(2, np.int64), nothing, nothing.astype(bool))
    near = meetings(check.apart, someone, somewhere)
    far_person, strangers = grouped_by(someone, check.apart.of_person)
    far_post, foreign = grouped_by(somewhere, check.apart.of_post)
    values = np.zeros((len(strangers), len(foreign)), dtype=np.bool_)
    for a, group in enumerate(strangers):
        for b, there in enumerate(foreign):
            if pair := first_apart(group, there, near):
                values[a, b] = not check.asks(someone[pair[0]], somewhere[pair[1]])
    words = [not check.asks(someone[v], somewhere[r]) for r in range(len(somewhere)) for v in near[r]]
    own = np.array([bool(one) for one in near], dtype=np.bool_)
    number = np.where(own, np.cumsum(own), 0)  # those without a word of their own are alike
    ptr = np.concatenate([[0, 0], np.cumsum([len(one) for one in near if one])]).astype(np.int64)
    return Table(
        person=far_person[person] if len(person) else person,
        post=far_post[post] if len(post) else post,
        values=values,
        near_person=person,
        near_post=number[post].astype(np.int32) if len(post) else post,
        ptr=ptr,
        who=np.array([v for one in near for v in one], dtype=np.int32),
        word=np.array(words, dtype=np.bool_),
    )


def meetings(apart: Apart, people: Sequence[Candidate], posts: Sequence[Opening]) -> list[list[int]]:
    """For each post the people that share a mark with it, in their order."""
    marked: defaultdict[Hashable, list[int]] = defaultdict(list)
    for v, candidate in enumerate(people):
        for mark in apart.person_marks(candidate):
            marked[mark].append(v)
    return [sorted({v for mark in apart.post_marks(opening) for v in marked.get(mark, ())}) for opening in posts]


def grouped_by[Thing](things: Sequence[Thing], key: Callable[[Thing], Hashable]) -> tuple[Int32s, list[list[int]]]:
    """Which class each belongs to, and the members of each class."""
    number, first = classes(things, key)
    members: list[list[int]] = [[] for _one in first]
    for at, which in enumerate(number.tolist()):
        members[which].append(at)
    return number, members


def first_apart(group: Sequence[int], there: Sequence[int], near: Sequence[Sequence[int]]) -> tuple[int, int] | None:
    """A person of the group and a post of those there that have nothing to do with each other, if there are such."""
    for r in there:
        known = set(near[r])
        if (v := next((v for v in group if v not in known), None)) is not None:
            return v, r
    return None


def kinds_of(allowed: Iterable[Table], barred: Iterable[Array], posts: int) -> Ints:
    """[R] posts of one kind are alike to every table, and nobody is kept from one of them in particular."""
    columns = [column for table in allowed for column in (table.post, table.near_post)]
    for found in barred:
        own = np.full(posts, -1, dtype=np.int32)
        own[found[:, 1]] = found[:, 1]
        columns.append(own)
    _first, number = np.unique(np.stack(columns), axis=1, return_inverse=True)
    return number.reshape(-1).astype(np.int64)


def apart(pairs: Array, people: int) -> Callable[[int, Ints], Bools]:
    """Who of some people is not among the pairs, for a post."""
    by_row: defaultdict[int, list[int]] = defaultdict(list)
    for person, r in pairs.tolist():
        by_row[r].append(person)

    def passes(r: int, some: Ints) -> Bools:
        found = np.ones(people, dtype=np.bool_)
        found[by_row.get(r, [])] = False
        return found[some]

    return passes


def points(
    value: Callable[[Candidate, Opening], int],
    of_person: Callable[[Candidate], Hashable],
    of_post: Callable[[Opening], Hashable],
    people: Sequence[Candidate],
    posts: Sequence[Opening],
    person: Ints,
    row: Int32s,
) -> Int32s:
    """[pairs] asked once for each two classes that some pair is of."""
    of, someone = classes(people, of_person)
    at, somewhere = classes(posts, of_post)
    codes = of[person].astype(np.int64) * len(somewhere) + at[row]
    asked, place = np.unique(codes, return_inverse=True)
    found = [value(someone[code // len(somewhere)], somewhere[code % len(somewhere)]) for code in asked.tolist()]
    return np.array(found, dtype=np.int32)[place] if found else np.empty(0, dtype=np.int32)
