"""Where a word still stands: in every column of every table, under encryption too, and in everything that Redis holds."""

from collections.abc import Iterable, Iterator

from cryptography.fernet import InvalidToken
from django.db import connection

from communities import limits
from communities.fields import cipher

TEXTS = """
    select table_name, column_name from information_schema.columns
    where table_schema = 'public' and table_name in (
        select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE')
      and (data_type in ('text', 'character varying', 'character', 'json', 'jsonb', 'ARRAY', 'bytea', 'inet', 'uuid'))
    order by table_name, column_name
"""
SEALED = b"gAAAA"  # how everything begins that is encrypted


def columns() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(TEXTS)
        return cursor.fetchall()


def contents(table: str, column: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f'select distinct "{column}"::text from "{table}" where "{column}" is not null')
        for (text,) in cursor.fetchall():
            yield opened(text)


def opened(text: str) -> str:
    """Bytes as text, and what is encrypted in the clear."""
    if text.startswith("\\x"):
        text = bytes.fromhex(text[2:]).decode(errors="replace")
    if text.startswith(SEALED.decode()):
        try:
            return cipher().decrypt(text.encode()).decode(errors="replace")
        except InvalidToken:
            return text
    return text


def in_database(words: Iterable[str]) -> dict[str, set[str]]:
    """By table and column, which of the words are found there."""
    words = list(words)
    found = {
        f"{table}.{column}": {word for text in contents(table, column) for word in words if word in text}
        for table, column in columns()
    }
    return {place: some for place, some in found.items() if some}


def in_redis(words: Iterable[str]) -> set[str]:
    """Which of the words are found in the keys or values of any kind that the store and the broker hold."""
    client, words = limits.client(), list(words)
    return {word for text in dump(client) for word in words if word in text}


def dump(client) -> Iterator[str]:
    for key in client.scan_iter():
        yield readable(key)
        yield readable(client.dump(key) or b"")


def readable(raw: bytes | str) -> str:
    raw = raw.encode() if isinstance(raw, str) else raw
    return "\n".join(
        [raw.decode(errors="replace"), *(opened((SEALED + part).decode(errors="replace")) for part in sealed(raw))]
    )


def sealed(raw: bytes) -> list[bytes]:
    """The letters of each sealed text in there, up to the first that does not belong to one."""
    allowed = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=")
    parts = raw.split(SEALED)[1:]
    return [part[: next((at for at, letter in enumerate(part) if letter not in allowed), len(part))] for part in parts]
