"""Errors of the domain as answers: a page in the reader's words, or problem+json for who asks for JSON alone."""

from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults
from psycopg.errors import LockNotAvailable
from redis import RedisError

from communities.errors import Busy, DomainError, Invalid, Refused, TooMany
from communities.phrases import PHRASES, reasons

type Reasons = list[dict[str, str]]


def page(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The answer to an error that the domain knows; None for any other."""
    if is_busy(error):
        error = Busy()
    if holds_nul(error):
        error = DomainError()
    if not isinstance(error, DomainError):
        return None
    found = reasons_of(error)
    response = as_page(request, error.status, found) if request.accepts("text/html") else as_json(error.status, found)
    if isinstance(error, TooMany | Busy):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def is_busy(error: Exception) -> bool:
    lock_timeout = isinstance(error, OperationalError) and isinstance(error.__cause__, LockNotAvailable)
    return lock_timeout or isinstance(error, RedisError)


def holds_nul(error: Exception) -> bool:
    """A character that no keyboard has and no text of the database can hold; only machines send it."""
    return isinstance(error, DataError) and "NUL (0x00)" in str(error)


def reasons_of(error: DomainError) -> Reasons:
    match error:
        case Refused():
            return reasons(error.reasons)
        case Invalid():
            return [{"code": field, "detail": text} for field, texts in error.fields.items() for text in texts]
        case TooMany():
            return [{"code": "too_many", "detail": _("That was too often. Try again in %s.") % wait(error.retry_after)}]
        case Busy():
            return [{"code": "busy", "detail": _("Please try again in a moment.")}]
    return [{"code": "bad_request", "detail": _("Some of this cannot be read.")}]


def wait(seconds: int) -> str:
    if seconds < 120:
        return _("%d seconds") % seconds
    return _("%d minutes") % -(-seconds // 60)


def title(status: int) -> str:
    return {
        400: _("Some of this cannot be read"),
        403: _("This is not yours to do"),
        410: _("This is over"),
        429: _("Too many tries"),
        503: _("Just a moment"),
    }.get(status, _("This is not possible now"))


def as_page(request: HttpRequest, status: int, found: Reasons) -> HttpResponse:
    context = {"status": status, "title": title(status), "reasons": [reason["detail"] for reason in found]}
    return render(request, "errors/refused.html", context, status=status)


def as_json(status: int, found: Reasons) -> HttpResponse:
    first = found[0]
    body = {
        "type": f"/api/problems/{first['code']}/",
        "title": title(status),
        "status": status,
        "code": first["code"],
        "detail": first["detail"],
        "reasons": found,
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")


def too_many(request: HttpRequest) -> HttpResponse:
    """Where allauth's own limits end."""
    found = page(request, TooMany())
    assert found
    return found


def for_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if for_api(request):
        return as_json(404, [{"code": "not_found", "detail": str(PHRASES["not_found"])}])
    return defaults.page_not_found(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    if for_api(request):
        return as_json(
            500, [{"code": "server_error", "detail": _("Something went wrong on our side; it has been logged.")}]
        )
    return defaults.server_error(request)
