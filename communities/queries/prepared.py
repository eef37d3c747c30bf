"""Statements that the database plans once per connection.

Django's cursors put the values into the text, so each statement is planned anew, which costs a wide one several times
what it takes to run. Here the values travel apart and the plan is kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import islice
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import Model

from communities.fields import EncryptedText, Sealed


def fetch(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a SELECT, or of what is written `returning` them, the latter within a transaction only.

    Give each parameter its type (`%(ids)s::bigint[]`), so that its plan is one.
    """
    connection.ensure_connection()
    with connection._prepare_cursor(ServerBindingCursor(connection.connection)) as cursor:  # type: ignore[attr-defined, call-arg]
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def later(sql: str, **values: Any) -> Callable[[], list[tuple[Any, ...]]]:
    """The same, inside of `connection.sent_together()`: the rows are there when they are asked for."""
    cursor = connection._prepare_cursor(ServerBindingCursor(connection.connection))  # type: ignore[attr-defined, call-arg]
    cursor.execute(sql, values)
    return lambda: list(cursor.fetchall())


def loaded[M: Model](model: type[M], tail: str, *joined: str, before: str = "", **values: Any) -> list[M]:
    """Whole rows of the model, with those its foreign keys `joined` name; `tail` is the statement from WHERE on, in which
    the model's own table is `t`, and `before` what stands before SELECT.
    """
    related: dict[str, type[Model]] = {name: model._meta.get_field(name).related_model for name in joined}  # type: ignore[misc]
    columns = [columns_of(model, "t"), *(columns_of(other, name) for name, other in related.items())]
    joins = [
        f'left join {other._meta.db_table} "{name}" on "{name}".id = t.{name}_id' for name, other in related.items()
    ]
    selected = ", ".join(text for _names, text, _readers in columns)
    found = fetch(f"{before}select {selected} from {model._meta.db_table} t {' '.join(joins)} {tail}", **values)
    return [with_joined(model, related, row) for row in found]


def with_joined[M: Model](model: type[M], related: Mapping[str, type[Model]], row: Sequence[Any]) -> M:
    values = iter(row)
    instance = made(model, "t", values)
    for name, other in related.items():
        one = made(other, name, values)
        setattr(instance, name, one if one.pk is not None else None)
    return instance


def made[M: Model](model: type[M], alias: str, values: Iterator[Any]) -> M:
    """The next of the values as a row of the model."""
    names, _text, readers = columns_of(model, alias)
    row = list(islice(values, len(names)))
    for index, read in readers:
        row[index] = read(row[index])
    return model.from_db(connection.alias, names, row)


@cache
def columns_of(model: type[Model], alias: str) -> tuple[list[str], str, list[tuple[int, Callable[[Any], Any]]]]:
    """The fields' names, their columns, and how those are read that are not stored as they are meant."""
    fields = model._meta.concrete_fields
    readers = [(index, reader(field)) for index, field in enumerate(fields) if hasattr(field, "from_db_value")]
    return [field.attname for field in fields], ", ".join(f'"{alias}"."{field.column}"' for field in fields), readers


def reader(field: Any) -> Callable[[Any], Any]:
    if isinstance(field, EncryptedText):
        return lambda value: Sealed(value) if value else value
    return lambda value: field.from_db_value(value, None, connection)


@contextmanager
def planned_once() -> Iterator[None]:
    """For hundreds of reads alike in a row: their plan is kept although each has other values."""
    with connection.cursor() as cursor:
        cursor.execute("set plan_cache_mode = force_generic_plan")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("reset plan_cache_mode")
