"""From what has happened to whom it is told: a row for each webhook of the area or above that wants the topic."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from communities.messages.happenings import SOURCES, About
from communities.models import Happening, Webhook, WebhookDelivery

BATCH = 500


def spread(now: datetime) -> int:
    """All that is committed and not spread yet; returns how many rows were written for webhooks."""
    written = 0
    while (some := some_of_them(now)) is not None:
        written += some
    return written


@transaction.atomic
def some_of_them(now: datetime) -> int | None:
    """The next few hundred, in a constant number of statements; None if there are none. What somebody else is spreading is
    passed over, and what is committed later is found later.
    """
    rows = list(Happening.objects.filter(spread_at=None).order_by("pk").select_for_update(skip_locked=True)[:BATCH])
    if not rows:
        return None
    known = read(rows)
    for row in rows:
        row.spread_at = now
        if about := known.get((row.topic, row.target)):
            row.area_id, row.data = about.area, dict(about.data)
    Happening.objects.bulk_update(rows, ["spread_at", "area", "data"])
    deliveries = [
        WebhookDelivery(webhook_id=webhook, happening=row, due_at=now) for row, webhook in matches(rows, known)
    ]
    WebhookDelivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    return len(deliveries)


type Known = Mapping[tuple[str, int], About]


def read(rows: Iterable[Happening]) -> Known:
    by_topic: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        by_topic[row.topic].add(row.target)
    return {
        (topic, target): about
        for topic, targets in by_topic.items()
        if topic in SOURCES
        for target, about in SOURCES[topic].about(sorted(targets)).items()
    }


def matches(rows: Sequence[Happening], known: Known) -> Iterable[tuple[Happening, int]]:
    hooks = list(Webhook.objects.filter(active=True).values_list("pk", "topics", "area__path"))
    for row in rows:
        about = known.get((row.topic, row.target))
        for pk, wanted, path in hooks if about else ():
            if about and row.topic in wanted and about.path.startswith(path):
                yield row, pk
