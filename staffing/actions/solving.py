"""Working a proposal out: its facts are read once, its parts are solved by any worker, and the last one puts it together.

Workers only. A worker that is killed leaves a part without a result; the next one begins it again on the same facts
with the same seed.
"""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.db import Error, transaction

from communities.locks import one_of
from staffing.actions.filling_results import Pairs, summary, write_gaps, write_moves
from staffing.matching.problems import Int32s
from staffing.matching.solve import Moment, solve
from staffing.models import Filling, FillingFacts, FillingPart
from staffing.queries import candidates as queries
from staffing.queries.matching import Arrays, arrays
from staffing.queries.matching_parts import packed, part_of, parts, sifted, solved, unpacked
from staffing.rules.fillings import Candidate, Opening
from staffing.signals import filling_opened
from staffing.states import FillingStatus, Mark

log = logging.getLogger(__name__)
OFTEN = 0.5  # seconds between two looks at the stop, and two words of progress


def run(filling_id: int, now: datetime) -> bool:
    """Do what is left of the proposal and in nobody else's hands; True when it is there."""
    try:
        prepare(filling_id, now)
        for part in FillingPart.objects.filter(filling=filling_id, pairs=None).order_by("-people", "no"):
            with one_of(f"filling part {part.pk}") as ours:
                if ours:
                    work_out(part.pk)
        return finish(filling_id, now)
    except Error:
        raise
    except Exception:
        log.exception("Proposal %d cannot be worked out", filling_id)
        Filling.objects.filter(pk=filling_id, status=FillingStatus.SOLVING).update(status=FillingStatus.FAILED)
        return True


def hold(filling_id: int) -> Filling:
    rows = Filling.objects.select_related("area", "call_up")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=filling_id)


def prepare(filling_id: int, now: datetime) -> None:
    """Read all facts, once, and cut the problem into parts. Nothing is held while a whole city is read, so that it can
    be stopped or put aside meanwhile.
    """
    with one_of(f"filling facts {filling_id}") as ours:
        filling = Filling.objects.select_related("area", "call_up").get(pk=filling_id)
        if ours and filling.status == FillingStatus.SOLVING and not prepared(filling_id):
            found = read(filling, now)
            keep(filling_id, found, parts(found))


def prepared(filling_id: int) -> bool:
    return FillingFacts.objects.filter(filling=filling_id).exists()


@transaction.atomic
def keep(filling_id: int, found: Arrays, part: Int32s) -> None:
    """What was read, with a row per part; others may begin with one. Nothing if it was put aside or read meanwhile."""
    filling = hold(filling_id)
    if filling.status != FillingStatus.SOLVING or prepared(filling_id):
        return
    FillingFacts.objects.create(filling=filling, data=packed(found, part))
    sizes = np.bincount(part[part >= 0]).tolist()
    rows = [FillingPart(filling=filling, no=no, people=people) for no, people in enumerate(sizes)]
    FillingPart.objects.bulk_create(rows)
    Filling.objects.filter(pk=filling.pk).update(progress={"phase": "prepared", "parts": len(rows), "done": 0})
    if len(rows) > 1:
        transaction.on_commit(lambda: filling_opened.send(sender=Filling, filling_id=filling_id), robust=True)


def read(filling: Filling, now: datetime) -> Arrays:
    posts = queries.open_posts(filling.area, filling.call_up_id, filling.starts_at, filling.ends_at, now)
    openings = queries.openings(posts, filling.area, now)
    people = queries.candidates(queries.pool(filling.area), *around(filling, openings), now) if posts else []
    marks: dict[str, Pairs] = {mark: [] for mark in Mark}
    for volunteer, post, mark in filling.moves.order_by("pk").values_list("volunteer", "post", "mark"):
        marks[mark].append((volunteer, post))
    kept = marks[Mark.FREE] + marks[Mark.PINNED]
    return arrays(people, openings, banned=marks[Mark.BANNED], kept=kept, pinned=marks[Mark.PINNED])


def around(filling: Filling, openings: Sequence[Opening]) -> tuple[datetime, datetime]:
    """From the first start to the last end."""
    return filling.starts_at, max([filling.ends_at, *(one.place.interval.end for one in openings)])


class Watch:
    """Tells how far a part has come, and hears whether somebody said stop. It reads and writes in its own thread only."""

    def __init__(self, filling_id: int, part: int) -> None:
        self.filling, self.part, self.thread = filling_id, part, threading.get_ident()
        self.begin = self.looked = self.told = time.monotonic()
        self.heard = False
        self.moment: dict[str, Any] = {}

    def stop(self) -> bool:
        if threading.get_ident() == self.thread and time.monotonic() - self.looked > OFTEN:
            self.looked = time.monotonic()
            rows = Filling.objects.filter(pk=self.filling).values_list("stop_asked", "status")
            self.heard = any(asked or status != FillingStatus.SOLVING for asked, status in rows) or not rows
        return self.heard

    def progress(self, moment: Moment) -> None:
        if threading.get_ident() == self.thread and time.monotonic() - self.told > OFTEN:
            self.told = time.monotonic()
            tell(self.filling, part=self.part, **moment._asdict())


def tell(filling_id: int, **said: Any) -> None:
    """How far it has come; what others say at the same time does not matter."""
    here = FillingPart.objects.filter(filling=filling_id)
    parts, done = here.count(), here.exclude(pairs=None).count()
    Filling.objects.filter(pk=filling_id).update(progress={"parts": parts, "done": done, **said})


def work_out(part_id: int) -> None:
    """One part, to the end or to its time. Nothing is written if it was begun again by somebody meanwhile."""
    part = FillingPart.objects.select_related("filling").filter(pk=part_id, pairs=None).first()
    if not part or part.filling.status != FillingStatus.SOLVING:
        return
    facts = FillingFacts.objects.filter(filling=part.filling_id).first()
    if not facts:
        return
    found, cut = unpacked(bytes(facts.data))
    piece = part_of(found, np.flatnonzero(cut == part.no))
    watch = Watch(part.filling_id, part.no)
    if part.filling.stop_asked:
        watch.heard = True
    solution = solve(
        piece.problem,
        seconds=part.filling.seconds,
        seed=part.filling.seed,
        kept=piece.kept,
        stop=watch.stop,
        progress=watch.progress,
    )
    pairs = solved(piece, solution.pairs).tobytes()
    mine = FillingPart.objects.filter(pk=part.pk, pairs=None)
    mine.update(pairs=pairs, objective=solution.objective, bound=solution.bound)
    tell(part.filling_id, phase="part")


@transaction.atomic
def finish(filling_id: int, now: datetime) -> bool:
    """Put the parts together into moves, reasons and what stays empty; False while a part is missing."""
    filling = hold(filling_id)
    if filling.status != FillingStatus.SOLVING:
        return True
    solved = list(FillingPart.objects.filter(filling=filling).order_by("no"))
    if any(part.pairs is None for part in solved) or not FillingFacts.objects.filter(filling=filling).exists():
        return False
    found, _cut = unpacked(bytes(filling.facts.data))
    pairs = np.concatenate(
        [np.frombuffer(bytes(part.pairs or b""), dtype=np.int64) for part in solved] or [np.empty(0, np.int64)]
    )
    person = np.searchsorted(found.ptr, pairs, side="right") - 1
    chosen = list(zip(found.people[person].tolist(), found.posts[found.row[pairs]].tolist(), strict=True))
    people, openings = again(filling, found, chosen, now)
    sound = sifted([one for one in chosen if one[0] in people and one[1] in openings], people, openings)
    kept = set(sound)
    held = pairs[[one in kept for one in chosen]] if chosen else pairs
    before = set(filling.moves.exclude(mark=Mark.BANNED).values_list("volunteer", "post"))
    pinned = set(filling.moves.filter(mark=Mark.PINNED).values_list("volunteer", "post"))
    write_moves(filling, sound, pinned, people, openings, found)
    write_gaps(filling, found, held)
    filling.summary = summary(filling, found, sound, people, openings) | {
        "changed": len(before - kept),
        "pins_lost": len(pinned - kept),
        "bound": sum(part.bound or 0 for part in solved),
        "objective": sum(part.objective or 0 for part in solved),
    }
    filling.status, filling.solved_at, filling.progress = FillingStatus.READY, now, {}
    filling.save(update_fields=["status", "solved_at", "progress", "summary"])
    FillingPart.objects.filter(filling=filling).delete()
    filling.facts.delete()
    return True


def again(
    filling: Filling, found: Arrays, chosen: Pairs, now: datetime
) -> tuple[Mapping[int, Candidate], Mapping[int, Opening]]:
    """The chosen people, and the posts, as they are now."""
    openings = queries.openings(sorted({post for _volunteer, post in chosen}), filling.area, now)
    people = queries.candidates(sorted({pk for pk, _post in chosen}), *around(filling, openings), now)
    return {one.person.volunteer: one for one in people}, {one.place.post: one for one in openings}
