"""/metrics in the format of Prometheus. Nothing personal: figures by queue and state."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from hmac import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from communities.queries import metrics, webhooks

LOCAL = {"127.0.0.1", "::1"}


def allowed(request: HttpRequest) -> bool:
    """With METRICS_TOKEN set, whoever brings it; else only this machine, not through a proxy."""
    if token := settings.METRICS_TOKEN:
        return compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    return request.META.get("REMOTE_ADDR") in LOCAL and "X-Forwarded-For" not in request.headers


def page(request: HttpRequest) -> HttpResponse:
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

    if not allowed(request):
        return HttpResponse(status=404)
    registry = CollectorRegistry()
    registry.register(Figures(timezone.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Figures:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[object]:
        waiting = metrics.waiting(self.now)
        yield gauge("redvest_outbox_due", "Messages due and not sent", "queue", {q: w.due for q, w in waiting.items()})
        oldest = {queue: found.oldest for queue, found in waiting.items()}
        yield gauge("redvest_outbox_oldest_seconds", "How long the oldest due message has waited", "queue", oldest)
        yield gauge("redvest_outbox_parked", "Messages given up and still news", "queue", metrics.parked(self.now))
        yield gauge("redvest_messages", "Messages due in the last 24 hours", "status", metrics.states(self.now))
        told = webhooks.standing(self.now)
        standing = {"due": told.due, "parked": told.parked, "off": told.off}
        yield gauge(
            "redvest_webhooks", "Deliveries to webhooks due and given up; webhooks that are off", "what", standing
        )
        oldest = {"any": told.oldest}
        yield gauge("redvest_webhooks_oldest_seconds", "How long the oldest due delivery has waited", "webhook", oldest)
        yield gauge("redvest_tasks_waiting", "Tasks that wait at the broker", "queue", metrics.depths())
        silent = metrics.silence(self.now)
        seen = {} if silent is None else {"any": silent}
        yield gauge("redvest_worker_silent_seconds", "Since a worker was last seen", "worker", seen)


def gauge(name: str, text: str, label: str, values: Mapping[str, float]) -> object:
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
