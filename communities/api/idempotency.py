"""Idempotency-Key: a POST that is sent again with the same key is done once, and answered alike.

The key's row is written in the transaction of what the request does. So the effect and the remembered answer are there
both or neither, whatever dies in between; and a repeat that comes while the first is still running waits at the row
(for as long as any lock here, then 503), to find the answer there or, if the first failed, to do the work itself.
"""

import hashlib
import json
from collections.abc import Set
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from communities.errors import Invalid, Refused
from communities.models import IdempotentAnswer
from communities.phrases import PHRASES

HEADER = "Idempotency-Key"
LONGEST = 80


class KeyReused(Refused):
    status = 422


class Replay(APIException):
    """Leaves the view with the answer that was given before."""

    def __init__(self, answer: IdempotentAnswer) -> None:
        super().__init__()
        self.answer = answer


class Once(Response):
    """An answer with parts that are told once: they are not remembered for a repeat."""

    def __init__(self, data: dict[str, Any], *, kept_out: Set[str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.remembered = {name: value for name, value in data.items() if name not in kept_out}


class Idempotent:
    """For API views, left of their base class. Costs nothing when the header is absent."""

    claim: IdempotentAnswer | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        if request.method != "POST" or HEADER not in request.headers:
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
            if not is_final(response):
                transaction.set_rollback(True)
            elif self.claim:
                remember(self.claim, response)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "POST" and HEADER in request.headers and request.user.is_authenticated:
            self.claim = claim(request)

    def handle_exception(self, error: Exception) -> Response:
        return replayed(error.answer) if isinstance(error, Replay) else super().handle_exception(error)


def claim(request: Request) -> IdempotentAnswer:
    """The row that makes this request the first with its key. Raises Replay if there was one, KeyReused, Invalid."""
    key, asked = request.headers[HEADER], fingerprint(request)
    if not 1 <= len(key) <= LONGEST or not key.isprintable():
        raise Invalid(**{HEADER: PHRASES["idempotency_key_invalid"]})
    row = IdempotentAnswer(user=request.user, key=key, request_hash=asked)
    IdempotentAnswer.objects.bulk_create([row], ignore_conflicts=True)
    first = IdempotentAnswer.objects.get(user=request.user, key=key)
    if first.request_hash != asked:
        raise KeyReused("idempotency_key_reused")
    if first.status is not None:
        raise Replay(first)
    return first


def fingerprint(request: Request) -> str:
    """Of what was asked: method, address and body."""
    asked = f"{request.method} {request.get_full_path()}\n".encode() + request._request.body
    return hashlib.sha256(asked).hexdigest()


def is_final(response: Response) -> bool:
    """Would the same request get the same answer later? Not after an error of ours or "too often"."""
    return response.status_code < 500 and response.status_code != 429


def remember(claim: IdempotentAnswer, response: Response) -> None:
    data = getattr(response, "remembered", response.data)
    body = None if data is None else json.loads(JSONRenderer().render(data))
    IdempotentAnswer.objects.filter(pk=claim.pk).update(status=response.status_code, body=body)


def replayed(answer: IdempotentAnswer) -> Response:
    kind = "application/problem+json" if answer.status >= 400 else None
    return Response(answer.body, status=answer.status, headers={"Idempotent-Replay": "true"}, content_type=kind)
