"""The code on the leader's screen: it names a shift and a half minute, and is worth nothing a minute later."""

import base64
import hmac
from datetime import datetime

STEP = 30  # seconds between two codes; each is good for its own step and the next


def step_of(now: datetime) -> int:
    return int(now.timestamp()) // STEP


def seal(shift: int, step: int, key: str) -> str:
    digest = hmac.digest(key.encode(), f"check-in:{shift}:{step}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:15]).decode()


def token(shift: int, now: datetime, key: str) -> str:
    """What the QR code carries: the shift and its seal for this half minute."""
    return f"{shift}-{seal(shift, step_of(now), key)}"


def shift_of(token: str, now: datetime, key: str) -> int | None:
    """The shift of a code at most 60 s old; None for any other text."""
    number, _dash, mark = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    steps = (step_of(now), step_of(now) - 1)
    good = any(hmac.compare_digest(mark.encode(), seal(int(number), step, key).encode()) for step in steps)
    return int(number) if good else None
