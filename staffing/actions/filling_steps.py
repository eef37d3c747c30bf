"""The steps of working a proposal out: each is in one worker's hands, and another's if that one dies over it."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db.models import F, QuerySet

from communities.locks import one_of
from staffing.matching.problems import Int32s
from staffing.models import Filling, FillingChunk, FillingFacts, FillingPart
from staffing.queries.matching import Arrays
from staffing.queries.matching_parts import unpacked
from staffing.signals import filling_opened

MOST_TRIES = 5


class HopelessError(Exception):
    """Every worker that began this died over it."""


def begin(step: Filling | FillingPart | FillingChunk) -> None:
    """Written down before anything is done, so that what kills its worker is not begun for ever. Raises HopelessError."""
    if step.tries >= MOST_TRIES:
        raise HopelessError(f"{type(step).__name__} {step.pk} was begun {step.tries} times")
    type(step).objects.filter(pk=step.pk).update(tries=F("tries") + 1)


def hold(filling_id: int) -> Filling:
    rows = Filling.objects.select_related("area", "call_up")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=filling_id)


def each(filling_id: int, name: str, left: QuerySet[Any], act: Callable[[int], None]) -> None:
    """One after the other what nobody has in hand; another worker is woken if there is more than one of it."""
    woken = False
    ids = list(left.values_list("pk", flat=True))
    for pk in ids:
        with one_of(f"{name} {pk}") as ours:
            if ours and not woken and pk != ids[-1]:
                filling_opened.send_robust(sender=Filling, filling_id=filling_id)
                woken = True
            if ours:
                act(pk)


def tell(filling_id: int, **said: Any) -> None:
    """How far it has come; what others say at the same time does not matter."""
    parts, chunks = FillingPart.objects.filter(filling=filling_id), FillingChunk.objects.filter(filling=filling_id)
    progress = {
        "parts": parts.count(),
        "done": parts.exclude(pairs=None).count(),
        "chunks": chunks.count(),
        "explained": chunks.exclude(found__isnull=True).count(),
    }
    Filling.objects.filter(pk=filling_id).update(progress=progress | said)


@lru_cache(maxsize=1)
def read_back(facts_id: int) -> tuple[Arrays, Int32s]:
    """What was read for a proposal, and in which part everybody is. It never changes."""
    return unpacked(bytes(FillingFacts.objects.values_list("data", flat=True).get(pk=facts_id)))
