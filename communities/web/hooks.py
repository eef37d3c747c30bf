"""Where providers call back. Signed, so no cookie and no CSRF token."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from communities.actions.complaints import heard
from communities.actions.deliveries import Report, record
from communities.channels.email import marks
from communities.channels.sms.signing import genuine
from communities.states import MessageStatus

STATUSES = {"delivered": MessageStatus.DELIVERED, "failed": MessageStatus.FAILED, "bounced": MessageStatus.FAILED}
COMPLAINED = "complained"

type Events = list[dict[str, Any]]


@csrf_exempt
@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    """What became of text messages: 202 once noted, known or not; 403 unless signed within five minutes."""
    return taken(request, settings.SMS_GATEWAY_SECRET, reports, lambda found, _now: record(found, "sms"))


@csrf_exempt
@require_POST
def email(request: HttpRequest) -> HttpResponse:
    """The same of e-mails, which are named by their Message-ID, and who complained of one."""
    return taken(request, settings.EMAIL_HOOK_SECRET, mails, note_mails)


def taken[Found](
    request: HttpRequest,
    secret: str,
    read: Callable[[Events, datetime], Found],
    note: Callable[[Found, datetime], object],
) -> HttpResponse:
    now = timezone.now()
    stamp, signature = request.headers.get("X-Redvest-Timestamp", ""), request.headers.get("X-Redvest-Signature", "")
    if not genuine(secret, stamp, signature, request.body, now):
        return HttpResponse(status=403)
    try:
        found = read(json.loads(request.body)["events"], now)
    except (ValueError, KeyError, TypeError, AttributeError):
        return HttpResponse(status=400)
    note(found, now)
    return HttpResponse(status=202)


def reports(events: Events, now: datetime) -> list[Report]:
    """The events of a kind we know; their time, or now where it is no aware instant."""
    return [report(event, status, now) for event in events if (status := STATUSES.get(event["status"]))]


def report(event: dict[str, Any], status: MessageStatus, now: datetime) -> Report:
    at = parse_datetime(str(event.get("at", "")))
    return Report(str(event["id"]), str(event.get("ref", "")), status, at if at and at.tzinfo else now)


def mails(events: Events, now: datetime) -> tuple[list[Report], list[str]]:
    """A bounce marks the address and sends the message another way; the second list are parcels complained of."""
    named = [event | {"id": marks.read(str(event["message_id"]))} for event in events]
    return reports(named, now), [event["id"] for event in named if event["status"] == COMPLAINED]


def note_mails(found: tuple[list[Report], list[str]], now: datetime) -> None:
    told, unwelcome = found
    record(told, "email")
    heard(unwelcome, now=now)
