from datetime import datetime, timedelta
from typing import Any, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Area, User
from staffing.states import CLOSE_OUT_OPEN, Cause, CloseOutStatus

CLOSE_OUT_STATUSES = {
    CloseOutStatus.PROPOSED: pgettext_lazy("close-out", "proposed"),
    CloseOutStatus.AGREED: pgettext_lazy("close-out", "agreed"),
    CloseOutStatus.RUNNING: pgettext_lazy("close-out", "running"),
    CloseOutStatus.DONE: pgettext_lazy("close-out", "done"),
    CloseOutStatus.WITHDRAWN: pgettext_lazy("close-out", "taken back"),
}
CAUSES = {
    Cause.OWN_WISH: _("the person's own wish"),
    Cause.CLOSE_OUT: _("close-out"),
    Cause.TIME: _("kept long enough"),
}


class CloseOuts(models.QuerySet["CloseOut"]):
    def due(self, now: datetime) -> Self:
        """Agreed, and the notice is over; or begun, and not done."""
        return self.filter(status__in=[CloseOutStatus.AGREED, CloseOutStatus.RUNNING], purge_at__lte=now)


@pghistory.track(exclude=["reached", "done_steps", "counts", "kept"])
class CloseOut(models.Model):
    """An incident is over: what took place in the area over [from, to) keeps its hours and loses its names.

    Proposed by one, agreed by another, announced, then carried out in steps. `reached` is the last account that was
    looked at and `done_steps` the tables that are finished, so that who takes over from a killed worker goes on there.
    Done, the row is the certificate of destruction: `digest` seals what it says and the certificate before it.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="close_outs", verbose_name=_("area"))
    title = models.CharField(_("what is closed"), max_length=120)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    status = models.CharField(_("status"), max_length=10, choices=CLOSE_OUT_STATUSES, default=CloseOutStatus.PROPOSED)
    notice_days = models.PositiveSmallIntegerField(_("days of notice"), default=30)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed"))
    agreed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agreed by")
    )
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken back by")
    )
    purge_at = models.DateTimeField(_("names go on"), null=True, blank=True)
    begun_at = models.DateTimeField(_("begun"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    totals: Any = models.JSONField(_("totals before"), default=dict)
    reached = models.BigIntegerField(default=0, editable=False)
    done_steps = ArrayField(models.CharField(max_length=60), default=list, editable=False)
    counts: Any = models.JSONField(_("what went"), default=dict)
    kept: Any = models.JSONField(_("who stays"), default=dict)
    previous_digest = models.CharField(_("digest of the certificate before"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = CloseOuts.as_manager()

    class Meta:
        verbose_name = _("close-out")
        verbose_name_plural = _("close-outs")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="close_out_ends_later", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="close_out_by_two", condition=~Q(agreed_by=F("proposed_by"))),
            models.CheckConstraint(
                name="close_out_agreed_by_somebody",
                condition=Q(status__in=["proposed", "withdrawn"]) | Q(agreed_by__isnull=False, purge_at__isnull=False),
            ),
            models.CheckConstraint(name="close_out_done_is_sealed", condition=~Q(status="done") | ~Q(digest="")),
            models.UniqueConstraint(
                fields=["area"], condition=Q(status__in=sorted(CLOSE_OUT_OPEN)), name="one_close_out_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.title}"

    @property
    def last(self) -> datetime:
        """An instant of its last day."""
        return self.ends_at - timedelta(microseconds=1)


class Erasure(models.Model):
    """An account whose identity is gone: which, when and why, and how much went. Nothing here says whose it was."""

    account = models.BigIntegerField(_("account"), unique=True)
    at = models.DateTimeField(_("erased"))
    cause = models.CharField(_("cause"), max_length=10, choices=CAUSES)
    close_out = models.ForeignKey(
        CloseOut, models.PROTECT, null=True, blank=True, related_name="erasures", verbose_name=_("close-out")
    )
    counts: Any = models.JSONField(_("what went"), default=dict)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"#{self.account}"
