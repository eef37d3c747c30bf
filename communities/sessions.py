"""Sessions in the cache, of which the cache can read nothing: its keys are keyed hashes, the content is encrypted.

Whoever holds a copy of the cache finds neither a person in it nor a cookie that opens anything. While the cache is
away everybody is a stranger, but keeps the cookie, and is known again afterwards.
"""

import json
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.sessions.backends import cache
from django.core.cache import caches
from django.core.serializers.json import DjangoJSONEncoder
from redis import RedisError

from communities.fields import cipher, keyed_hash


def cache_key(key: str, prefix: str, version: int) -> str:
    """What a cache key is called in the cache; theirs name people, addresses and cookies."""
    return f"{prefix}:{version}:{keyed_hash(key)}"


class Sealed:
    """The part of a cache that a session store uses."""

    def __init__(self, alias: str) -> None:
        self.cache = caches[alias]

    def get(self, key: str) -> dict[str, Any] | None:
        sealed = self.cache.get(key)
        return opened(sealed) if sealed else None

    def set(self, key: str, content: dict[str, Any], seconds: int) -> None:
        self.cache.set(key, seal(content), seconds)

    def add(self, key: str, content: dict[str, Any], seconds: int) -> bool:
        return bool(self.cache.add(key, seal(content), seconds))

    def delete(self, key: str) -> None:
        self.cache.delete(key)

    def __contains__(self, key: str) -> bool:
        return key in self.cache


def seal(content: dict[str, Any]) -> bytes:
    return cipher().encrypt(json.dumps(content, cls=DjangoJSONEncoder).encode())


def opened(sealed: bytes) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(cipher().decrypt(sealed))
    except InvalidToken:
        return None
    return found


class SessionStore(cache.SessionStore):
    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._cache = Sealed(settings.SESSION_CACHE_ALIAS)

    def load(self) -> dict[str, Any]:
        try:
            found = self._cache.get(self.cache_key)
        except RedisError:
            return {}
        if found is None:
            self._session_key = None
        return found or {}
