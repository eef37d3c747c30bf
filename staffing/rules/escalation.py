"""Somebody who does not answer the last reminder: asked once more another way, then a matter for the lead.

A person who has said that they come, or are on the way, is left alone. The times are proposals, not norms.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LAST = timedelta(hours=3)  # a reminder due later than this before the start is the last one, and wants an answer
SECOND_AFTER = timedelta(minutes=20)
LEAD_AFTER = timedelta(minutes=20)


class Risk(StrEnum):
    """Why a seat may stay empty though somebody has it."""

    SILENT = "silent"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Reminded:
    """The last reminder of one seat. `failed`: it arrived nowhere, over whichever way; `again_at`: when it went out the second way, which
    exists where `second_way` is true.
    """

    sent_at: datetime | None
    failed: bool = False
    answered: bool = False
    again_at: datetime | None = None
    again_failed: bool = False
    second_way: bool = False


def ask_again(one: Reminded, now: datetime) -> bool:
    """It is time for the second way."""
    waits = one.second_way and one.again_at is None and not one.answered and not one.failed
    return waits and one.sent_at is not None and now >= one.sent_at + SECOND_AFTER


def risk(one: Reminded, now: datetime) -> Risk | None:
    """Why the lead should look at it; None while there is time."""
    if one.answered:
        return None
    if one.failed and not one.again_at:
        return Risk.UNREACHABLE
    if one.sent_at is None or now < one.sent_at + SECOND_AFTER:
        return None
    if not one.second_way or one.again_failed:
        return Risk.SILENT
    return Risk.SILENT if one.again_at and now >= one.again_at + LEAD_AFTER else None
