"""What a provider says later about a message it took."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from communities.models import Delivery, Message
from communities.states import MessageStatus

log = logging.getLogger(__name__)
STEPS = {
    MessageStatus.SCHEDULED: 0,
    MessageStatus.SENDING: 0,
    MessageStatus.SENT: 1,
    MessageStatus.FAILED: 2,
    MessageStatus.DELIVERED: 3,
    MessageStatus.ACKNOWLEDGED: 4,
}


@dataclass(frozen=True, slots=True)
class Report:
    """`id` is the key the message went out with: "message:channel"."""

    id: str
    ref: str
    status: MessageStatus
    at: datetime


def record(reports: Iterable[Report]) -> int:
    """Note each report; returns how many told something new. In any order, any number of times: nothing goes back."""
    return sum(record_one(report) for report in sorted(reports, key=lambda report: report.id))


@transaction.atomic
def record_one(report: Report) -> bool:
    number, _colon, channel = report.id.partition(":")
    known = number.isascii() and number.isdigit() and len(number) < 19
    message = Message.objects.select_for_update().filter(pk=number).first() if known else None
    if message is None or channel != "sms":
        log.warning("A report about a message that is not here")
        return False
    if STEPS[report.status] <= STEPS.get(MessageStatus(message.status), 9):
        return False
    message.status, message.channel, message.claimed_until = report.status, channel, None
    message.sent_at = message.sent_at or report.at
    message.save(update_fields=["status", "channel", "claimed_until", "sent_at"])
    Delivery.objects.update_or_create(
        message=message,
        channel=channel,
        attempt=message.attempts,
        defaults={"status": report.status, "ref": report.ref[:80], "at": report.at},
    )
    return True
