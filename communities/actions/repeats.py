"""Sending failed messages once more, when what kept them from arriving has been mended."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from communities.errors import Gone, Refused
from communities.models import Message
from communities.signals import message_posted
from communities.states import MessageStatus


@transaction.atomic
def try_again(message_id: int, *, now: datetime) -> None:
    """Due again from now; delivery still asks whether it is out of date.

    Raises Refused unless it has failed, Gone if it is no news any more.
    """
    if not try_all_again([message_id], now=now):
        failed = Message.objects.filter(pk=message_id, status=MessageStatus.FAILED).exists()
        raise Gone("expired") if failed else Refused("not_failed")


@transaction.atomic
def try_all_again(message_ids: Sequence[int], *, now: datetime) -> int:
    """Those of the messages that have failed, and are still news, are due again; returns how many."""
    failed = Message.objects.failed(now).filter(pk__in=list(message_ids))
    queues = set(failed.values_list("queue", flat=True))
    again = {"status": MessageStatus.SCHEDULED, "due_at": now, "attempts": 0, "channel": "", "claimed_until": None}
    done = failed.update(**again)
    for queue in sorted(queues):
        transaction.on_commit(lambda queue=queue: message_posted.send(sender=Message, queue=queue), robust=True)  # type: ignore[misc]
    return done
