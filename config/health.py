"""/healthz says that the process answers, /readyz that all is there that a request or a message needs, /metrics how much."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from communities.queries.health import readiness
from config import metrics


class HealthMiddleware:
    """Before everything else: a probe knows neither our host name nor https, and costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        doors = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics.page}
        return doors.get(request.path, self.get_response)(request)


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """503 with the parts by name while one of them is missing."""
    parts = readiness(timezone.now())
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)
