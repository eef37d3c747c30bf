"""A proposal that is worked out, written down: who goes where and why, what stays empty and why, and what it comes to."""

from collections.abc import Iterator, Mapping
from itertools import batched, groupby
from typing import Any

import numpy as np

from staffing.matching.construction import adopt
from staffing.matching.problems import empty, index
from staffing.matching.reasons import emptiness
from staffing.matching.stability import sorted_pairs
from staffing.models import Filling, Gap, Move, SignUp
from staffing.queries.matching import BANNED, Arrays
from staffing.rules import fillings as rules
from staffing.rules.filling_reasons import guided_then, only_seasoned, why
from staffing.rules.fillings import Candidate, Opening
from staffing.states import Mark

AT_ONCE = 1_000  # rows written by one statement

type Pairs = list[tuple[int, int]]


def write_moves(
    filling: Filling,
    sound: Pairs,
    pinned: set[tuple[int, int]],
    people: Mapping[int, Candidate],
    openings: Mapping[int, Opening],
    found: Arrays,
) -> None:
    filling.moves.exclude(mark=Mark.BANNED).delete()
    able = dict(zip(found.posts.tolist(), np.bincount(found.row, minlength=len(found.posts)).tolist(), strict=True))
    alone_there = only_seasoned(sound, people, openings)
    moves = (
        Move(
            filling=filling,
            post_id=post,
            volunteer_id=volunteer,
            asked=not rules.direct(people[volunteer], openings[post]),
            reasons=[
                {"code": one.code, **one.facts}
                for one in why(
                    people[volunteer],
                    openings[post],
                    alone=able[post] == 1,
                    shows_others=(volunteer, post) in alone_there,
                )
            ],
            mark=Mark.PINNED if (volunteer, post) in pinned else Mark.FREE,
        )
        for volunteer, post in sorted(sound, key=lambda one: (openings[one[1]].when, one[1], one[0]))
    )
    Move.objects.bulk_create(moves, batch_size=AT_ONCE)


def write_gaps(filling: Filling, found: Arrays, held: Any) -> None:
    """Each post with seats left over, and the rule that binds there."""
    filling.gaps.all().delete()
    if len(found.posts):
        for some in batched(gaps(filling, found, held), AT_ONCE, strict=False):
            Gap.objects.bulk_create(some)


def gaps(filling: Filling, found: Arrays, held: Any) -> Iterator[Gap]:
    """Posts of one kind one after the other, so that whom a rule keeps from them is looked up once."""
    p, kinds, checks = found.problem(), found.kinds, found.rules()
    ix, state = index(p), empty(p)
    adopt(p, ix, state, sorted_pairs(p, held))
    short = np.flatnonzero(state.used < p.seats)
    for _kind, rows in groupby(short[np.argsort(kinds[short], kind="stable")].tolist(), key=kinds.__getitem__):
        near = None
        for r in rows:
            one = emptiness(p, ix, state, r, checks, near)
            near = one.near_people
            yield Gap(
                filling=filling,
                post_id=int(found.posts[r]),
                seats=one.seats,
                binding=BANNED if one.near.get(BANNED) and one.binding in one.near else one.binding,
                eligible=one.eligible,
                near=one.near,
            )


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
