from datetime import datetime
from typing import Self

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.fields import EncryptedText
from communities.models import Area, Organisation, Site, User
from staffing.states import Trade

TRADES = {
    Trade.POWER: pgettext_lazy("trade", "power"),
    Trade.TELECOM: pgettext_lazy("trade", "telecom"),
    Trade.WATER: pgettext_lazy("trade", "water"),
    Trade.GAS: pgettext_lazy("trade", "gas"),
    Trade.LIFT: pgettext_lazy("trade", "lifts"),
    Trade.OTHER: pgettext_lazy("trade", "other"),
}


@pghistory.track(exclude=["phone"])
class OutsideCrew(models.Model):
    """People of a power, telecom or other company who keep a place going. Reached over one contact."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="crews", verbose_name=_("area"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="crews", verbose_name=_("organisation"))
    trade = models.CharField(_("trade"), max_length=10, choices=TRADES)
    name = models.CharField(_("name"), max_length=120)
    contact = models.CharField(_("contact"), max_length=120)
    phone = EncryptedText(_("phone of the contact"), blank=True, default="")
    checklist = models.TextField(_("what they look at, one a line"), blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("outside crew")
        verbose_name_plural = _("outside crews")
        ordering = ["trade", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["area", "organisation", "name"], name="crew_name_once")]

    def __str__(self) -> str:
        return self.name


class OnCalls(models.QuerySet["OnCall"]):
    def standing(self) -> Self:
        return self.filter(cancelled_at=None)

    def now(self, now: datetime) -> Self:
        return self.standing().filter(period__contains=now)


@pghistory.track()
class OnCall(models.Model):
    """A crew that can be called to a site over [from, until)."""

    crew = models.ForeignKey(OutsideCrew, models.PROTECT, related_name="duties", verbose_name=_("crew"))
    site = models.ForeignKey(Site, models.PROTECT, related_name="on_calls", verbose_name=_("site"))
    period = DateTimeRangeField(_("period"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = OnCalls.as_manager()

    class Meta:
        verbose_name = _("on-call duty")
        verbose_name_plural = _("on-call duties")
        ordering = ["period", "pk"]
        constraints = [
            ExclusionConstraint(
                name="crew_on_call_once",
                expressions=[("crew", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(cancelled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="on_call_has_an_end",
                condition=Q(period__startswith__isnull=False, period__endswith__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.crew} @ {self.site}"


@pghistory.track()
class Inspection(models.Model):
    """One thing to look at during a duty: whether it was in order, by whom, when."""

    on_call = models.ForeignKey(OnCall, models.CASCADE, related_name="inspections", verbose_name=_("on-call duty"))
    position = models.PositiveSmallIntegerField(_("number"))
    item = models.CharField(_("what to look at"), max_length=200)
    fine = models.BooleanField(_("in order"), null=True, blank=True)
    finding = models.CharField(_("finding"), max_length=200, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["on_call_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["on_call", "position"], name="inspection_once"),
            models.CheckConstraint(
                name="inspection_done_says_how",
                condition=Q(fine__isnull=True, done_at__isnull=True) | Q(fine__isnull=False, done_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.item
