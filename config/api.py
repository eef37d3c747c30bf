"""What every API answer has in common: problem+json for errors, one throttle per person."""

import json
from time import time
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable
from redis.exceptions import RedisError
from rest_framework import exceptions
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from communities import limits
from communities.errors import Busy, DomainError, Invalid, Refused, TooMany
from communities.phrases import reasons, say

MINUTE = 60
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
    500: "Server error",
    503: "Busy",
}
GENERAL = {
    "bad_request": _("Some of this cannot be read."),
    "invalid_input": _("Some of this cannot be read."),
    "parse_error": _("The body is not JSON."),
    "not_authenticated": _("Nobody is signed in, and no token was sent."),
    "authentication_failed": _("The token is unknown, or has ended."),
    "permission_denied": _("This is not yours to do."),
    "not_found": _("There is nothing here for you."),
    "method_not_allowed": _("This address does not do that."),
    "not_acceptable": _("Only JSON is spoken here."),
    "unsupported_media_type": _("Only JSON is read here."),
    "too_large": _("The body is too large: 10 MB at most."),
    "too_many": _("That was too often. Wait as long as Retry-After says."),
    "busy": _("Please try again in a moment."),
    "server_error": _("Something went wrong on our side; it has been logged."),
}


class UnicodeJSON(JSONParser):
    """JSON whose strings are text: half of a surrogate pair could be neither stored nor answered with.

    Raises ParseError, for what is nested too deeply as well.
    """

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            found = super().parse(*args, **kwargs)
            json.dumps(found, ensure_ascii=False).encode()
        except (RecursionError, UnicodeEncodeError):
            raise exceptions.ParseError from None
        return found


class PerPersonThrottle(BaseThrottle):
    """So many requests a minute for one account (or address), counted in the shared store in portions of a hundredth.

    With the store down nobody is held up: the API then still serves what needs the database alone.
    """

    tally = limits.Tally("api")

    def allow_request(self, request: Request, view: Any) -> bool:
        most = settings.API_PER_MINUTE
        try:
            count = self.tally.count(self.who(request), int(time() // MINUTE), portion=max(1, most // 100))
        except RedisError:
            return True
        return count <= most

    def who(self, request: Request) -> str:
        return str(request.user.pk) if request.user.is_authenticated else self.get_ident(request)

    def wait(self) -> float:
        return MINUTE - time() % MINUTE


def answer(status: int, code: str, detail: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    body = {
        "type": f"/api/problems/{code}/",
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
            return general(400, "invalid_input", errors=error.fields)
        case TooMany() | Busy():
            code = "too_many" if isinstance(error, TooMany) else "busy"
            return general(error.status, code, {"Retry-After": str(error.retry_after)})
    return general(400, "bad_request")


def general(status: int, code: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    return answer(status, code, str(GENERAL[code]), headers, **more)


def is_busy(error: BaseException) -> bool:
    """A lock that did not come, or a store that is away for a moment."""
    return isinstance(error.__cause__, LockNotAvailable) or isinstance(error, RedisError)


def problem(error: Exception, _context: dict[str, Any]) -> Response | None:
    """RFC 9457 for everything that a door can run into; None leaves an unknown error to Django (500)."""
    if isinstance(error, DomainError):
        return of_domain(error)
    if is_busy(error):
        return of_domain(Busy())
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        return general(413, "too_large")
    if isinstance(error, exceptions.ValidationError):
        return general(400, "invalid_input", errors=error.detail)
    if isinstance(error, exceptions.Throttled):
        return general(429, "too_many", {"Retry-After": str(int(error.wait or MINUTE) + 1)})
    if isinstance(error, exceptions.APIException):
        challenge = getattr(error, "auth_header", None)
        return of_framework(error, {"WWW-Authenticate": challenge} if challenge else {})
    return None


def of_framework(error: exceptions.APIException, headers: dict[str, str]) -> Response:
    code = str(error.default_code)
    code = code if code in GENERAL else "bad_request" if error.status_code < 500 else "server_error"
    return general(error.status_code, code, headers)
