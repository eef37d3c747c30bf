"""The history as it stands: marks of its rows, and what is not as it was sealed."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from staffing.models import Seal
from staffing.rules.retention import OF_A_CASE, OF_A_PERSON, TERMS, Case, Own, Term
from staffing.rules.seals import MARK, NOBODY, SEALED, Fault, Wrong, digest, faults, unpacked

WORDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, ArrayField)
ALWAYS = ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id")

# Who did it and by which door stands in the context, and belongs to the row.
MARKS = """
    select e.pgh_id, substr(sha256(convert_to(jsonb_build_array({columns}, c.metadata)::text, 'UTF8')), 1, {mark})
    from {table} e left join pghistory_context c on c.id = e.pgh_context_id
    where e.pgh_id > %s and e.pgh_id <= %s order by e.pgh_id
"""
# Rows of a transaction that has begun to write would come into a stretch later.
BUSY = """
    select exists (
        select from pg_stat_activity
        where datname = current_database() and backend_xid is not null and xact_start < %s
    )
"""


def columns_of(label: str) -> list[str]:
    """What never changes and names nobody: no words, and nothing that a rule of retention empties."""
    rules: list[Own | Case | Term] = [*OF_A_PERSON, *OF_A_CASE, *TERMS]
    emptied = {name for rule in rules if rule.table == label for name in rule.blank}
    kept = [field for field in history_of(label)._meta.concrete_fields if not field.name.startswith("pgh_")]
    return [*ALWAYS, *sorted(field.column for field in kept if field.name not in emptied and not holds_words(field))]


def holds_words(field: Any) -> bool:
    return isinstance(field, WORDS) and not field.choices


def history_of(label: str) -> Any:
    return apps.get_model(label).events.rel.related_model


def marks(label: str, columns: Sequence[str], after: int, last: int) -> list[tuple[int, bytes]]:
    """Number and mark of each row of the history with a number in (after, last]."""
    quote = connection.ops.quote_name
    sql = MARKS.format(
        columns=", ".join(f"e.{quote(column)}" for column in columns),
        table=quote(history_of(label)._meta.db_table),
        mark=MARK,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [after, last])
        return [(number, bytes(mark)) for number, mark in cursor.fetchall()]


def head() -> str:
    """The newest digest: whoever keeps it elsewhere knows whether seals have gone."""
    return Seal.objects.order_by("-pk").values_list("digest", flat=True).first() or NOBODY


def sealed_up_to(label: str) -> int:
    return Seal.objects.filter(table=label).aggregate(last=models.Max("last"))["last"] or 0


def stretch(label: str, after: int, before: datetime, most: int) -> int | None:
    """The number of the last row to be sealed next: rows older than `before`, at most so many."""
    rows = history_of(label).objects.filter(pgh_id__gt=after, pgh_created_at__lt=before)
    numbers = rows.order_by("pgh_id").values_list("pgh_id", flat=True)[:most]
    return max(numbers, default=None)


def somebody_is_at_it(since: datetime) -> bool:
    """A transaction that began before `since` still writes."""
    with connection.cursor() as cursor:
        cursor.execute(BUSY, [since])
        return bool(cursor.fetchone()[0])


def verify(known: str = "") -> Iterator[Fault]:
    """Everything that is not as it was sealed, in the order of the seals. Reads the whole sealed history once.

    `known`: a digest that somebody has kept; seals that it covers and that are gone are a fault too.
    """
    previous, up_to, seen = NOBODY, dict.fromkeys(SEALED, 0), set[str]()
    for seal in Seal.objects.order_by("pk").iterator(chunk_size=50):
        rows = bytes(seal.rows)
        if seal.previous != previous or seal.digest != digest(previous, seal.table, seal.columns, seal.last, rows):
            yield Fault(seal.table, None, Wrong.ALTERED)
        found = dict(marks(seal.table, seal.columns, up_to.get(seal.table, 0), seal.last))
        yield from faults(seal.table, unpacked(rows), found)
        previous, up_to[seal.table] = seal.digest, seal.last
        seen.add(seal.digest)
    if known and known not in seen:
        yield Fault(Seal._meta.label, None, Wrong.MISSING)
