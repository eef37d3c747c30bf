from datetime import datetime
from typing import Self

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models.areas import Area, Named
from communities.models.happenings import tells_new
from communities.models.places import SITE_KINDS, Compound
from communities.models.users import User
from communities.states import Entry, ZoneReason

ENTRIES = {
    Entry.ANYONE: _("anyone"),
    Entry.GROUP: _("residents of the same zone"),
    Entry.RESIDENTS: _("residents of the compound"),
    Entry.HOLDERS: _("people with a pass"),
}
ZONE_REASONS = {
    ZoneReason.NOTICE: _("as the notice says"),
    ZoneReason.ROUND_RESULT: _("result of a round"),
    ZoneReason.HAZARD_NEAR: _("the hazard has come nearer"),
    ZoneReason.HAZARD_OVER: _("the hazard is over"),
    ZoneReason.CORRECTION: _("correction"),
    ZoneReason.EXERCISE: _("exercise"),
}
CODE = r"^[a-z][a-z0-9_-]*$"


@pghistory.track()
class ZoneScheme(Named):
    """The levels that belong together: the three zones of April 2022, or those of a flood."""

    slug = models.SlugField(_("code"), max_length=30, unique=True)

    class Meta:
        verbose_name = _("zone scheme")
        verbose_name_plural = _("zone schemes")
        ordering = ["pk"]


class ZonePolicies(models.QuerySet["ZonePolicy"]):
    def by_level(self) -> dict[str, "ZonePolicy"]:
        return {policy.level: policy for policy in self}


@pghistory.track()
class ZonePolicy(Named):
    """What a level means, as data. Every change is a new `version`; the history keeps the old ones."""

    scheme = models.ForeignKey(ZoneScheme, models.PROTECT, related_name="policies", verbose_name=_("scheme"))
    level = models.SlugField(_("level"), max_length=30, unique=True)
    entry = models.CharField(_("who may serve inside"), max_length=12, choices=ENTRIES)
    residents_may_leave = models.BooleanField(_("residents may serve elsewhere"))
    needs_approval = models.BooleanField(_("each person is approved by the community lead"), default=False)
    allows = ArrayField(
        models.CharField(max_length=20, choices=SITE_KINDS),
        verbose_name=_("what may take place inside (nothing chosen: everything)"),
        default=list,
        blank=True,
    )
    pass_for = ArrayField(
        models.CharField(max_length=20, choices=SITE_KINDS),
        verbose_name=_("where even residents need a pass"),
        default=list,
        blank=True,
    )
    gathering_limit = models.PositiveSmallIntegerField(_("people at one place at most"), null=True, blank=True)
    release_days = models.PositiveSmallIntegerField(_("days until the earliest release"), null=True, blank=True)
    escalates_to = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("level to propose when a round has a result"),
    )
    strictness = models.PositiveSmallIntegerField(_("strictness"))
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = ZonePolicies.as_manager()

    class Meta:
        verbose_name = _("zone policy")
        verbose_name_plural = _("zone policies")
        ordering = ["scheme_id", "strictness"]
        constraints = [models.UniqueConstraint(fields=["scheme", "strictness"], name="strictness_once_per_scheme")]


class ZoneStatuses(models.QuerySet["ZoneStatus"]):
    def at(self, instant: datetime) -> Self:
        return self.filter(valid__contains=instant)

    def during(self, start: datetime, end: datetime) -> Self:
        return self.filter(valid__overlap=(start, end))


ONE_PLACE = models.Q(compound__isnull=False, area__isnull=True) | models.Q(compound__isnull=True, area__isnull=False)


@pgtrigger.register(tells_new("zone-statuses", "set"))
@pghistory.track()
class ZoneStatus(models.Model):
    """One level of one compound, or of a whole area, over [from, to). A change ends the row before and adds one.

    It ends by the next notice alone: `earliest_release_at` is when somebody is asked to look, never an end.
    """

    compound = models.ForeignKey(
        Compound, models.CASCADE, null=True, blank=True, related_name="zone_statuses", verbose_name=_("compound")
    )
    area = models.ForeignKey(
        Area, models.CASCADE, null=True, blank=True, related_name="zone_statuses", verbose_name=_("area")
    )
    level = models.SlugField(_("level"), max_length=30)
    group = models.CharField(_("zone group"), max_length=40, blank=True)
    valid = DateTimeRangeField(_("valid"))
    issuer = models.CharField(_("issuer"), max_length=120)
    notice_no = models.CharField(_("notice number"), max_length=60)
    reason = models.CharField(_("reason"), max_length=20, choices=ZONE_REASONS, default=ZoneReason.NOTICE)
    earliest_release_at = models.DateTimeField(_("release not before"), null=True, blank=True)
    set_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("set by"))

    objects = ZoneStatuses.as_manager()

    class Meta:
        verbose_name = _("zone status")
        verbose_name_plural = _("zone statuses")
        constraints = [
            models.CheckConstraint(name="zone_of_compound_or_area", condition=ONE_PLACE),
            ExclusionConstraint(
                name="zone_one_at_a_time_per_compound",
                expressions=[("compound", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            ExclusionConstraint(
                name="zone_one_at_a_time_per_area",
                expressions=[("area", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.notice_no}"

    @property
    def place(self) -> Compound | Area:
        place = self.compound or self.area
        assert place
        return place
