"""What a link in a message ends: whose it is, and which topic."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from communities.messages import links
from communities.messages.kinds import KINDS
from communities.messages.links import Purpose
from communities.models import Message, User
from communities.states import Topic


@dataclass(frozen=True, slots=True)
class NoMore:
    user: User
    topic: Topic


def by_link(token: str, now: datetime) -> NoMore:
    """Raises Gone after a year, Http404 for what is no such link of ours."""
    purpose, pk = links.read(token, now)
    message = Message.objects.filter(pk=pk).exclude(reader=None).select_related("reader").first()
    kind = KINDS.get(message.kind) if message else None
    if purpose is not Purpose.NO_MORE or not message or not message.reader or not kind or not kind.topic:
        raise Http404
    return NoMore(message.reader, kind.topic)
