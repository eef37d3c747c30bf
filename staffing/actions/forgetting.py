"""Rows that go, and columns that are emptied, in the table and in its history alike: a handful at a time.

Each handful is a transaction of its own, and what has gone is not found again: a worker that dies loses nothing, and
who takes over goes on with what is left.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q

from staffing.queries.columns import empty, said

HANDFUL = 1000
type Rows = models.QuerySet[Any]
type Note = Callable[[int], object]


def table_of(name: str) -> Any:
    return apps.get_model(name)


def rows_of(table: Any) -> Rows:
    found: Rows = table._base_manager.all()
    return found


def events_of(table: Any) -> Rows | None:
    """The history of a table, if one is kept."""
    return rows_of(table.events.rel.related_model) if hasattr(table, "events") else None


def fields_in(table: Any, names: Iterable[str]) -> list[str]:
    kept = {field.name for field in table._meta.concrete_fields}
    return [name for name in names if name in kept]


def forget(
    name: str, wanted: Q, blank: Sequence[str] = (), *, events: Q | None = None, note: Note = lambda _count: None
) -> int:
    """Take away these rows, or empty these columns, for good: returns how many rows.

    `events` says which of the history, if that is found otherwise; `note` is told of each handful in its transaction.
    """
    table, history = table_of(name), events_of(table_of(name))
    count = emptied(rows_of(table).filter(wanted), blank, note) if blank else removed(table, wanted, note)
    if history is not None:
        theirs = Q(pgh_obj_id__in=rows_of(table).filter(wanted).values("pk"))
        old = history.filter(theirs | wanted if events is None else events)
        kept = fields_in(history.model, blank)
        emptied(old, kept) if kept else None if blank else dropped(old)
    return count


def handfuls(rows: Rows) -> Iterable[list[int]]:
    while pks := list(rows.order_by("pk").values_list("pk", flat=True)[:HANDFUL]):
        yield pks


def emptied(rows: Rows, names: Sequence[str], note: Note = lambda _count: None) -> int:
    table, count = rows.model, 0
    for pks in handfuls(rows.filter(said(table, names))):
        with transaction.atomic():
            rows_of(table).filter(pk__in=pks).update(**{name: empty(table, name) for name in names})
            note(len(pks))
        count += len(pks)
    return count


def removed(table: Any, wanted: Q, note: Note) -> int:
    count = 0
    for pks in handfuls(rows_of(table).filter(wanted)):
        with transaction.atomic():
            rows_of(table).filter(pk__in=pks).delete()
            if (history := events_of(table)) is not None:
                history.filter(pgh_obj_id__in=pks).delete()
            note(len(pks))
        count += len(pks)
    return count


def dropped(events: Rows) -> None:
    for pks in handfuls(events):
        rows_of(events.model).filter(pk__in=pks).delete()
