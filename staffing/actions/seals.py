"""The history is fixed an hour after it was written."""

from datetime import datetime, timedelta

from django.db import transaction

from staffing.models import Seal
from staffing.queries import seals as queries
from staffing.rules.seals import SEALED, digest, packed

AGE = timedelta(hours=1)
STRETCH = 2000  # rows


def seal(now: datetime) -> int:
    """Returns how many rows were sealed. Stops at once, to go on the next time, while an older transaction still writes."""
    return 0 if queries.somebody_is_at_it(now - AGE) else sum(seal_table(label, now) for label in SEALED)


def seal_table(label: str, now: datetime) -> int:
    count = 0
    while sealed := next_stretch(label, now):
        count += sealed
    return count


@transaction.atomic
def next_stretch(label: str, now: datetime) -> int:
    after = queries.sealed_up_to(label)
    last = queries.stretch(label, after, now - AGE, STRETCH)
    if last is None:
        return 0
    columns, previous = queries.columns_of(label), queries.head()
    found = queries.marks(label, columns, after, last)
    rows = packed(found)
    Seal.objects.create(
        table=label,
        columns=columns,
        last=last,
        count=len(found),
        rows=rows,
        previous=previous,
        digest=digest(previous, label, columns, last, rows),
        at=now,
    )
    return len(found)
