from datetime import datetime, timedelta

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import User
from staffing.models.calls import CallUp
from staffing.states import Aim

AIMS = {
    Aim.GAP: _("the gap is small enough"),
    Aim.PLACEMENT: _("everybody knows their place"),
    Aim.RIDES: _("every ride has a driver"),
    Aim.LEADERS: _("leaders are on site"),
    Aim.IN_PLACE: _("everybody is in place"),
}


@pghistory.track()
class ReadinessPlan(models.Model):
    """When everybody of a call has to be in place, and the milestones on the way, counted backwards from there."""

    call_up = models.OneToOneField(CallUp, models.CASCADE, related_name="readiness", verbose_name=_("call"))
    in_place_by = models.DateTimeField(_("in place by"))

    class Meta:
        verbose_name = _("readiness plan")
        verbose_name_plural = _("readiness plans")

    def __str__(self) -> str:
        return str(self.call_up)


@pghistory.track()
class Milestone(models.Model):
    """Who sees to it that by then no more than `limit` per cent are open, and who is told when they did not."""

    plan = models.ForeignKey(ReadinessPlan, models.CASCADE, related_name="milestones", verbose_name=_("readiness plan"))
    aim = models.CharField(_("aim"), max_length=12, choices=AIMS)
    minutes = models.PositiveSmallIntegerField(_("minutes before"))
    limit = models.PositiveSmallIntegerField(_("per cent that may be open"), default=0)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner"))
    escalate_to = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("then told")
    )
    escalate_minutes = models.PositiveSmallIntegerField(_("after how many minutes"), default=15)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["-minutes", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "aim"], name="milestone_once"),
            models.CheckConstraint(name="milestone_limit_is_share", condition=Q(limit__lte=100)),
        ]

    def __str__(self) -> str:
        return self.get_aim_display()

    @property
    def due(self) -> datetime:
        return self.plan.in_place_by - timedelta(minutes=self.minutes)
