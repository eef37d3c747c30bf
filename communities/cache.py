"""Django's cache in Redis, with one client per server kept: Django's own makes a new one for every command."""

from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis


class KeptClient(RedisCacheClient):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kept: dict[bool, Redis] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if write not in self.kept:
            self.kept[write] = super().get_client(key, write=write)
        return self.kept[write]


class Cache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient
