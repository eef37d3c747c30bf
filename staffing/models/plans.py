import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Compound, User
from staffing.models.calls import CallUp
from staffing.models.norms import NormProfile
from staffing.models.rounds import Round
from staffing.states import Crewing

CREWINGS = {
    Crewing.SAME_CREW: _("the same people all through"),
    Crewing.STAGGERED: _("breaks in turn"),
    Crewing.TWO_CREWS: _("a crew for each block"),
}


@pghistory.track()
class DemandPlan(models.Model):
    """What a round needs: its window, its places and the numbers of the norm as they were when it was made."""

    round = models.OneToOneField(Round, models.CASCADE, related_name="plan", verbose_name=_("round"))
    norm = models.ForeignKey(NormProfile, models.PROTECT, related_name="plans", verbose_name=_("norm"))
    numbers = models.JSONField(_("numbers of the norm"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    available = models.PositiveIntegerField(_("people already there"), default=0)
    crewing = models.CharField(_("crews"), max_length=12, choices=CREWINGS, default=Crewing.STAGGERED)
    reason = models.CharField(_("longer than the rotation allows because"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    call_up = models.OneToOneField(
        CallUp, models.PROTECT, null=True, blank=True, related_name="plan", editable=False, verbose_name=_("call")
    )
    applied_version = models.PositiveIntegerField(_("version applied"), default=0, editable=False)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True, editable=False)
    applied_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name=_("applied by")
    )
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("demand plan")
        verbose_name_plural = _("demand plans")
        ordering = ["-starts_at", "-id"]
        constraints = [models.CheckConstraint(name="plan_ends_after_start", condition=Q(ends_at__gt=F("starts_at")))]

    def __str__(self) -> str:
        return str(self.round)


@pghistory.track()
class PlanPlace(models.Model):
    """A compound in a plan, with the counts it was planned by."""

    plan = models.ForeignKey(DemandPlan, models.CASCADE, related_name="places", verbose_name=_("demand plan"))
    compound = models.ForeignKey(Compound, models.PROTECT, related_name="+", verbose_name=_("compound"))
    residents = models.PositiveIntegerField(_("residents"))
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    entrances = models.PositiveIntegerField(_("entrances"), default=0)

    class Meta:
        verbose_name = _("place of a plan")
        verbose_name_plural = _("places of a plan")
        ordering = ["plan_id", "id"]
        constraints = [models.UniqueConstraint(fields=["plan", "compound"], name="plan_place_once")]

    def __str__(self) -> str:
        return f"{self.compound_id}: {self.residents}"


@pghistory.track()
class PlanOverride(models.Model):
    """A number that somebody knew better than the formula, and why."""

    plan = models.ForeignKey(DemandPlan, models.CASCADE, related_name="overrides", verbose_name=_("demand plan"))
    key = models.CharField(_("number"), max_length=80)
    value = models.PositiveIntegerField(_("instead"))
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("overridden number")
        verbose_name_plural = _("overridden numbers")
        ordering = ["plan_id", "id"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="plan_override_once")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
