"""Where providers call back. Signed, so no cookie and no CSRF token."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from communities.actions.deliveries import Report, record
from communities.channels.email import marks
from communities.channels.sms.signing import genuine
from communities.states import MessageStatus

STATUSES = {"delivered": MessageStatus.DELIVERED, "failed": MessageStatus.FAILED, "bounced": MessageStatus.FAILED}

type Reader = Callable[[list[dict[str, Any]], datetime], Iterator[Report]]


@csrf_exempt
@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    """What became of text messages: 202 once noted, known or not; 403 unless signed within five minutes."""
    return taken(request, "sms", settings.SMS_GATEWAY_SECRET, read)


@csrf_exempt
@require_POST
def email(request: HttpRequest) -> HttpResponse:
    """The same of e-mails, which are named by their Message-ID."""
    return taken(request, "email", settings.EMAIL_HOOK_SECRET, read_mails)


def taken(request: HttpRequest, channel: str, secret: str, reader: Reader) -> HttpResponse:
    now = timezone.now()
    stamp, signature = request.headers.get("X-Redvest-Timestamp", ""), request.headers.get("X-Redvest-Signature", "")
    if not genuine(secret, stamp, signature, request.body, now):
        return HttpResponse(status=403)
    try:
        reports = list(reader(json.loads(request.body)["events"], now))
    except (ValueError, KeyError, TypeError, AttributeError):
        return HttpResponse(status=400)
    record(reports, channel)
    return HttpResponse(status=202)


def read(events: list[dict[str, Any]], now: datetime) -> Iterator[Report]:
    """The events of a kind we know; their time, or now where it is no aware instant."""
    for event in events:
        if status := STATUSES.get(event["status"]):
            at = parse_datetime(str(event.get("at", "")))
            yield Report(str(event["id"]), str(event.get("ref", "")), status, at if at and at.tzinfo else now)


def read_mails(events: list[dict[str, Any]], now: datetime) -> Iterator[Report]:
    """A bounce marks the address and sends the message another way."""
    return read([event | {"id": marks.read(str(event["message_id"]))} for event in events], now)
