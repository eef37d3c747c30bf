import secrets
from typing import Any

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Area, User
from volunteers.models.people import Volunteer
from volunteers.states import ALPHABET, LENGTH, CertificateStatus

STATUSES = {
    CertificateStatus.ASKED: _("asked for"),
    CertificateStatus.ISSUED: _("valid"),
    CertificateStatus.REFUSED: _("refused"),
    CertificateStatus.REVOKED: _("revoked"),
}


def random_certificate_number() -> str:
    """30 ** 12 of them: nobody finds one by trying."""
    return "".join(secrets.choice(ALPHABET) for _letter in range(LENGTH))


@pghistory.track()
class Certificate(models.Model):
    """Hours given to a community over some days, certified by it. What it says is kept as it was issued."""

    number = models.CharField(
        _("number"), max_length=LENGTH, unique=True, default=random_certificate_number, editable=False
    )
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="certificates", verbose_name=_("volunteer"))
    community = models.ForeignKey(Area, models.PROTECT, related_name="certificates", verbose_name=_("issued by"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    name = models.CharField(_("name on the paper"), max_length=120)
    times = models.PositiveIntegerField(_("times"), default=0)
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    lines: Any = models.JSONField(_("what was done"), default=list)
    status = models.CharField(
        _("status"), max_length=10, choices=list(STATUSES.items()), default=CertificateStatus.ASKED
    )
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="certificate_days_in_order", condition=Q(first_day__lte=F("last_day"))),
            models.CheckConstraint(
                name="certificate_by_a_second_person",
                condition=~Q(status="issued") | Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by")),
            ),
            models.UniqueConstraint(
                fields=["volunteer", "community", "first_day", "last_day"],
                condition=Q(status="asked"),
                name="certificate_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return self.number
