"""Reading with statements that the database plans once per connection.

Django's cursors put the values into the text, so each statement is planned anew, which costs a wide one several times
what it takes to run. Here the values travel apart and the plan is kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor


def fetch(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a SELECT. Give each parameter its type (`%(ids)s::bigint[]`), so that its plan is one."""
    connection.ensure_connection()
    with connection._prepare_cursor(ServerBindingCursor(connection.connection)) as cursor:  # type: ignore[attr-defined, call-arg]
        cursor.execute(sql, values)
        return list(cursor.fetchall())


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
