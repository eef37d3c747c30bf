from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from staffing.models.shifts import Shift


class Shortage(models.Model):
    """A span of time in which a shift about to start has seats that nobody holds. Written by the watch alone."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="shortages", verbose_name=_("shift"))
    missing = models.PositiveIntegerField(_("people missing then"))
    since = models.DateTimeField(_("since"))
    over_at = models.DateTimeField(_("over"), null=True, blank=True)

    class Meta:
        verbose_name = _("shortage")
        verbose_name_plural = _("shortages")
        ordering = ["-since", "-id"]
        constraints = [models.UniqueConstraint(fields=["shift"], condition=Q(over_at=None), name="short_once")]

    def __str__(self) -> str:
        return f"{self.shift_id}: {self.missing}"
