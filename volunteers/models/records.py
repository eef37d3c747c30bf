import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models import Area, User
from volunteers.models.people import PERSON_KINDS, Volunteer


@pghistory.track()
class ServiceRecord(models.Model):
    """Minutes served, from check-in to check-out. `sign_up` is the id of the seat they were served on."""

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="records", verbose_name=_("volunteer"))
    sign_up = models.BigIntegerField(_("sign-up"), unique=True)
    community = models.ForeignKey(Area, models.PROTECT, related_name="records", verbose_name=_("community"))
    kind = models.CharField(_("served as"), max_length=20, choices=PERSON_KINDS)
    what = models.CharField(_("activity"), max_length=200)
    where = models.CharField(_("place"), max_length=200)
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"))
    minutes = models.PositiveIntegerField(_("minutes"))
    needs_confirmation = models.BooleanField(_("needs confirmation"), default=False)
    confirmed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )

    class Meta:
        verbose_name = _("service record")
        verbose_name_plural = _("service records")
        indexes = [models.Index(fields=["started_at"], name="record_started")]

    def __str__(self) -> str:
        return f"{self.what} {self.minutes}"
