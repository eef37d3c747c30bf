"""Lines of the log. What a database says of the values it refuses names people, so it stays out of them."""

import logging
from collections.abc import Iterator

import psycopg
from django.db import Error

VALUES_REFUSED = "22"  # the class of SQLSTATEs whose very message repeats the value


class NamingNobody(logging.Formatter):
    """As usual, but of an error of the database only what names no row: its first line, or its code alone."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        error = record.exc_info[1] if record.exc_info else None
        for found in chain(error):
            if isinstance(found, Error | psycopg.Error):
                for said in filter(None, (repr(found), str(found))):
                    line = line.replace(said, spare(found))
        return line


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those it came from, as a traceback prints them."""
    while error:
        yield error
        error = error.__cause__ or error.__context__


def spare(error: BaseException) -> str:
    told = next((found for found in chain(error) if isinstance(found, psycopg.Error) and found.sqlstate), None)
    if told is None:
        return str(error).partition("\n")[0]
    code, first = str(told.sqlstate), told.diag.message_primary
    return f"SQLSTATE {code}" if code.startswith(VALUES_REFUSED) else f"{first} (SQLSTATE {code})"
