"""Waking up: delivery of the outbox, and the sign of life."""

import logging
from typing import Any

from celery import shared_task
from django.dispatch import receiver

from communities import nudges
from communities.actions import digests
from communities.actions.answers import forget_answers
from communities.locks import one_of
from communities.messages import delivery, spreading, webhooks
from communities.messages.digests import QUEUE
from communities.queries import health
from communities.queries.clock import database_now
from communities.signals import message_posted, webhook_due

log = logging.getLogger(__name__)
WEBHOOKS = "webhooks"  # their queue
SENDERS = 1  # per queue and system, so that two workers never both wait for one slow provider


@shared_task(name="deliver")
def deliver(queue: str) -> None:
    nudges.begun("deliver", queue)
    with one_of(f"deliver {queue}", SENDERS) as ours:
        if ours and (counts := delivery.deliver(queue)):
            log.info("%s: %s", queue, dict(counts))
            wake_webhooks()


@shared_task(name="tell_webhooks")
def tell_webhooks() -> None:
    """What has happened is spread to the webhooks that want to know, and those are told."""
    nudges.begun("tell_webhooks", WEBHOOKS)
    spreading.spread(database_now())
    if counts := webhooks.deliver():
        log.info("webhooks: %s", dict(counts))


@shared_task(name="gather_digests")
def gather_digests() -> None:
    with one_of("gather digests") as ours:
        if ours and (written := digests.gather(database_now())):
            log.info("%d digests are due", written)


@shared_task(name="heartbeat")
def heartbeat() -> None:
    health.mark_seen(database_now())


@shared_task(name="forget_answers")
def forget_old_answers() -> None:
    forget_answers(database_now())


@receiver(webhook_due)
def wake_webhooks(**_: Any) -> None:
    nudges.nudge(tell_webhooks, WEBHOOKS)


@receiver(message_posted)
def wake_delivery(queue: str, **_: Any) -> None:
    """What waits for the evening is not delivered but gathered, by the clock alone."""
    if queue == QUEUE:
        return
    nudges.soon(deliver, queue, queue)
