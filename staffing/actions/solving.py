"""Working a proposal out: its facts are read once, its parts are solved and its empty seats explained by any worker, and
the last one writes it down.

Workers only. A worker that is killed leaves a step undone; the next one begins it again on the same facts with the same
seed. Nothing of the proposal before is touched until the new one is whole.
"""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from django.db import Error, transaction

from communities.locks import one_of
from staffing.actions.filling_results import Left, Pairs, drafted, summary, write_gaps, write_moves
from staffing.actions.filling_steps import begin, each, hold, read_back, tell
from staffing.actions.fillings import forget
from staffing.matching.problems import Int32s, Ints
from staffing.matching.solve import Moment, solve
from staffing.models import Filling, FillingChunk, FillingFacts, FillingPart
from staffing.queries import candidates as queries
from staffing.queries.matching import Arrays, arrays
from staffing.queries.matching_parts import packed, part_of, parts, sifted, solved
from staffing.rules.fillings import Candidate, Opening
from staffing.states import FillingStatus, Mark
from volunteers.queries.companions import pairs_among

log = logging.getLogger(__name__)
OFTEN = 0.5  # seconds between two looks at the stop, and two words of progress


def run(filling_id: int, now: datetime) -> bool:
    """Do what is left of the proposal and in nobody else's hands; True when it is there."""
    begun = time.monotonic()
    try:
        prepare(filling_id, now)
        undone = FillingPart.objects.filter(filling=filling_id, pairs=None)
        each(filling_id, "filling part", undone.order_by("-people", "no"), work_out)
        choose(filling_id, now)
        unsaid = FillingChunk.objects.filter(filling=filling_id, found__isnull=True)
        each(filling_id, "filling chunk", unsaid.order_by("no"), explain)
        return finish(filling_id, now + timedelta(seconds=time.monotonic() - begun))
    except Error:
        raise
    except Exception:
        log.exception("Proposal %d cannot be worked out", filling_id)
        Filling.objects.filter(pk=filling_id, status=FillingStatus.SOLVING).update(status=FillingStatus.FAILED)
        return True
    finally:
        read_back.cache_clear()
        left_over.cache_clear()


def prepare(filling_id: int, now: datetime) -> None:
    """Read all facts, once, and cut the problem into parts. Nothing is held while a whole city is read, so that it can
    be stopped or put aside meanwhile.
    """
    with one_of(f"filling facts {filling_id}") as ours:
        filling = Filling.objects.select_related("area", "call_up").get(pk=filling_id)
        if ours and filling.status == FillingStatus.SOLVING and not prepared(filling_id):
            begin(filling)
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
    Filling.objects.filter(pk=filling.pk).update(progress={"phase": "prepared", "parts": len(rows), "done": 0}, tries=0)


def read(filling: Filling, now: datetime) -> Arrays:
    posts = queries.open_posts(filling.area, filling.call_up_id, filling.starts_at, filling.ends_at, now)
    openings = queries.openings(posts, filling.area, now)
    people = queries.candidates(queries.pool(filling.area), *around(filling, openings), now) if posts else []
    marks: dict[str, Pairs] = {mark: [] for mark in Mark}
    for volunteer, post, mark in filling.moves.order_by("pk").values_list("volunteer", "post", "mark"):
        marks[mark].append((volunteer, post))
    kept = marks[Mark.FREE] + marks[Mark.PINNED]
    mates = pairs_among([one.person.volunteer for one in people])
    return arrays(people, openings, banned=marks[Mark.BANNED], kept=kept, pinned=marks[Mark.PINNED], mates=mates)


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


def work_out(part_id: int) -> None:
    """One part, to the end or to its time. Nothing is written if it was begun again by somebody meanwhile."""
    part = FillingPart.objects.select_related("filling").filter(pk=part_id, pairs=None).first()
    if not part or part.filling.status != FillingStatus.SOLVING or not prepared(part.filling_id):
        return
    begin(part)
    found, cut = read_back(part.filling.facts.pk)
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


def choose(filling_id: int, now: datetime) -> bool:
    """Put the parts together into the seats that are proposed, with their reasons; False while a part is missing."""
    with one_of(f"filling plan {filling_id}") as ours:
        filling = Filling.objects.select_related("area", "call_up").get(pk=filling_id)
        parts = list(FillingPart.objects.filter(filling=filling).order_by("no"))
        if not ours or filling.status != FillingStatus.SOLVING or not prepared(filling_id):
            return False
        if any(part.pairs is None for part in parts) or filling.facts.chosen is not None:
            return False
        begin(filling)
        draft(filling, parts, now)
        return True


def draft(filling: Filling, parts: Sequence[FillingPart], now: datetime) -> None:
    found, _cut = read_back(filling.facts.pk)
    pairs = np.concatenate(
        [np.frombuffer(bytes(part.pairs or b""), dtype=np.int64) for part in parts] or [np.empty(0, np.int64)]
    )
    person = np.searchsorted(found.ptr, pairs, side="right") - 1
    chosen = list(zip(found.people[person].tolist(), found.posts[found.row[pairs]].tolist(), strict=True))
    people, openings = again(filling, found, chosen, now)
    sound = sifted([one for one in chosen if one[0] in people and one[1] in openings], people, openings)
    kept = set(sound)
    held = pairs[[one in kept for one in chosen]] if chosen else pairs
    before = set(filling.moves.exclude(mark=Mark.BANNED).values_list("volunteer", "post"))
    pinned = set(filling.moves.filter(mark=Mark.PINNED).values_list("volunteer", "post"))
    told = summary(filling, found, sound, people, openings) | {
        "changed": len(before - kept),
        "pins_lost": len(pinned - kept),
        "bound": sum(part.bound or 0 for part in parts),
        "objective": sum(part.objective or 0 for part in parts),
    }
    lay_out(filling.pk, found, held, {"moves": drafted(sound, pinned, people, openings, found), "summary": told})


@transaction.atomic
def lay_out(filling_id: int, found: Arrays, held: Ints, draft: dict[str, Any]) -> None:
    """What is proposed, with a row per handful of the posts that stay short. Nothing if it was put aside meanwhile."""
    filling = hold(filling_id)
    facts = FillingFacts.objects.filter(filling=filling, chosen=None)
    if filling.status != FillingStatus.SOLVING or not facts.update(chosen=held.tobytes(), draft=draft):
        return
    FillingChunk.objects.bulk_create(
        FillingChunk(filling=filling, no=no) for no in range(len(Left(found, held).handfuls()))
    )
    Filling.objects.filter(pk=filling.pk).update(tries=0)
    tell(filling_id, phase="chosen")


@lru_cache(maxsize=1)
def left_over(facts_id: int) -> Left:
    chosen = FillingFacts.objects.values_list("chosen", flat=True).get(pk=facts_id)
    return Left(read_back(facts_id)[0], np.frombuffer(bytes(chosen or b""), dtype=np.int64))


def reasons(facts_id: int, no: int) -> list[dict[str, Any]]:
    left = left_over(facts_id)
    return left.gaps(left.handfuls()[no])


def explain(chunk_id: int) -> None:
    """Why seats of some posts stay empty. Nothing is written if it was begun again by somebody meanwhile."""
    chunk = FillingChunk.objects.select_related("filling").filter(pk=chunk_id, found__isnull=True).first()
    if not chunk or chunk.filling.status != FillingStatus.SOLVING or not prepared(chunk.filling_id):
        return
    begin(chunk)
    facts_id = FillingFacts.objects.values_list("pk", flat=True).get(filling=chunk.filling_id)
    said = reasons(facts_id, chunk.no)
    FillingChunk.objects.filter(pk=chunk.pk, found__isnull=True).update(found=said)
    tell(chunk.filling_id, phase="reasons")


def finish(filling_id: int, now: datetime) -> bool:
    """Write it down once all of it is there; False while something is missing."""
    with one_of(f"filling result {filling_id}") as ours:
        filling = Filling.objects.get(pk=filling_id)
        if filling.status != FillingStatus.SOLVING:
            return True
        if not ours or not whole(filling_id):
            return False
        begin(filling)
        return write_down(filling_id, now)


def whole(filling_id: int) -> bool:
    there = FillingFacts.objects.filter(filling=filling_id).exclude(chosen=None)
    return there.exists() and not FillingChunk.objects.filter(filling=filling_id, found__isnull=True).exists()


@transaction.atomic
def write_down(filling_id: int, now: datetime) -> bool:
    """Seats, reasons and what stays empty, in the place of what was there; what it was made of goes."""
    filling = hold(filling_id)
    if filling.status == FillingStatus.SOLVING:
        if not whole(filling_id):
            return False
        write_moves(filling, filling.facts.draft["moves"])
        write_gaps(filling, FillingChunk.objects.filter(filling=filling).order_by("no"))
        filling.summary = filling.facts.draft["summary"]
        filling.status, filling.solved_at, filling.progress, filling.tries = FillingStatus.READY, now, {}, 0
        filling.save(update_fields=["status", "solved_at", "progress", "summary", "tries"])
        forget(filling)
    return True


def again(
    filling: Filling, found: Arrays, chosen: Pairs, now: datetime
) -> tuple[Mapping[int, Candidate], Mapping[int, Opening]]:
    """The chosen people, and the posts, as they are now."""
    openings = queries.openings(sorted({post for _volunteer, post in chosen}), filling.area, now)
    people = queries.candidates(sorted({pk for pk, _post in chosen}), *around(filling, openings), now)
    return {one.person.volunteer: one for one in people}, {one.place.post: one for one in openings}
