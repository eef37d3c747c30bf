"""What the database must be able to do, asked at `migrate`."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import connections


@checks.register(checks.Tags.database)
def letters(databases: Sequence[str] | None = None, **_options: Any) -> list[checks.CheckMessage]:
    """pg_trgm sees only what the database's LC_CTYPE takes for letters: under C, no Chinese name is like another."""
    return [
        checks.Warning(
            f"The database {alias!r} knows no letters beyond ASCII, so names written alike are not found.",
            hint="Create it with LC_CTYPE 'C.UTF-8', or any other UTF-8 locale.",
            id="communities.W001",
        )
        for alias in databases or ()
        if not knows_letters(alias)
    ]


def knows_letters(alias: str) -> bool:
    """Also yes before the extension is there, since nothing can be asked then."""
    with connections[alias].cursor() as cursor:
        cursor.execute("select exists (select from pg_extension where extname = 'pg_trgm')")
        if not cursor.fetchone()[0]:
            return True
        cursor.execute("select show_trgm('小区') <> '{}'")
        return bool(cursor.fetchone()[0])
