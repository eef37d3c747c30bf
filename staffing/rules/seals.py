"""What fixes the history: a mark for every row, and seals each of which covers the one before.

Who changes, deletes, adds or reorders a row leaves its mark standing; who makes new marks changes every digest from
there on, and the newest digest is known outside.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

NOBODY = "0" * 64  # what stands before the first seal
ROW, MARK = 8, 8  # bytes of a row's number and of its mark

# Whose history is fixed: rights, places' zones, work, loans, hours. None of their rows ever goes; what in them can be
# emptied (`rules/retention.py`) or holds words has no part in the mark.
SEALED = (
    "communities.Grant",
    "communities.User",
    "communities.ZonePolicy",
    "communities.ZoneStatus",
    "volunteers.Certificate",
    "volunteers.Consent",
    "volunteers.ServiceRecord",
    "staffing.CallUp",
    "staffing.CloseOut",
    "staffing.Lending",
    "staffing.Post",
    "staffing.Secondment",
    "staffing.Shift",
    "staffing.SignUp",
    "staffing.Takeover",
    "staffing.TaskForce",
)


class Wrong(StrEnum):
    MISSING = "missing"
    ALTERED = "altered"
    ADDED = "added"


def packed(marks: Iterable[tuple[int, bytes]]) -> bytes:
    """Row numbers and marks, one after another."""
    return b"".join(number.to_bytes(ROW) + mark for number, mark in marks)


def unpacked(rows: bytes) -> dict[int, bytes]:
    step = ROW + MARK
    return {
        int.from_bytes(rows[at : at + ROW]): rows[at + ROW : at + step]
        for at in range(0, len(rows) // step * step, step)
    }


def digest(previous: str, table: str, columns: Sequence[str], last: int, rows: bytes) -> str:
    """SHA-256 in hex over what a seal says and the seal before it."""
    head = "\n".join([previous, table, " ".join(columns), str(last), ""])
    return sha256(head.encode() + rows).hexdigest()


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """`row`: its number in the history of the table; None when the seal itself is not what it was."""

    table: str
    row: int | None
    wrong: Wrong


def faults(table: str, sealed: Mapping[int, bytes], found: Mapping[int, bytes]) -> list[Fault]:
    """In the order of the rows."""
    return [
        Fault(table, row, wrong(sealed.get(row), found.get(row)))
        for row in sorted(sealed.keys() | found.keys())
        if sealed.get(row) != found.get(row)
    ]


def wrong(was: bytes | None, now: bytes | None) -> Wrong:
    if was is None:
        return Wrong.ADDED
    return Wrong.MISSING if now is None else Wrong.ALTERED
