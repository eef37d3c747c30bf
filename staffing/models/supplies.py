from datetime import datetime
from typing import Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.fields import EncryptedText
from communities.models import Area, Compound, User
from staffing.states import SUPPLY_HELD, SUPPLY_OVER, SupplyNeed, SupplyStatus
from volunteers.models import Volunteer

SUPPLY_NEEDS = {
    SupplyNeed.FOOD: _("food"),
    SupplyNeed.WATER: _("drinking water"),
    SupplyNeed.MEDICINE: _("medicine"),
    SupplyNeed.INFANT: _("for an infant"),
    SupplyNeed.HYGIENE: _("hygiene"),
    SupplyNeed.OTHER: pgettext_lazy("supplies", "other things"),
}
SUPPLY_STATUSES = {
    SupplyStatus.OPEN: pgettext_lazy("supplies", "waits for a carrier"),
    SupplyStatus.MATCHED: pgettext_lazy("supplies", "somebody brings it"),
    SupplyStatus.DELIVERING: pgettext_lazy("supplies", "on the way"),
    SupplyStatus.DELIVERED: pgettext_lazy("supplies", "delivered"),
    SupplyStatus.CANCELLED: pgettext_lazy("supplies", "cancelled"),
}


class Supplies(models.QuerySet["SupplyRequest"]):
    def live(self) -> Self:
        return self.exclude(status__in=SUPPLY_OVER)

    def held(self) -> Self:
        return self.filter(status__in=SUPPLY_HELD)

    def to_forget(self, before: datetime) -> Self:
        """Over for long enough, and not forgotten yet."""
        return self.filter(status__in=SUPPLY_OVER, finished_at__lte=before, forgotten_at=None)


@pghistory.track(exclude=["place"])
class SupplyRequest(models.Model):
    """Something has to be brought to a door: what, how many parcels, by when. Nobody's name is asked.

    `place` (house, stairwell, flat) is encrypted, read by those alone who bring or dispatch, and goes with the carrier
    fourteen days after it is over.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="supplies", verbose_name=_("area"))
    compound = models.ForeignKey(
        Compound, models.PROTECT, null=True, blank=True, related_name="supplies", verbose_name=_("compound")
    )
    place = EncryptedText(_("house, stairwell, flat"), blank=True, default="")
    need = models.CharField(_("need"), max_length=10, choices=SUPPLY_NEEDS)
    parcels = models.PositiveSmallIntegerField(_("parcels"), default=1)
    due_at = models.DateTimeField(_("due"))
    status = models.CharField(_("status"), max_length=10, choices=SUPPLY_STATUSES, default=SupplyStatus.OPEN)
    carrier = models.ForeignKey(
        Volunteer, models.SET_NULL, null=True, blank=True, related_name="supplies", verbose_name=_("carrier")
    )
    claims = models.PositiveSmallIntegerField(_("times claimed"), default=0, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    forgotten_at = models.DateTimeField(_("forgotten"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    created_at = models.DateTimeField(_("asked for"))
    is_demo = models.BooleanField(default=False, editable=False)

    objects = Supplies.as_manager()

    class Meta:
        verbose_name = _("supply request")
        verbose_name_plural = _("supply requests")
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["area", "due_at"], name="supplies_open", condition=Q(status="open"))]
        constraints = [
            models.CheckConstraint(name="supply_parcels_in_range", condition=Q(parcels__gte=1, parcels__lte=99)),
            models.CheckConstraint(
                name="supply_held_by_carrier",
                condition=~Q(status__in=sorted(SUPPLY_HELD)) | Q(carrier__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.need}"


class SupplyChange(models.Model):
    """What a household needed from this instant on; the first row is what was asked for. Never changed."""

    request = models.ForeignKey(SupplyRequest, models.CASCADE, related_name="changes", verbose_name=_("supply request"))
    need = models.CharField(_("need"), max_length=10, choices=SUPPLY_NEEDS)
    parcels = models.PositiveSmallIntegerField(_("parcels"))
    due_at = models.DateTimeField(_("due"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("change of a need")
        verbose_name_plural = _("changes of needs")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.need}"
