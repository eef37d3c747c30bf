"""One-tap links: a short signed token for one purpose about one thing, until an instant.

18 bytes as 24 characters: id 5, expiry 4 (minutes), MAC 8, purpose 1. The purpose stands last so that the last character
is a letter: phones leave a "-" at the end out of the link. A link opens a page and changes nothing.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.http import Http404
from django.utils import timezone

from communities.errors import Gone

LENGTH = 24
A_YEAR = timedelta(days=365)


class Purpose(StrEnum):
    SEAT = "seat"  # about a seat one has: cannot come, on my way
    OFFER = "offer"  # about a seat one is asked to take: come, cannot
    CALL = "call"  # about a message that asks for people: not this time
    SECONDMENT = "secondment"  # about being lent to a community: yes, no
    PLEDGE = "pledge"  # about names that an organisation owes
    COME = "come"  # about a message that asks for people: I can come
    NO_MORE = "no_more"  # about a message of a topic: nothing more of that
    TOGETHER = "together"  # about coming with somebody who asks for it: yes, no


CODES = {Purpose.SEAT: 1, Purpose.OFFER: 2, Purpose.CALL: 3, Purpose.SECONDMENT: 4, Purpose.PLEDGE: 5}
CODES |= {Purpose.COME: 6, Purpose.NO_MORE: 7, Purpose.TOGETHER: 8}
PURPOSES = {code: purpose for purpose, code in CODES.items()}


class Link(NamedTuple):
    """What a token says. `expires` is a whole minute."""

    purpose: Purpose
    id: int
    expires: datetime


def minute(instant: datetime) -> int:
    """Minutes since 1970, the last one begun included."""
    return -int(-instant.timestamp() // 60)


@lru_cache
def link_key(secret: str) -> bytes:
    return sha256(b"redvest one-tap links" + secret.encode()).digest()


def mac(body: bytes) -> bytes:
    return hmac.digest(link_key(settings.SECRET_KEY), body, "sha256")[:8]


def make(purpose: str, target: int, expires: datetime) -> str:
    body, code = target.to_bytes(5) + minute(expires).to_bytes(4), bytes([CODES[Purpose(purpose)]])
    return urlsafe_b64encode(body + mac(body + code) + code).decode()


def opened(token: str) -> Link:
    """What the token says, expired or not. Raises Http404 if it is not one of ours, letter by letter."""
    try:
        whole = urlsafe_b64decode(token.encode("ascii"))
    except ValueError as error:
        raise Http404 from error
    body, seal, code = whole[:9], whole[9:17], whole[17:]
    if len(token) != LENGTH or not hmac.compare_digest(seal, mac(body + code)):
        raise Http404
    expires = datetime.fromtimestamp(int.from_bytes(body[5:]) * 60, UTC)
    return Link(PURPOSES[code[0]], int.from_bytes(body[:5]), expires)


def read(token: str, now: datetime | None = None) -> tuple[Purpose, int]:
    """Purpose and id. Raises Gone (its facts hold both) after the expiry, Http404 for anything that is not ours."""
    link = opened(token)
    if (now or timezone.now()) >= link.expires:
        raise Gone("expired", purpose=link.purpose, id=link.id)
    return link.purpose, link.id


def no_more(message: int, now: datetime) -> str:
    """Where the reader of a message ends its topic; good for a year."""
    return f"{settings.PUBLIC_URL}/u/{make(Purpose.NO_MORE, message, now + A_YEAR)}/"


def url(token: str) -> str:
    return f"{settings.PUBLIC_URL}/a/{token}"
