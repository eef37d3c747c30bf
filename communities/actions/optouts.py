"""What somebody wants to hear no more of. Taken back at any time; a repeat changes nothing."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from communities.models import OptOut, User
from communities.states import Topic


@transaction.atomic
def no_more(user: User, topics: Iterable[Topic], *, now: datetime) -> None:
    rows = [OptOut(user=user, topic=topic, since=now) for topic in topics]
    OptOut.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def choose(user: User, wanted: Iterable[str], *, now: datetime) -> None:
    """From now on these topics and no others."""
    kept = set(wanted)
    OptOut.objects.filter(user=user, topic__in=kept).delete()
    no_more(user, [topic for topic in Topic if topic not in kept], now=now)
