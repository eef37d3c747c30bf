from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.fields import EncryptedText
from communities.models.areas import Area
from communities.models.happenings import Happening
from communities.models.users import User
from communities.states import HookStatus, OffReason

HOOK_STATUSES = {
    HookStatus.WAITING: _("waiting"),
    HookStatus.SENDING: _("sending"),
    HookStatus.ARRIVED: _("arrived"),
    HookStatus.PARKED: _("given up"),
}
OFF_REASONS = {
    OffReason.BY_HAND: _("by hand"),
    OffReason.FAILING: _("it did not answer for days"),
    OffReason.GONE: _("it said that it is gone"),
}


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["secret", "former_secret", "failing_since"],
)
class Webhook(models.Model):
    """An address of another system that is told what happens in an area and everything below it.

    After a rotation both secrets sign until `former_until`.
    """

    area = models.ForeignKey(Area, models.CASCADE, related_name="webhooks", verbose_name=_("area"))
    name = models.CharField(_("name"), max_length=120)
    url = EncryptedText(_("address"))
    topics = ArrayField(models.CharField(max_length=30), verbose_name=_("topics"))
    secret = EncryptedText(_("secret"), editable=False)
    former_secret = EncryptedText(blank=True, default="", editable=False)
    former_until = models.DateTimeField(_("former secret signs until"), null=True, editable=False)
    active = models.BooleanField(_("active"), default=True)
    off_reason = models.CharField(_("switched off"), max_length=10, choices=OFF_REASONS, blank=True)
    off_at = models.DateTimeField(_("switched off at"), null=True)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            models.CheckConstraint(name="webhook_has_topics", condition=Q(topics__len__gt=0)),
            models.CheckConstraint(
                name="webhook_is_on_or_off",
                condition=Q(active=True, off_reason="", off_at=None)
                | (Q(active=False, off_at__isnull=False) & ~Q(off_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WebhookDeliveries(models.QuerySet["WebhookDelivery"]):
    def waiting(self) -> Self:
        return self.filter(status=HookStatus.WAITING)

    def parked(self) -> Self:
        return self.filter(status=HookStatus.PARKED)


class WebhookDelivery(models.Model):
    """One happening that one webhook is to be told, and what became of it. `answer` is the last HTTP status."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", verbose_name=_("webhook"))
    happening = models.ForeignKey(Happening, models.CASCADE, related_name="deliveries", verbose_name=_("happening"))
    status = models.CharField(_("status"), max_length=10, choices=HOOK_STATUSES, default=HookStatus.WAITING)
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_until = models.DateTimeField(null=True)
    answer = models.PositiveSmallIntegerField(_("answer"), null=True)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    tried_at = models.DateTimeField(_("last tried"), null=True)

    objects = WebhookDeliveries.as_manager()

    class Meta:
        verbose_name = _("delivery to a webhook")
        verbose_name_plural = _("deliveries to webhooks")
        constraints = [models.UniqueConstraint(fields=["webhook", "happening"], name="webhook_told_once")]
        indexes = [
            models.Index(fields=["webhook", "due_at"], name="webhook_due", condition=Q(status="waiting")),
            models.Index(fields=["webhook"], name="webhook_sending", condition=Q(status="sending")),
            models.Index(fields=["webhook"], name="webhook_parked", condition=Q(status="parked")),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.status}"
