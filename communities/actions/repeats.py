"""Sending a failed message once more, when what kept it from arriving has been mended."""

from datetime import datetime

from communities.errors import Refused
from communities.models import Message
from communities.states import MessageStatus


def try_again(message_id: int, *, now: datetime) -> None:
    """Due again from now; delivery still asks whether it is out of date. Raises Refused unless it has failed."""
    failed = Message.objects.filter(pk=message_id, status=MessageStatus.FAILED)
    if not failed.update(status=MessageStatus.SCHEDULED, due_at=now, attempts=0, channel="", claimed_until=None):
        raise Refused("not_failed")
