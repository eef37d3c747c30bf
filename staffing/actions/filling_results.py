"""A proposal that is worked out, written down: who goes where and why, what stays empty and why, and what it comes to."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from staffing.matching.construction import adopt
from staffing.matching.problems import Int32s, Ints, empty, index
from staffing.matching.reasons import emptiness
from staffing.matching.stability import sorted_pairs
from staffing.models import Filling, FillingChunk, Gap, Move, Post, SignUp
from staffing.queries.candidates import among
from staffing.queries.matching import BANNED, Arrays
from staffing.queries.matching_misses import Misses
from staffing.rules import fillings as rules
from staffing.rules.filling_reasons import accompanied_then, guided_then, only_seasoned, why
from staffing.rules.fillings import Candidate, Opening
from staffing.states import Mark

AT_ONCE = 1_000  # rows written by one statement
HANDFUL = 2_000  # posts whose reasons are found by one worker at a time

type Pairs = list[tuple[int, int]]


def drafted(
    sound: Pairs,
    pinned: set[tuple[int, int]],
    people: Mapping[int, Candidate],
    openings: Mapping[int, Opening],
    found: Arrays,
) -> list[dict[str, Any]]:
    """The proposed seats as columns of rows, by time and place."""
    able = dict(zip(found.posts.tolist(), np.bincount(found.row, minlength=len(found.posts)).tolist(), strict=True))
    alone_there = only_seasoned(sound, people, openings)
    mates = [(int(one), int(other)) for one, other in found.people[found.mates].tolist()]
    in_company = accompanied_then(sound, mates, openings)
    return [
        {
            "post_id": post,
            "volunteer_id": volunteer,
            "asked": not rules.direct(people[volunteer], openings[post]),
            "reasons": [
                {"code": one.code, **one.facts}
                for one in why(
                    people[volunteer],
                    openings[post],
                    alone=able[post] == 1,
                    shows_others=(volunteer, post) in alone_there,
                    accompanied=(volunteer, post) in in_company,
                )
            ],
            "mark": Mark.PINNED if (volunteer, post) in pinned else Mark.FREE,
        }
        for volunteer, post in sorted(sound, key=lambda one: (openings[one[1]].when, one[1], one[0]))
    ]


def write_moves(filling: Filling, drafts: Sequence[dict[str, Any]]) -> None:
    filling.moves.exclude(mark=Mark.BANNED).delete()
    there = standing({one["post_id"] for one in drafts})
    moves = [Move(filling=filling, **one) for one in drafts if one["post_id"] in there]
    Move.objects.bulk_create(moves, batch_size=AT_ONCE)


def write_gaps(filling: Filling, chunks: Iterable[FillingChunk]) -> None:
    filling.gaps.all().delete()
    for chunk in chunks:
        found = chunk.found or []
        there = standing({one["post_id"] for one in found})
        rows = [Gap(filling=filling, **one) for one in found if one["post_id"] in there]
        Gap.objects.bulk_create(rows, batch_size=AT_ONCE)


def standing(post_ids: Iterable[int]) -> set[int]:
    """Those that have not gone since they were read."""
    return set(Post.objects.filter(pk__in=among(sorted(post_ids))).values_list("pk", flat=True))


class Left:
    """What a plan leaves empty: the posts with seats left over in handfuls, and why it is so with each of them.

    Rows of one kind stand together, so that whom a rule keeps from them is looked up once.
    """

    def __init__(self, found: Arrays, held: Ints) -> None:
        self.found, self.p, self.kinds, self.misses = found, found.problem(), found.kinds, Misses(found)
        self.ix, self.state = index(self.p), empty(self.p)
        adopt(self.p, self.ix, self.state, sorted_pairs(self.p, held))

    def handfuls(self) -> list[Int32s]:
        short = np.flatnonzero(self.state.used < self.p.seats).astype(np.int32)
        rows = short[np.argsort(self.kinds[short], kind="stable")]
        return np.array_split(rows, range(HANDFUL, len(rows), HANDFUL)) if len(rows) else []

    def gaps(self, rows: Int32s) -> list[dict[str, Any]]:
        """As columns of rows."""
        told = []
        for _kind, alike in groupby(rows.tolist(), key=self.kinds.__getitem__):
            near = None
            for r in alike:
                near = self.misses.of(r) if near is None else near
                told.append(self.gap(r, near))
        return told

    def gap(self, r: int, near: Mapping[str, int]) -> dict[str, Any]:
        one = emptiness(self.p, self.ix, self.state, r, (), near)
        banned = one.near.get(BANNED) and one.binding in one.near
        return {
            "post_id": int(self.found.posts[r]),
            "seats": one.seats,
            "binding": BANNED if banned else one.binding,
            "eligible": one.eligible,
            "near": dict(one.near),
        }


def summary(
    filling: Filling,
    found: Arrays,
    sound: Pairs,
    people: Mapping[int, Candidate],
    openings: Mapping[int, Opening],
) -> dict[str, int]:
    """Seats before and after, how many are asked and placed, and how many of those who have a seat are not touched."""
    before = int(found.seats.sum())
    placed = sum(rules.direct(people[volunteer], openings[post]) for volunteer, post in sound)
    settled = SignUp.objects.holding_seat().filter(
        shift__site__area__path__startswith=filling.area.path,
        shift__starts_at__gte=filling.starts_at,
        shift__starts_at__lt=filling.ends_at,
    )
    if filling.call_up_id:
        settled = settled.filter(shift__call_up=filling.call_up_id)
    return {
        "before": before,
        "after": before - len(sound),
        "asked": len(sound) - placed,
        "placed": placed,
        "people": len({volunteer for volunteer, _post in sound}),
        "considered": len(found.people),
        "unguided": len({opening.place.shift for opening in openings.values()} - guided_then(sound, people, openings)),
        "settled": settled.count(),
    }
