"""The Message-ID of an e-mail: the same on every attempt, and sealed, so that only who has the mail can speak of it."""

import hmac
from functools import lru_cache
from hashlib import sha256

from django.conf import settings


@lru_cache
def key(secret: str) -> bytes:
    return sha256(b"redvest e-mails" + secret.encode()).digest()


def seal(number: str) -> str:
    return hmac.digest(key(settings.SECRET_KEY), number.encode(), "sha256")[:8].hex()


def make(parcel: str) -> str:
    """<7.email.0123456789abcdef@example.org> for the parcel 7:email."""
    number = parcel.partition(":")[0]
    host = settings.PUBLIC_URL.rpartition("/")[2].partition(":")[0]
    return f"<{number}.email.{seal(number)}@{host}>"


def read(message_id: str) -> str:
    """The parcel that a Message-ID names; "" if it is none of ours."""
    number, *rest = message_id.strip().strip("<>").partition("@")[0].split(".")
    known = len(rest) == 2 and rest[0] == "email" and hmac.compare_digest(rest[1].encode(), seal(number).encode())
    return f"{number}:email" if known else ""
