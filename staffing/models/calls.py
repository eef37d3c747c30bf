import secrets
from datetime import datetime
from typing import Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from communities.models import Area, Organisation, User
from communities.models.happenings import tells
from staffing.states import CallStatus, ShiftStatus

CALL_STATUSES = {
    CallStatus.DRAFT: _("draft"),
    CallStatus.OPEN: _("open"),
    CallStatus.CLOSED: _("closed"),
    CallStatus.CANCELLED: _("cancelled"),
}
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def random_slug() -> str:
    """Seven characters that read well aloud: 31^7 links, so none can be guessed in a night."""
    return "".join(secrets.choice(ALPHABET) for _i in range(7))


class Calls(models.QuerySet["CallUp"]):
    def open(self, now: datetime) -> Self:
        return self.filter(status=CallStatus.OPEN, ends_at__gt=now)

    def with_shifts_ahead(self, now: datetime) -> Self:
        """Those that somebody can still sign up for, be it for the waitlist."""
        ahead = Q(shifts__status=ShiftStatus.OPEN, shifts__starts_at__gt=now)
        in_time = Q(sign_up_until=None) | Q(sign_up_until__gt=now)
        return self.filter(in_time, pk__in=CallUp.objects.filter(ahead).values("pk"))


@pgtrigger.register(*tells("call-ups", also=["starts_at", "ends_at"], hidden=[CallStatus.DRAFT]))
@pghistory.track()
class CallUp(models.Model):
    """A call for people (招募): what, where, when, the risks and the protection offered, and a short public link."""

    community = models.ForeignKey(Area, models.PROTECT, related_name="call_ups", verbose_name=_("community"))
    slug = models.CharField(_("link"), max_length=12, unique=True, default=random_slug, editable=False)
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("title (English)"), max_length=120, blank=True)
    activity = models.CharField(_("activity"), max_length=120)
    activity_en = models.CharField(_("activity (English)"), max_length=120, blank=True)
    text = models.TextField(_("text"), blank=True)
    text_en = models.TextField(_("text (English)"), blank=True)
    risks = models.TextField(_("risks, one a line"), blank=True)
    risks_en = models.TextField(_("risks (English)"), blank=True)
    protection = models.TextField(_("protection offered, one a line"), blank=True)
    protection_en = models.TextField(_("protection (English)"), blank=True)
    insured = models.BooleanField(_("accident insurance is taken out"), default=False)
    bring = models.TextField(_("what to bring"), blank=True)
    bring_en = models.TextField(_("what to bring (English)"), blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    sign_up_from = models.DateTimeField(_("sign-up from"), null=True, blank=True)
    sign_up_until = models.DateTimeField(_("sign-up until"), null=True, blank=True)
    arrive_minutes = models.PositiveSmallIntegerField(_("be there how many minutes before"), default=20)
    standby = models.PositiveSmallIntegerField(
        _("people to stand by"),
        default=0,
        help_text=_("At home, asked first when a seat falls free. They are counted apart from the seats."),
    )
    urgent = models.BooleanField(_("urgent"), default=False)
    status = models.CharField(_("status"), max_length=10, choices=CALL_STATUSES, default=CallStatus.DRAFT)
    contact = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    issuer = models.CharField(_("issuer"), max_length=120, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("addressed to")
    )
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = Calls.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-starts_at", "-id"]
        constraints = [models.CheckConstraint(name="call_ends_after_start", condition=Q(ends_at__gt=F("starts_at")))]

    def __str__(self) -> str:
        return self.title_en if self.title_en and get_language() == "en" else self.title
