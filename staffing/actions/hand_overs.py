"""What one lead leaves to the next: a note about a shift or a task force, and that somebody has taken it over."""

from datetime import datetime

from django.db import transaction

from communities.errors import Forbidden, Invalid
from communities.models import User
from staffing.locks import patience
from staffing.messages import hand_overs as told
from staffing.models import HandOver, Shift, TaskForce
from staffing.phrases import field_error

LONGEST = 2000  # characters


@transaction.atomic
def of_shift(shift_id: int, text: str, *, by: User, now: datetime) -> HandOver:
    """Left to who leads the next shift there, who is told. The same words again are the same note."""
    with patience():
        shift = Shift.objects.select_for_update(of=("self",), no_key=True).select_related("site").get(pk=shift_id)
    made = leave(text, by=by, now=now, shift=shift)
    told.left(made, now)
    return made


@transaction.atomic
def of_task_force(task_force_id: int, text: str, *, by: User, now: datetime) -> HandOver:
    """Left to who leads it next, and to those above."""
    with patience():
        force = TaskForce.objects.select_for_update(of=("self",), no_key=True).get(pk=task_force_id)
    return leave(text, by=by, now=now, task_force=force)


def leave(
    text: str, *, by: User, now: datetime, shift: Shift | None = None, task_force: TaskForce | None = None
) -> HandOver:
    """Raises Invalid(text=…) without words, or with too many."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Invalid(text=field_error("note_length"))
    about = {"shift": shift, "task_force": task_force}
    same = HandOver.objects.filter(**about, written_by=by, text=text).first()
    return same or HandOver.objects.create(**about, text=text, written_by=by, written_at=now)


@transaction.atomic
def take_over(hand_over_id: int, *, by: User, now: datetime) -> HandOver:
    """Somebody has read it and goes on from there. Again: as it is. Raises Forbidden to who wrote it."""
    with patience():
        note = HandOver.objects.select_for_update(of=("self",), no_key=True).get(pk=hand_over_id)
    if note.written_by_id == by.pk:
        raise Forbidden("same_person")
    if note.read_at is None:
        note.read_by, note.read_at = by, now
        note.save(update_fields=["read_by", "read_at"])
    return note
