"""Numbers and addresses that turned out to lead nowhere: no reader is without news because one of them died."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef

from communities.fields import keyed_hash
from communities.models import Browser, DeadEnd, User

GOOD_FOR = timedelta(days=7)  # after which the way is tried again as if nothing had happened

NOTE = """
    insert into communities_deadend (user_id, channel, reason, since)
    select distinct on (m.reader_id) m.reader_id, x.channel, x.reason, %s
    from unnest(%s::bigint[], %s::text[], %s::text[]) as x (message, channel, reason)
    join communities_message m on m.id = x.message and m.reader_id is not null
    order by m.reader_id
    on conflict (user_id, channel) do update set reason = excluded.reason, since = excluded.since
"""


def dead_ways(now: datetime) -> ArraySubquery:
    """For each account, the channels by which it cannot be reached."""
    found = DeadEnd.objects.filter(user=OuterRef("pk"), since__gt=now - GOOD_FOR)
    return ArraySubquery(found.order_by("channel").values("channel"))


def note(tried: Sequence[tuple[int, str, str]], now: datetime) -> None:
    """Of these messages (id, channel, reason) the provider said that the address is none."""
    if tried:
        with connection.cursor() as cursor:
            cursor.execute(NOTE, [now, *map(list, zip(*tried, strict=True))])


def forget_browsers(endpoints: Iterable[str]) -> None:
    """The push service says that these subscriptions have ended."""
    if hashes := [keyed_hash(endpoint) for endpoint in endpoints]:
        Browser.objects.filter(endpoint_hash__in=hashes).delete()


def arrived(message_ids: Iterable[int], channel: str) -> None:
    """Something has arrived there, so it works."""
    DeadEnd.objects.filter(user__messages__in=list(message_ids), channel=channel).delete()


def works_again(user: User, channel: str) -> None:
    """The person has another address, or has shown that this one is theirs."""
    DeadEnd.objects.filter(user=user, channel=channel).delete()
