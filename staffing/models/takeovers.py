from datetime import datetime
from typing import Self

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Area, Grant, User


class Takeovers(models.QuerySet["Takeover"]):
    def in_force(self, now: datetime) -> Self:
        return self.filter(period__contains=now)


@pghistory.track()
class Takeover(models.Model):
    """Somebody above runs the board of a community over [from, to), by a grant that ends with it.

    Given back, the period ends then; nothing is taken from the community's own lead.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="takeovers", verbose_name=_("community"))
    user = models.ForeignKey(User, models.PROTECT, related_name="takeovers", verbose_name=_("taken over by"))
    grant = models.OneToOneField(Grant, models.PROTECT, related_name="takeover", verbose_name=_("grant"))
    reason = models.CharField(_("reason"), max_length=200)
    period = DateTimeRangeField(_("period"))
    returned_at = models.DateTimeField(_("given back"), null=True, blank=True)

    objects = Takeovers.as_manager()

    class Meta:
        verbose_name = _("takeover of a board")
        verbose_name_plural = _("takeovers of boards")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="takeover_has_an_end",
                condition=Q(period__startswith__isnull=False, period__endswith__isnull=False),
            ),
            ExclusionConstraint(
                name="board_taken_over_once",
                expressions=[("area", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.user}, {self.reason}"
