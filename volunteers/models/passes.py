from datetime import datetime
from typing import Self

import pghistory
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models import Area, Compound, User
from volunteers.models.people import Volunteer


class AccessPasses(models.QuerySet["AccessPass"]):
    def in_force(self) -> Self:
        return self.filter(issued_at__isnull=False, refused_at__isnull=True, revoked_at__isnull=True)

    def waiting(self) -> Self:
        return self.filter(issued_at__isnull=True, refused_at__isnull=True, revoked_at__isnull=True)


@pghistory.track()
class AccessPass(models.Model):
    """Lets one person through the fence of a compound, or of every compound of an area, over [from, to).

    The community asks for it, the district or above issues it. With `closed_loop` the person goes in and out by the
    team's own transport and lodging.
    """

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="passes", verbose_name=_("volunteer"))
    compound = models.ForeignKey(
        Compound, models.CASCADE, null=True, blank=True, related_name="passes", verbose_name=_("compound")
    )
    area = models.ForeignKey(Area, models.CASCADE, null=True, blank=True, related_name="passes", verbose_name=_("area"))
    period = DateTimeRangeField(_("period"))
    reason = models.CharField(_("reason"), max_length=200)
    closed_loop = models.BooleanField(_("closed loop"), default=False)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    issued_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)
    refused_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("refused by")
    )
    refused_at = models.DateTimeField(_("refused"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = AccessPasses.as_manager()

    class Meta:
        verbose_name = _("access pass")
        verbose_name_plural = _("access passes")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="pass_for_compound_or_area",
                condition=models.Q(compound__isnull=False, area__isnull=True)
                | models.Q(compound__isnull=True, area__isnull=False),
            ),
            models.CheckConstraint(
                name="pass_has_an_end",
                condition=models.Q(period__endswith__isnull=False, period__startswith__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.place}"

    @property
    def place(self) -> Compound | Area:
        place = self.compound or self.area
        assert place
        return place

    def state(self, now: datetime) -> str:
        """asked, refused, revoked, coming, valid or over."""
        if self.revoked_at:
            return "revoked"
        if self.refused_at:
            return "refused"
        if not self.issued_at:
            return "asked"
        if self.period.upper <= now:
            return "over"
        return "coming" if now < self.period.lower else "valid"
