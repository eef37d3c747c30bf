from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from communities import access as roles
from communities.access import May, Visitor
from communities.actions import webhooks
from communities.api.areas import AreaRow
from communities.api.filters import Filters, flag, of, under, word
from communities.api.idempotency import Once
from communities.api.resources import Readable, Resource, deed, load, says
from communities.api.rows import Plain, Ref, Row
from communities.api.words import Choice, Id, Said, Several, Text
from communities.channels.webhook.addresses import LONGEST
from communities.messages.happenings import topics
from communities.models import User, Webhook, WebhookDelivery
from communities.queries.webhooks import HEALTH, deliveries_of, webhooks_of
from communities.states import HookStatus, OffReason


class WebhookRow(Row):
    """An address of another system that is told what happens in an area and everything below it.

    Those of areas that you administer. What is sent, and how it is signed, is in docs/api.md.
    """

    model = Webhook
    computed = HEALTH
    id = serializers.IntegerField()
    area = Ref(AreaRow)
    name = serializers.CharField()
    url = serializers.CharField()
    topics = serializers.ListField(child=serializers.CharField())
    active = serializers.BooleanField()
    off_reason = Choice(OffReason, allow_null=True)
    off_at = serializers.DateTimeField(allow_null=True)
    failing_since = serializers.DateTimeField(allow_null=True, help_text="Nothing has arrived since then.")
    former_until = serializers.DateTimeField(allow_null=True, help_text="The secret before this one signs until then.")
    waiting = serializers.IntegerField(help_text="Still to be told.")
    parked = serializers.IntegerField(help_text="Given up after a day; try-again sends them once more.")
    last_tried_at = serializers.DateTimeField(allow_null=True, help_text="When it was last called.")
    last_answer = serializers.IntegerField(allow_null=True, help_text="The HTTP status of what it answered then.")
    last_reason = serializers.CharField(allow_null=True, help_text="Why that did not arrive; empty if it did.")
    created_at = serializers.DateTimeField()

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return webhooks_of(user).order_by("id")

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        return [row | {"off_reason": row["off_reason"] or None} for row in rows]


class NewWebhookRow(WebhookRow):
    """A webhook with its secret, which is shown this once."""

    filled = frozenset({"secret"})
    secret = serializers.CharField(help_text="Signs what is sent: whsec_ and base64. Not in the answer to a repeat.")


class WebhookDeliveryRow(Row):
    """Something that a webhook is to be told, and what became of it. Kept for 30 days."""

    model = WebhookDelivery
    id = serializers.IntegerField()
    webhook = Ref(WebhookRow)
    happening = serializers.IntegerField(help_text="It is sent as hap_ and this number.")
    topic = serializers.CharField(source="happening__topic")
    target = serializers.IntegerField(source="happening__target")
    state = serializers.CharField(source="happening__state")
    at = serializers.DateTimeField(source="happening__at")
    status = Choice(HookStatus)
    attempts = serializers.IntegerField()
    answer = serializers.IntegerField(allow_null=True, help_text="The HTTP status of the last answer.")
    reason = serializers.CharField()
    tried_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(help_text="Of one that waits: when it is tried next.")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return deliveries_of(user).order_by("id")


class WebhookFilters(Filters):
    area = of("area")
    under = under("area__path")
    active = flag("active")


class WebhookDeliveryFilters(Filters):
    webhook = of("webhook")
    status = word("status", HookStatus)


class WebhookChange(Said):
    name = Text(max_length=120)
    url = Text(max_length=LONGEST, help_text="https, a host of the public internet by its name.")
    topics = Several(Choice(topics(), name="WebhookTopic"))


class NewWebhook(WebhookChange):
    area = Id()


class Webhooks(Readable, Resource):
    row = WebhookRow
    noun = "webhooks"
    orderings = ("id", "name")
    filterset_class = WebhookFilters

    @says(NewWebhook, NewWebhookRow)
    def create(self, request: Request) -> Response:
        """Have an address told what happens in an area. The answer holds the secret, this once."""
        said = NewWebhook.read(request.data)
        load(AreaRow.visible(request.user), roles.areas(request.user, May.ADMINISTER), said["area"])
        plan = webhooks.HookPlan(**said | {"topics": tuple(said["topics"])})
        hook = webhooks.make(plan, by=request.user, now=timezone.now())
        return with_secret(hook, request.user, status.HTTP_201_CREATED)

    @says(WebhookChange)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change its name, address or topics."""
        hook = self.load(pk, webhooks_of)
        said = WebhookChange.read(request.data, partial=True)
        webhooks.change(hook.pk, said, by=request.user, now=timezone.now())
        return Response(WebhookRow.one(hook.pk, request.user))

    def destroy(self, request: Request, pk: str) -> Response:
        """Take it away, with the record of what it was told."""
        webhooks.end(self.load(pk, webhooks_of).pk, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @deed(allowed=webhooks_of, gives=NewWebhookRow)
    def rotate(self, hook: Webhook, *, by: User, now: datetime) -> Response:
        """Give it a new secret, which the answer holds, this once. For a day the one before signs as well."""
        return with_secret(webhooks.rotate(hook.pk, by=by, now=now), by, status.HTTP_200_OK)

    @deed(allowed=webhooks_of, gives=WebhookDeliveryRow)
    def ping(self, hook: Webhook, *, by: User, now: datetime) -> Response:
        """Send it a webhook.ping, to see whether it arrives."""
        sent = webhooks.ping(hook.pk, by=by, now=now)
        return Response(WebhookDeliveryRow.one(sent.pk, by))

    @deed("switch-off", allowed=webhooks_of)
    def switch_off(self, hook: Webhook, *, by: User, now: datetime) -> Webhook:
        """Tell it nothing more; what waits is parked."""
        return webhooks.switch_off(hook.pk, by=by, now=now)

    @deed("switch-on", allowed=webhooks_of)
    def switch_on(self, hook: Webhook, *, by: User, now: datetime) -> Webhook:
        """Tell it what happens from now on."""
        return webhooks.switch_on(hook.pk, by=by, now=now)

    @deed("try-again", allowed=webhooks_of)
    def try_again(self, hook: Webhook, *, by: User, now: datetime) -> Webhook:
        """Send everything once more that is parked."""
        webhooks.try_again(hook.pk, by=by, now=now)
        return hook


class WebhookDeliveries(Readable, Resource):
    row = WebhookDeliveryRow
    noun = "webhooks"
    many = "deliveries to webhooks"
    orderings = ("id",)
    filterset_class = WebhookDeliveryFilters

    @deed("try-again", allowed=deliveries_of)
    def try_again(self, delivery: WebhookDelivery, *, by: User, now: datetime) -> WebhookDelivery:
        """Send it once more, if it is parked."""
        webhooks.try_again(delivery.webhook_id, [delivery.pk], by=by, now=now)
        return delivery


def with_secret(hook: Webhook, user: User, code: int) -> Response:
    return Once(WebhookRow.one(hook.pk, user) | {"secret": hook.secret}, status=code, kept_out={"secret"})
