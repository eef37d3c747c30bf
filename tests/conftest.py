import gc
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings

from config.celery import app
from tests.receiving import Receiver, receiving

# How fast the machine is has nothing to do with whether a rule holds.
settings.register_profile("redvest", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("redvest")


def pytest_collection_finish() -> None:
    """What is loaded now stays: the collector need not walk over it again and again, nor look so often.

    Celery reads its settings once, so before a test with a broker of its own changes them for its workers.
    """
    assert app.conf.broker_url
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture
def queries_of() -> Callable[[Callable[[], object]], int]:
    """How many queries a call asks."""

    def count(call: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as asked:
            call()
        return len(asked)

    return count


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    """Another system on this machine, which webhooks may call."""
    with receiving() as found:
        settings.WEBHOOK_ORIGINS = [found.origin]
        yield found
