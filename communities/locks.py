"""A right that at most so many processes have at once, held by the database session and gone with it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from zlib import crc32

from django.db import Error, connection

HOLDERS = """
    select count(distinct pid) from pg_locks
    where locktype = 'advisory' and granted and objsubid = 2 and classid::bigint = any(%s::bigint[])
    and database = (select oid from pg_database where datname = current_database())
"""


@contextmanager
def one_of(name: str, places: int = 1) -> Iterator[bool]:
    """True inside if one of the places was free. It saves work; what must not happen twice is guarded where it is
    written.
    """
    place = next((place for place in range(places) if asked("pg_try_advisory_lock", name, place)), None)
    try:
        yield place is not None
    finally:
        if place is not None:
            release(name, place)


def release(name: str, place: int) -> None:
    try:
        asked("pg_advisory_unlock", name, place)
    except Error:  # the session is gone, and the lock with it
        connection.close()


def asked(function: str, name: str, place: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"select {function}(%s, %s)", [key(name), place])
        return bool(cursor.fetchone()[0])


def key(name: str) -> int:
    return crc32(name.encode()) - 2**31


def holders(names: Iterable[str]) -> int:
    """How many sessions have one of these rights at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS, [[key(name) % 2**32 for name in names]])
        return int(cursor.fetchone()[0])
