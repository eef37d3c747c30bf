"""Phones, mailboxes and a Redis that tests can look into, or take away."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from redis import Redis

from communities import limits
from communities.channels import sms
from communities.channels.parcels import Outcome, Result

REDIS_URL = settings.REDIS_URL


class Texts:
    """Every text message that would have left."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.result = Outcome("", Result.SENT)

    def send_now(self, phone: str, text: str) -> Outcome:
        self.sent.append((phone, text))
        return self.result

    def to(self, phone: str) -> list[str]:
        return [text for to, text in self.sent if to == phone]

    def code(self, phone: str) -> str:
        """The newest code that the phone got."""
        return re.search(r"(?<!\d)\d{6}(?!\d)", self.to(phone)[-1])[0]


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch, clean_redis: None) -> Texts:
    phones = Texts()
    monkeypatch.setattr(sms, "send_now", phones.send_now)
    return phones


PREFIX = "redvest-test"


@pytest.fixture
def clean_redis(settings: Any) -> Iterator[None]:
    """No sessions, codes and limits of other tests."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": PREFIX}}
    yield
    redis = Redis.from_url(REDIS_URL, socket_timeout=10)
    for key in redis.scan_iter(f"{PREFIX}:*"):
        redis.delete(key)


@pytest.fixture
def no_redis(settings: Any, clean_redis: None) -> Iterator[None]:
    settings.REDIS_URL = nowhere = "redis://127.0.0.1:1/0"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": nowhere}}
    limits.client.cache_clear()
    limits.connections.cache_clear()
    yield
    limits.client.cache_clear()
    limits.connections.cache_clear()
