"""Where providers call back. Signed, so no cookie and no CSRF token."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from communities.actions.deliveries import Report, record
from communities.channels.sms.signing import genuine
from communities.states import MessageStatus

STATUSES = {"delivered": MessageStatus.DELIVERED, "failed": MessageStatus.FAILED}


@csrf_exempt
@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    """What became of text messages: 202 once noted, known or not; 403 unless signed within five minutes."""
    now = timezone.now()
    stamp, signature = request.headers.get("X-Redvest-Timestamp", ""), request.headers.get("X-Redvest-Signature", "")
    if not genuine(settings.SMS_GATEWAY_SECRET, stamp, signature, request.body, now):
        return HttpResponse(status=403)
    try:
        events = json.loads(request.body)["events"]
        reports = list(read(events, now))
    except (ValueError, KeyError, TypeError):
        return HttpResponse(status=400)
    record(reports)
    return HttpResponse(status=202)


def read(events: list[dict[str, Any]], now: datetime) -> Iterator[Report]:
    """The events of a kind we know; their time, or now where it is no aware instant."""
    for event in events:
        if status := STATUSES.get(event["status"]):
            at = parse_datetime(str(event.get("at", "")))
            yield Report(str(event["id"]), str(event.get("ref", "")), status, at if at and at.tzinfo else now)
