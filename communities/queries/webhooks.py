"""How the webhooks stand: what waits for each, and what was given up."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from communities.access import May, Visitor, within
from communities.models import Happening, Webhook, WebhookDelivery
from communities.states import HookStatus


def webhooks_of(user: Visitor) -> QuerySet[Webhook]:
    """Those of the areas that the user administers. Nobody else knows of them."""
    return Webhook.objects.filter(within(user, May.ADMINISTER, "area"))


def deliveries_of(user: Visitor) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(within(user, May.ADMINISTER, "webhook__area"))


def how_many(*states: HookStatus) -> Coalesce:
    """Of each webhook, its deliveries in one of these states, as a column."""
    mine = WebhookDelivery.objects.filter(status__in=states, webhook=OuterRef("pk")).order_by().values("webhook")
    return Coalesce(Subquery(mine.annotate(count=Count("pk")).values("count")), 0, output_field=IntegerField())


def latest(column: str) -> Subquery:
    """Of each webhook, the newest thing that it was tried to be told, as a column."""
    tried = WebhookDelivery.objects.filter(webhook=OuterRef("pk"), tried_at__isnull=False)
    return Subquery(tried.order_by("-happening").values(column)[:1])


HEALTH = {
    "waiting": how_many(HookStatus.WAITING, HookStatus.SENDING),
    "parked": how_many(HookStatus.PARKED),
    "last_answer": latest("answer"),
    "last_reason": latest("reason"),
    "last_tried_at": latest("tried_at"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """`due` should have been told already, the oldest for `oldest` seconds. `off` counts webhooks switched off."""

    due: int
    oldest: float
    parked: int
    off: int


def standing(now: datetime) -> Standing:
    """Of all webhooks, in four statements. What is not spread yet is due, too."""
    late = WebhookDelivery.objects.waiting().filter(due_at__lte=now).aggregate(count=Count("pk"), since=Min("due_at"))
    fresh = Happening.objects.filter(spread_at=None).aggregate(count=Count("pk"), since=Min("at"))
    since = min((one["since"] for one in (late, fresh) if one["since"]), default=now)
    return Standing(
        late["count"] + fresh["count"],
        max(0.0, (now - since).total_seconds()),
        WebhookDelivery.objects.parked().count(),
        Webhook.objects.filter(active=False).count(),
    )
