from datetime import datetime
from typing import Self

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models.areas import Area, Named
from communities.models.places import Compound
from communities.models.users import User
from communities.states import Entry, ZoneLevel

ZONE_LEVELS = {
    ZoneLevel.NONE: _("none"),
    ZoneLevel.PRECAUTION: _("precaution"),
    ZoneLevel.CONTROLLED: _("controlled"),
    ZoneLevel.LOCKDOWN: _("sealed"),
}
ENTRIES = {
    Entry.ANYONE: _("anyone"),
    Entry.GROUP: _("residents of the same zone"),
    Entry.RESIDENTS: _("residents of the compound"),
}


@pghistory.track()
class ZonePolicy(Named):
    """What a level means, as data: the three zones of April 2022 by default, a flood's levels just as well."""

    level = models.CharField(_("level"), max_length=12, choices=ZONE_LEVELS, unique=True)
    entry = models.CharField(_("who may serve inside"), max_length=12, choices=ENTRIES)
    residents_may_leave = models.BooleanField(_("residents may serve elsewhere"))
    needs_approval = models.BooleanField(_("each person is approved by the community lead"), default=False)
    strictness = models.PositiveSmallIntegerField(_("strictness"), unique=True)

    class Meta:
        verbose_name = _("zone policy")
        verbose_name_plural = _("zone policies")
        ordering = ["strictness"]


class ZoneStatuses(models.QuerySet["ZoneStatus"]):
    def at(self, instant: datetime) -> Self:
        return self.filter(valid__contains=instant)


@pghistory.track()
class ZoneStatus(models.Model):
    """One level of one compound, or of a whole area, over [from, to). A change ends the row before and adds one."""

    compound = models.ForeignKey(
        Compound, models.CASCADE, null=True, blank=True, related_name="zone_statuses", verbose_name=_("compound")
    )
    area = models.ForeignKey(
        Area, models.CASCADE, null=True, blank=True, related_name="zone_statuses", verbose_name=_("area")
    )
    level = models.CharField(_("level"), max_length=12, choices=ZONE_LEVELS)
    group = models.CharField(_("zone group"), max_length=40, blank=True)
    valid = DateTimeRangeField(_("valid"))
    issuer = models.CharField(_("issuer"), max_length=120)
    notice_no = models.CharField(_("notice number"), max_length=60)
    earliest_release_at = models.DateTimeField(_("release not before"), null=True, blank=True)
    set_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("set by"))

    objects = ZoneStatuses.as_manager()

    class Meta:
        verbose_name = _("zone status")
        verbose_name_plural = _("zone statuses")
        constraints = [
            models.CheckConstraint(
                name="zone_of_compound_or_area",
                condition=models.Q(compound__isnull=False, area__isnull=True)
                | models.Q(compound__isnull=True, area__isnull=False),
            ),
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
        return f"{self.get_level_display()} {self.notice_no}"
