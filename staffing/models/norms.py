from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Area, Organisation, User
from communities.models.areas import Named
from communities.models.places import SITE_KINDS
from staffing.models.roles import Role
from staffing.states import Basis
from volunteers.models.people import PERSON_KINDS

BASES = {
    Basis.LANE: _("per lane"),
    Basis.POINT: _("per point"),
    Basis.COMPOUND: _("per compound"),
    Basis.HOUSEHOLD: _("per households"),
    Basis.RESIDENT: _("per residents"),
    Basis.ENTRANCE: _("per entrances"),
    Basis.FIXED: _("once"),
}


def hours(name: str, default: str, **more: object) -> models.DecimalField:
    return models.DecimalField(name, max_digits=5, decimal_places=2, default=default, **more)


class NormProfiles(models.QuerySet["NormProfile"]):
    def current(self) -> Self:
        return self.filter(current=True)

    def presets(self) -> Self:
        return self.filter(area=None)


@pghistory.track()
class NormProfile(Named):
    """The numbers a plan is reckoned with, with what a call of this kind says. Without an area it is a preset.

    An area's own norm holds for everything below it. A change makes a new version; the old ones stay as they are.
    `ranges` holds, by name of a number, its usual low and high and its source; `checks` the figures of a guide.
    """

    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="norms", verbose_name=_("area"))
    slug = models.SlugField(_("code"))
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    current = models.BooleanField(_("current"), default=True, editable=False)
    lane_rate = models.DecimalField(
        _("people an hour on one lane"), max_digits=8, decimal_places=2, null=True, blank=True,
        help_text=_("Empty: nothing is served on lanes."),
    )  # fmt: skip
    home_share = models.DecimalField(_("share served at home"), max_digits=5, decimal_places=4, default=0)
    block_hours = hours(_("longest block (hours)"), "4")
    day_hours = hours(_("most hours a day"), "8")
    break_hours = hours(_("break (hours)"), "0.5")
    standby_share = models.DecimalField(_("standby share"), max_digits=5, decimal_places=4, default=0)
    household_size = models.DecimalField(_("people in a household"), max_digits=6, decimal_places=3, default="2.325")
    lanes_per_point = models.PositiveSmallIntegerField(
        _("lanes at one point"), default=1, validators=[MinValueValidator(1)]
    )
    point_kind = models.CharField(_("what a point is"), max_length=20, choices=SITE_KINDS)
    common_kind = models.CharField(
        _("where the others stand"), max_length=20, choices=SITE_KINDS, default="compound_post"
    )
    checks = models.JSONField(_("figures of a guide"), default=list, blank=True)
    ranges = models.JSONField(_("ranges and sources"), default=dict, blank=True)
    activity = models.CharField(_("activity"), max_length=120, blank=True)
    activity_en = models.CharField(_("activity (English)"), max_length=120, blank=True)
    risks = models.TextField(_("risks, one a line"), blank=True)
    risks_en = models.TextField(_("risks (English)"), blank=True)
    protection = models.TextField(_("protection offered, one a line"), blank=True)
    protection_en = models.TextField(_("protection (English)"), blank=True)
    briefing = models.TextField(_("safety briefing"), blank=True)
    briefing_en = models.TextField(_("safety briefing (English)"), blank=True)
    bring = models.TextField(_("what to bring"), blank=True)
    bring_en = models.TextField(_("what to bring (English)"), blank=True)
    changed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name=_("changed by")
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = NormProfiles.as_manager()

    class Meta:
        verbose_name = _("norm")
        verbose_name_plural = _("norms")
        ordering = ["slug", "-version", "id"]
        constraints = [
            models.UniqueConstraint(fields=["area", "slug", "version"], name="norm_version_once", nulls_distinct=False),
            models.UniqueConstraint(
                fields=["area", "slug"], condition=Q(current=True), name="norm_current_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="norm_reckonable",
                condition=(Q(lane_rate=None) | Q(lane_rate__gt=0))
                & Q(home_share__gte=0, home_share__lt=1, standby_share__gte=0, standby_share__lte=1)
                & Q(day_hours__gt=0, household_size__gt=0, lanes_per_point__gte=1)
                & Q(break_hours__gte=0, block_hours__gt=F("break_hours")),
            ),
        ]


@pghistory.track()
class PostRule(models.Model):
    """So many people of a role for every so many lanes, compounds, households … begun; with the range and the source."""

    profile = models.ForeignKey(NormProfile, models.CASCADE, related_name="rules", verbose_name=_("norm"))
    role = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("role"))
    basis = models.CharField(_("basis"), max_length=12, choices=BASES)
    quantity = models.PositiveSmallIntegerField(_("people"), default=1, validators=[MinValueValidator(1)])
    per = models.PositiveIntegerField(_("for every"), default=1, validators=[MinValueValidator(1)])
    site_kind = models.CharField(_("where"), max_length=20, choices=SITE_KINDS, blank=True)
    counts = models.BooleanField(_("the community finds them"), default=True)
    person_kinds = ArrayField(
        models.CharField(max_length=20, choices=PERSON_KINDS), verbose_name=_("open to"), default=list, blank=True
    )
    agency = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agency")
    )
    block_hours = models.DecimalField(
        _("own longest block (hours)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    low = models.DecimalField(_("usually from"), max_digits=8, decimal_places=2, null=True, blank=True)
    high = models.DecimalField(_("usually to"), max_digits=8, decimal_places=2, null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("rule for posts")
        verbose_name_plural = _("rules for posts")
        ordering = ["profile_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "role"], name="rule_of_role_once"),
            models.CheckConstraint(name="rule_positive", condition=Q(quantity__gte=1, per__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.quantity}/{self.per} {self.get_basis_display()}"
