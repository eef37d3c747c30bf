"""When what the demo tells happened, and by whose hand: the history of its seats and shifts, as it would have been kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import uuid4

from django.db.models import Max
from pghistory.models import Context

from communities.models import User
from staffing.models import Shift, SignUp

KEPT = [model.events.rel.related_model for model in (Shift, SignUp)]  # type: ignore[union-attr]


@contextmanager
def at(moment: datetime, by: User) -> Iterator[None]:
    """What is done within was done at that moment, by this person."""
    before = [(events, events.objects.aggregate(last=Max("pgh_id"))["last"] or 0) for events in KEPT]
    yield
    hand = Context.objects.create(id=uuid4(), metadata={"user": by.pk})
    for events, last in before:
        events.objects.filter(pgh_id__gt=last).update(pgh_created_at=moment, pgh_context=hand)
