"""Columns that keep a secret: text encrypted at rest, and the keyed hash by which it is found again."""

import hashlib
import hmac
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute


@cache
def cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def keyed_hash(text: str) -> str:
    """Hex HMAC-SHA256 of the text under LOOKUP_KEY: equal texts are equal, and nothing can be guessed back."""
    return hmac.new(settings.LOOKUP_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def opened(value: str | None) -> str | None:
    return cipher().decrypt(value.encode()).decode() if value else value


class Sealed(str):
    """What is stored, to be decrypted when somebody looks."""

    __slots__ = ()


class Opening(DeferredAttribute):
    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        kept, name = instance.__dict__, self.field.attname
        if name not in kept:
            return super().__get__(instance, cls)
        if type(kept[name]) is Sealed:
            kept[name] = opened(kept[name])
        return kept[name]

    def __set__(self, instance: Any, value: str | None) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedText(models.TextField):  # type: ignore[type-arg]
    """Text stored under the newest of FIELD_KEYS. Cannot be searched; keep a keyed_hash beside it for that."""

    descriptor_class = Opening

    def get_prep_value(self, value: str | None) -> str | None:
        return cipher().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return opened(value)
