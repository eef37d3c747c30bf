import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import User
from staffing.models.calls import CallUp
from staffing.models.teams import Team
from staffing.states import RunStatus

RUN_STATUSES = {
    RunStatus.RUNNING: _("running"),
    RunStatus.FILLED: _("filled"),
    RunStatus.DONE: _("everybody asked"),
    RunStatus.OVER: _("time is over"),
    RunStatus.STOPPED: _("stopped"),
}
FIRST_WAYS = {"sms": _("text message"), "email": _("e-mail")}


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(condition=pghistory.AnyChange(exclude=["next_at"])))
class WaveRun(models.Model):
    """A call told in waves until the gap is filled: by which numbers, and how it ended.

    A call has one run at a time. `per_seat` is how many people are asked for one seat, empty where that is learned.
    """

    call_up = models.ForeignKey(CallUp, models.CASCADE, related_name="wave_runs", verbose_name=_("call"))
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="wave_runs", verbose_name=_("of this team alone")
    )
    status = models.CharField(_("status"), max_length=10, choices=RUN_STATUSES, default=RunStatus.RUNNING)
    per_seat = models.FloatField(_("people asked for one seat"), null=True, blank=True)
    wait_minutes = models.PositiveSmallIntegerField(_("minutes between waves"))
    channel = models.CharField(_("first by"), max_length=10, choices=FIRST_WAYS, blank=True)
    until = models.DateTimeField(_("until"))
    next_at = models.DateTimeField(_("next wave"), editable=False)
    started_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("started by")
    )
    started_at = models.DateTimeField(_("started"))
    stopped_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("stopped by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("run of waves")
        verbose_name_plural = _("runs of waves")
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["next_at"], name="waves_due", condition=Q(status="running"))]
        constraints = [
            models.UniqueConstraint(fields=["call_up"], condition=Q(status="running"), name="one_run_of_waves"),
            models.CheckConstraint(
                name="waves_end_when_over",
                condition=Q(status="running", ended_at=None) | (~Q(status="running") & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call_up_id}: {self.get_status_display()}"


class Wave(models.Model):
    """People of a run who were asked together. `chance` is what was known of an answer then. Never changed."""

    run = models.ForeignKey(WaveRun, models.CASCADE, related_name="waves", verbose_name=_("run of waves"))
    number = models.PositiveSmallIntegerField(_("number"))
    gap = models.PositiveIntegerField(_("people missing then"))
    chance = models.FloatField(_("chance that somebody comes"))
    people = models.PositiveIntegerField(_("people"))
    asked_at = models.DateTimeField(_("asked"))

    class Meta:
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        ordering = ["run_id", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="wave_once")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}: {self.people}"
