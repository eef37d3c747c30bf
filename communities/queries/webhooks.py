"""How the webhooks stand: what waits for each, and what was given up."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from communities.access import May, Visitor, within
from communities.models import Happening, Webhook, WebhookDelivery


def webhooks_of(user: Visitor) -> QuerySet[Webhook]:
    """Those of the areas that the user administers. Nobody else knows of them."""
    return Webhook.objects.filter(within(user, May.ADMINISTER, "area"))


def deliveries_of(user: Visitor) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(within(user, May.ADMINISTER, "webhook__area"))


def how_many(rows: QuerySet[WebhookDelivery]) -> Coalesce:
    """Of these deliveries, those of each webhook, as a column."""
    mine = rows.filter(webhook=OuterRef("pk")).order_by().values("webhook")
    return Coalesce(Subquery(mine.annotate(count=Count("pk")).values("count")), 0, output_field=IntegerField())


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
