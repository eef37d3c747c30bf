"""How often something may be asked for, counted in Redis for all servers together.

Keys are keyed hashes, so nothing in Redis tells whom they are about. When Redis is away the answer is Busy: a limit
that cannot be counted is not passed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from django.conf import settings
from redis import ConnectionPool, Redis, RedisError

from communities.errors import Busy, TooMany
from communities.fields import keyed_hash


@dataclass(frozen=True, slots=True)
class Limit:
    name: str
    amount: int
    seconds: int


# All or nothing: what is refused uses nothing up. Returns the seconds to wait, 0 when there was room in every limit.
SPEND = """
local wait = 0
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[2 * i - 1]) then
    wait = math.max(wait, redis.call('TTL', key), 1)
  end
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
  redis.call('SET', key, 0, 'EX', ARGV[2 * i], 'NX')
  redis.call('INCR', key)
end
return 0
"""


@cache
def connections() -> ConnectionPool:
    return ConnectionPool.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1)


@cache
def client() -> Redis:
    """One for the whole process; if the first two threads each make one, neither closes anything when it goes."""
    return Redis(connection_pool=connections())


def run(script: str, keys: list[str], *arguments: object) -> Any:
    """Run the Lua script as one step. Raises Busy if Redis does not answer."""
    with reachable():
        return client().eval(script, len(keys), *keys, *map(str, arguments))


@contextmanager
def reachable() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise Busy from error


def name(kind: str, whom: str) -> str:
    """The Redis key of something about somebody."""
    return f"{settings.CACHES['default']['KEY_PREFIX']}:{kind}:{keyed_hash(whom)}"


def spend(*uses: tuple[Limit, str]) -> None:
    """Count one use of each limit for whom it is about. Raises TooMany, with the longest wait, if one has none left."""
    keys = [name(limit.name, whom) for limit, whom in uses]
    sizes = [size for limit, _whom in uses for size in (limit.amount, limit.seconds)]
    if wait := run(SPEND, keys, *sizes):
        raise TooMany(retry_after=wait)


class Tally:
    """How often each has asked for something within a minute, on all servers together.

    A process tells the store of so many at a time, and not of each: the count is short by less than one portion for
    each of the other processes.
    """

    def __init__(self, kind: str) -> None:
        self.kind, self.minute, self.turn = kind, 0, Lock()
        self.own: dict[str, int] = {}
        self.told: dict[str, int] = {}

    def count(self, whom: str, minute: int, *, portion: int) -> int:
        """One more of them; returns how many there are. Raises RedisError."""
        with self.turn:
            if minute != self.minute:
                self.minute, self.own, self.told = minute, {}, {}
            self.own[whom] = own = self.own.get(whom, 0) + 1
            if own % portion:
                return self.told.get(whom, 0) + own % portion
        total = self.tell(f"{whom}:{minute}", portion)
        self.told[whom] = total
        return total

    def tell(self, whom: str, more: int) -> int:
        key = name(self.kind, whom)
        asked = client().pipeline(transaction=False)
        asked.incrby(key, more)
        asked.expire(key, 120)
        return int(asked.execute()[0])
