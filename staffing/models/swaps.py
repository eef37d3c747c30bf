import secrets
from datetime import datetime
from typing import Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import User
from staffing.models.shifts import Post
from staffing.models.signups import SignUp
from staffing.states import SWAP_OPEN, SignUpStatus, SwapStatus

SWAP_STATUSES = {
    SwapStatus.PROPOSED: _("waits for somebody to agree"),
    SwapStatus.AGREED: _("waits for the community's yes"),
    SwapStatus.DONE: _("swapped"),
    SwapStatus.REFUSED: _("swap refused"),
    SwapStatus.WITHDRAWN: _("taken back"),
    SwapStatus.EXPIRED: _("expired"),
}


def new_swap_key() -> str:
    return secrets.token_urlsafe(18)


class Swaps(models.QuerySet["Swap"]):
    def standing(self) -> Self:
        return self.filter(status__in=SWAP_OPEN)

    def over(self, now: datetime) -> Self:
        """Still open, but the time is up, or one of the seats is not what it was."""
        offered = Q(offered__status=SignUpStatus.CONFIRMED)
        given = Q(given=None) | Q(given__status=SignUpStatus.CONFIRMED)
        return self.standing().filter(Q(expires_at__lte=now) | ~offered | ~given)


@pghistory.track(exclude=["key"])
class Swap(models.Model):
    """A confirmed seat offered to somebody: handed over, or exchanged for their seat on the post that is `wanted`.

    Whoever holds the `key` may agree: the person sends it to the one they have spoken to. `given` is the seat that the
    partner gives for it; `passed_on` and `received` are what both have once it is done.
    """

    offered = models.ForeignKey(SignUp, models.PROTECT, related_name="swaps", verbose_name=_("seat offered"))
    wanted = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("post wanted for it")
    )
    given = models.ForeignKey(
        SignUp, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("seat given for it")
    )
    partner = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("with whom")
    )
    status = models.CharField(_("status"), max_length=10, choices=SWAP_STATUSES, default=SwapStatus.PROPOSED)
    key = models.CharField(max_length=40, unique=True, default=new_swap_key, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    created_at = models.DateTimeField(_("proposed"))
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    passed_on = models.ForeignKey(
        SignUp, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("the partner's new seat")
    )
    received = models.ForeignKey(
        SignUp, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("the new seat")
    )

    objects = Swaps.as_manager()

    class Meta:
        verbose_name = _("swap")
        verbose_name_plural = _("swaps")
        constraints = [
            models.UniqueConstraint(fields=["offered"], condition=Q(status__in=sorted(SWAP_OPEN)), name="swap_once"),
            models.UniqueConstraint(fields=["given"], condition=Q(status=SwapStatus.AGREED), name="seat_given_once"),
            models.CheckConstraint(
                name="swap_agreed_has_partner", condition=~Q(status__in=["agreed", "done"]) | Q(partner__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="swaps_open", condition=Q(status__in=sorted(SWAP_OPEN)))]

    def __str__(self) -> str:
        return f"#{self.pk} {self.status}"
