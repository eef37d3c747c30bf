import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Area, Compound, User
from staffing.models.calls import CallUp
from staffing.states import BroadcastStatus, Urgency
from volunteers.models import Qualification

BROADCAST_STATUSES = {
    BroadcastStatus.DRAFT: pgettext_lazy("notice", "draft"),
    BroadcastStatus.SENT: pgettext_lazy("notice", "sent"),
    BroadcastStatus.STOPPED: pgettext_lazy("notice", "stopped"),
}
URGENCIES = {
    Urgency.EVENING: _("with the digest of the evening"),
    Urgency.DAY: _("at once, but not in quiet hours"),
    Urgency.EMERGENCY: _("at once, in quiet hours too"),
}


class Worded(models.Model):
    """Words in both languages, with placeholders such as {name}."""

    subject = models.CharField(_("subject"), max_length=60)
    subject_en = models.CharField(_("English subject"), max_length=60)
    text = models.TextField(_("text"), max_length=600)
    text_en = models.TextField(_("English text"), max_length=600)

    class Meta:
        abstract = True


@pghistory.track()
class NoticeTemplate(Worded):
    """Words that an area, and those below it, use again."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="notice_templates", verbose_name=_("area"))
    name = models.CharField(_("name"), max_length=80)
    active = models.BooleanField(_("active"), default=True)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    changed_at = models.DateTimeField(_("changed"))
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("text template")
        verbose_name_plural = _("text templates")
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="notice_template_once")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Broadcast(Worded):
    """One notice to many: to those enrolled with an area, or to those with a place in a call; fewer by filters.

    `contact` is whom to call. `reason` says why quiet hours are broken.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="broadcasts", verbose_name=_("area"))
    call_up = models.ForeignKey(
        CallUp, models.PROTECT, null=True, blank=True, related_name="broadcasts", verbose_name=_("people of the call")
    )
    qualification = models.ForeignKey(
        Qualification,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("with this qualification"),
    )
    compound = models.ForeignKey(
        Compound, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who live in")
    )
    groups = models.BooleanField(_("chat groups too"), default=False)
    urgency = models.CharField(_("when"), max_length=10, choices=URGENCIES, default=Urgency.DAY)
    reason = models.CharField(_("why it cannot wait"), max_length=200, blank=True)
    contact = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("whom to call"))
    status = models.CharField(_("status"), max_length=10, choices=BROADCAST_STATUSES, default=BroadcastStatus.DRAFT)
    people = models.PositiveIntegerField(_("people"), default=0)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("written by"))
    created_at = models.DateTimeField(_("written"))
    sent_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    leaves_at = models.DateTimeField(_("leaves"), null=True, blank=True)
    stopped_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("stopped by")
    )
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("notice to many")
        verbose_name_plural = _("notices to many")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="broadcast_night_has_reason",
                condition=~Q(urgency=Urgency.EMERGENCY) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="broadcast_sent_by_somebody",
                condition=Q(status=BroadcastStatus.DRAFT)
                | Q(sent_by__isnull=False, sent_at__isnull=False, leaves_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["area", "-created_at"], name="broadcasts_of_area")]

    def __str__(self) -> str:
        return self.subject
