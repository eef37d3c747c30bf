"""What every API answer has in common: problem+json for errors, keyset pages for lists, one throttle per person."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle

from communities.errors import Busy, DomainError, Invalid, Refused, TooMany
from communities.phrases import reasons, say

TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Refused",
    410: "Gone",
    412: "Precondition failed",
    413: "Too large",
    415: "Unsupported media type",
    422: "Unprocessable",
    429: "Too many requests",
    503: "Busy",
}


class Cursor(CursorPagination):
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "id"


class PerPersonThrottle(UserRateThrottle):
    scope = "person"


def answer(status: int, code: str, detail: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    body = {
        "type": f"/api/problems/{code}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
    }
    return Response(body | more, status=status, headers=headers, content_type="application/problem+json")


def of_domain(error: DomainError) -> Response:
    match error:
        case Refused():
            return answer(error.status, error.code, say(error.reasons[0]), reasons=reasons(error.reasons))
        case Invalid():
            return answer(400, "invalid_input", _("Some of this cannot be read."), errors=error.fields)
        case TooMany() | Busy():
            code = "too_many" if isinstance(error, TooMany) else "busy"
            return answer(
                error.status, code, _("Please try again in a moment."), {"Retry-After": str(error.retry_after)}
            )
    return answer(400, "bad_request", str(error))


def is_lock_timeout(error: BaseException) -> bool:
    return isinstance(error.__cause__, LockNotAvailable)


def problem(error: Exception, _context: dict[str, Any]) -> Response | None:
    """RFC 9457 for everything that a door can run into; None leaves an unknown error to Django (500)."""
    if isinstance(error, DomainError):
        return of_domain(error)
    if is_lock_timeout(error):
        return of_domain(Busy())
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, exceptions.ValidationError):
        return answer(400, "invalid_input", _("Some of this cannot be read."), errors=error.detail)
    if isinstance(error, exceptions.APIException):
        headers = {}
        if wait := getattr(error, "wait", None):
            headers["Retry-After"] = str(int(wait) + 1)
        if challenge := getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = challenge
        return answer(error.status_code, str(error.default_code), str(error.detail), headers)
    return None
