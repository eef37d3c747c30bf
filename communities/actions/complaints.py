"""A reader told their mail provider that a mail of ours is unwanted."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from communities.actions.optouts import no_more
from communities.messages import dead_ends
from communities.messages.kinds import KINDS
from communities.models import Message

REASON = "complained"


@transaction.atomic
def heard(parcels: Iterable[str], *, now: datetime) -> None:
    """The mail's topic ends, as by its unsubscribe button; one's own duties come by other ways first. A repeat changes nothing.

    `parcels`: "message:email" each; others are none of ours.
    """
    numbers = {int(number) for number, _colon, way in (parcel.partition(":") for parcel in parcels) if way == "email"}
    found = Message.objects.filter(pk__in=numbers).exclude(reader=None).select_related("reader")
    for message in found.order_by("reader", "pk"):
        kind = KINDS.get(message.kind)
        if kind and kind.topic and message.reader:
            no_more(message.reader, [kind.topic], now=now)
    dead_ends.note([(message.pk, "email", REASON) for message in found], now)
