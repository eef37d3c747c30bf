"""Columns that keep a secret: text encrypted at rest, and the keyed hash by which it is found again."""

import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@cache
def cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def keyed_hash(text: str) -> str:
    """Hex HMAC-SHA256 of the text under LOOKUP_KEY: equal texts are equal, and nothing can be guessed back."""
    return hmac.new(settings.LOOKUP_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


class EncryptedText(models.TextField):  # type: ignore[type-arg]
    """Text stored under the newest of FIELD_KEYS. Cannot be searched; keep a keyed_hash beside it for that."""

    def get_prep_value(self, value: str | None) -> str | None:
        return cipher().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return cipher().decrypt(value.encode()).decode() if value else value
