from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from communities.queries import health


@pytest.fixture(autouse=True)
def clean_cache():
    cache.delete(health.SEEN)
    yield
    cache.delete(health.SEEN)


def test_a_probe_that_knows_no_host_name_and_no_https_is_answered(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    answer = client.get("/healthz", headers={"host": "10.0.0.7:8000"})

    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ago", "status", "worker"),
    [(timedelta(seconds=50), 200, True), (timedelta(seconds=70), 503, False), (None, 503, False)],
)
def test_readiness_wants_a_worker_seen_in_the_last_minute(client, ago, status, worker):
    if ago is not None:
        health.mark_seen(timezone.now() - ago)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (status, {"database": True, "broker": True, "worker": worker})


@pytest.mark.django_db
def test_readiness_names_the_part_that_is_missing(client, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    health.mark_seen(timezone.now())

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, {"database": True, "broker": False, "worker": True})
