import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from communities.models import Area, User
from staffing.models.signups import SignUp


@pghistory.track()
class Round(models.Model):
    """One of several goes at the same work in an area: the second testing, the third night of a flood.

    The lane rate is measured from what was counted at the seats while they were served.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="rounds", verbose_name=_("area"))
    kind = models.CharField(_("what for"), max_length=60)
    kind_en = models.CharField(_("what for (English)"), max_length=60, blank=True)
    no = models.PositiveSmallIntegerField(_("round"), validators=[MinValueValidator(1)])
    deadline = models.DateTimeField(_("done by"), null=True, blank=True)
    measured_rate = models.DecimalField(
        _("people an hour on one lane, measured"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    measured_seats = models.PositiveIntegerField(_("seats measured"), default=0)
    measured_at = models.DateTimeField(_("measured"), null=True, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["area", "kind", "no"], name="round_once"),
            models.CheckConstraint(name="round_numbered", condition=models.Q(no__gte=1)),
        ]

    def __str__(self) -> str:
        kind = self.kind_en if self.kind_en and get_language() == "en" else self.kind
        return _("Round %(no)s, %(kind)s") % {"no": self.no, "kind": kind}


@pghistory.track()
class WorkCount(models.Model):
    """How many people were served at a seat. It measures lanes, never persons: no page ranks by it."""

    sign_up = models.OneToOneField(SignUp, models.CASCADE, related_name="work_count", verbose_name=_("sign-up"))
    number = models.PositiveIntegerField(_("people served"))
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"))

    class Meta:
        verbose_name = _("work count")
        verbose_name_plural = _("work counts")

    def __str__(self) -> str:
        return f"#{self.sign_up_id}: {self.number}"


@pghistory.track()
class ComingAgain(models.Model):
    """Said after a shift: ask me for the next round too. It books nothing."""

    sign_up = models.OneToOneField(SignUp, models.CASCADE, related_name="coming_again", verbose_name=_("sign-up"))
    said_at = models.DateTimeField(_("said"))

    class Meta:
        verbose_name = _("wish to come again")
        verbose_name_plural = _("wishes to come again")

    def __str__(self) -> str:
        return f"#{self.sign_up_id}"
