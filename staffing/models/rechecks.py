from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Area, User, ZonePolicy, ZoneStatus
from staffing.models.signups import SignUp
from staffing.states import Verdict
from volunteers.models import AccessPass, Volunteer

VERDICTS = {
    Verdict.STAYS: _("may stay"),
    Verdict.APPROVE: _("may stay, needs approval"),
    Verdict.CANNOT_ENTER: _("cannot enter"),
    Verdict.CANNOT_LEAVE: _("cannot leave"),
    Verdict.ON_DUTY: _("on duty, not touched"),
}


CAUSES = ("zone_status", "policy", "access_pass", "mover")


def only(cause: str) -> Q:
    return Q(**{f"{name}__isnull": name != cause for name in CAUSES})


class ZoneRechecks(models.QuerySet["ZoneRecheck"]):
    def unfinished(self) -> "ZoneRechecks":
        return self.filter(finished_at=None).order_by("pk")


class ZoneRecheck(models.Model):
    """All future seats in reach of one change, looked at again: how far it has come, and its repair list.

    The change is a zone status, a new version of a policy, a pass that was revoked, or a person's new home.
    """

    zone_status = models.OneToOneField(
        ZoneStatus, models.CASCADE, null=True, blank=True, related_name="recheck", verbose_name=_("zone status")
    )
    policy = models.ForeignKey(
        ZonePolicy, models.CASCADE, null=True, blank=True, related_name="rechecks", verbose_name=_("zone policy")
    )
    policy_version = models.PositiveIntegerField(_("version"), null=True, blank=True)
    access_pass = models.OneToOneField(
        AccessPass, models.CASCADE, null=True, blank=True, related_name="recheck", verbose_name=_("access pass")
    )
    mover = models.ForeignKey(
        Volunteer, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("who has moved")
    )
    area = models.ForeignKey(
        Area, models.CASCADE, null=True, blank=True, related_name="rechecks", verbose_name=_("area")
    )
    opened_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )
    opened_at = models.DateTimeField(_("opened"))
    seats = models.PositiveIntegerField(_("seats in reach"), default=0)
    checked = models.PositiveIntegerField(_("seats looked at"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = ZoneRechecks.as_manager()

    class Meta:
        verbose_name = _("zone re-check")
        verbose_name_plural = _("zone re-checks")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "policy_version"], name="recheck_once_per_policy_version"),
            models.CheckConstraint(
                name="recheck_has_one_cause",
                condition=reduce(or_, map(only, CAUSES)),
            ),
        ]
        indexes = [models.Index(fields=["id"], name="recheck_open", condition=Q(finished_at=None))]

    def __str__(self) -> str:
        return f"#{self.pk} {self.checked}/{self.seats}"


class RecheckedSeat(models.Model):
    """What a re-check found about one sign-up. It is written with the effect, so a run that was cut off goes on."""

    recheck = models.ForeignKey(ZoneRecheck, models.CASCADE, related_name="found", verbose_name=_("re-check"))
    sign_up = models.ForeignKey(SignUp, models.CASCADE, related_name="rechecks", verbose_name=_("sign-up"))
    verdict = models.CharField(_("verdict"), max_length=14, choices=VERDICTS)
    code = models.CharField(_("reason"), max_length=30, blank=True)
    held_seat = models.BooleanField(_("held a seat"), default=True)

    class Meta:
        verbose_name = _("re-checked seat")
        verbose_name_plural = _("re-checked seats")
        constraints = [models.UniqueConstraint(fields=["recheck", "sign_up"], name="seat_rechecked_once")]
        indexes = [models.Index(fields=["recheck", "verdict"], name="recheck_verdict")]

    def __str__(self) -> str:
        return f"{self.sign_up_id}: {self.verdict}"
