import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models import User
from communities.models.areas import Named
from volunteers.models.people import Volunteer

QUALIFICATION_KINDS = {
    "skill": _("skill"),
    "language": _("language"),
    "training": _("training"),
    "licence": _("licence"),
    "insurance": _("insurance"),
}


@pghistory.track()
class Qualification(Named):
    """Something a post can ask for. Skills, languages, training, licences and insurance are all alike."""

    slug = models.SlugField(_("code"), unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=QUALIFICATION_KINDS)
    self_declared = models.BooleanField(_("a person's own word is enough"), default=False)

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")


@pghistory.track()
class HeldQualification(models.Model):
    """A volunteer has it, from a day to a day; what is not self-declared counts only once verified."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="held", verbose_name=_("volunteer"))
    qualification = models.ForeignKey(
        Qualification, models.PROTECT, related_name="held", verbose_name=_("qualification")
    )
    from_day = models.DateField(_("from"), null=True, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    verified_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    reference = models.CharField(_("reference"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("held qualification")
        verbose_name_plural = _("held qualifications")
        constraints = [models.UniqueConstraint(fields=["volunteer", "qualification"], name="qualification_held_once")]

    def __str__(self) -> str:
        return f"{self.volunteer_id} {self.qualification_id}"
