from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.fields import EncryptedText
from communities.models.areas import Area
from communities.models.users import User
from communities.states import MessageStatus

STATUSES = {
    MessageStatus.SCHEDULED: _("scheduled"),
    MessageStatus.SENDING: _("sending"),
    MessageStatus.SENT: _("sent"),
    MessageStatus.DELIVERED: _("delivered"),
    MessageStatus.ACKNOWLEDGED: _("answered"),
    MessageStatus.FAILED: _("failed"),
    MessageStatus.CANCELLED: _("cancelled"),
    MessageStatus.EXPIRED: _("expired"),
    MessageStatus.GATHERED: _("in the digest"),
}
CHANNELS = {"sms": _("text message"), "push": _("browser"), "email": _("e-mail"), "robot": _("group robot")}
ROBOT_KINDS = {"wecom": "WeCom", "dingtalk": "DingTalk", "feishu": "Feishu"}


class GroupRobot(models.Model):
    """A chat group's webhook, by which a call is posted into the group."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="robots", verbose_name=_("area"))
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=ROBOT_KINDS)
    url = EncryptedText(_("webhook"))
    secret = EncryptedText(_("secret"), blank=True, default="")
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("group robot")
        verbose_name_plural = _("group robots")

    def __str__(self) -> str:
        return self.name


class Messages(models.QuerySet["Message"]):
    def due(self, now: datetime) -> Self:
        return self.filter(status=MessageStatus.SCHEDULED, due_at__lte=now)

    def failed(self, now: datetime) -> Self:
        """Given up for good, of something that is still news."""
        still = Q(expires_at=None) | Q(expires_at__gt=now)
        return self.filter(still, status=MessageStatus.FAILED)


class Message(models.Model):
    """One thing to be told to one reader: a row of the outbox, written in the transaction of what it tells of.

    `key` is unique per kind and reader, so posting twice is posting once. `target` is the id of what the kind speaks
    of (a sign-up, a call-up); only the kind knows. `facts` holds what will not be readable any more when it is sent,
    such as an old time, and nothing personal.
    """

    kind = models.CharField(_("kind"), max_length=30)
    key = models.CharField(max_length=80)
    reader = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="messages", verbose_name=_("reader")
    )
    robot = models.ForeignKey(
        GroupRobot, models.CASCADE, null=True, blank=True, related_name="messages", verbose_name=_("group robot")
    )
    target = models.BigIntegerField()
    facts = models.JSONField(default=dict, blank=True)
    queue = models.CharField(_("queue"), max_length=10, default="messages")
    status = models.CharField(_("status"), max_length=12, choices=STATUSES, default=MessageStatus.SCHEDULED)
    due_at = models.DateTimeField(_("due"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=CHANNELS, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = Messages.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key", "reader", "robot"], name="message_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="message_has_one_reader",
                condition=Q(reader__isnull=False, robot__isnull=True) | Q(reader__isnull=True, robot__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "due_at"], name="message_due", condition=Q(status="scheduled")),
            models.Index(fields=["claimed_until"], name="message_claimed", condition=Q(status="sending")),
            models.Index(fields=["kind", "target"], name="message_target"),
            models.Index(fields=["due_at"], name="message_failed", condition=Q(status="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class DeadEnd(models.Model):
    """A way to a reader that turned out to lead nowhere: a number or an address that the provider refused for good.

    Other ways are tried first from then on. It goes when something arrives there, or the address changes.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="dead_ends", verbose_name=_("account"))
    channel = models.CharField(_("channel"), max_length=10, choices=CHANNELS)
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("address that does not work")
        verbose_name_plural = _("addresses that do not work")
        constraints = [models.UniqueConstraint(fields=["user", "channel"], name="dead_end_once")]

    def __str__(self) -> str:
        return f"#{self.user_id} {self.channel}"


class Delivery(models.Model):
    """One attempt of one message over one channel, and what became of it."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", verbose_name=_("message"))
    channel = models.CharField(_("channel"), max_length=10, choices=CHANNELS)
    status = models.CharField(_("status"), max_length=12, choices=STATUSES)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    ref = models.CharField(_("provider's reference"), max_length=80, blank=True, db_index=True)
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["message", "channel", "attempt"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.channel} {self.status}"
