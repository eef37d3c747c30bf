from datetime import datetime
from typing import Self

import pghistory
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Area, Grant, User
from communities.models.areas import Node, TreeQuerySet
from staffing.models.shifts import Shift
from staffing.states import Duty, ExtensionStatus

DUTIES = {
    Duty.LEAD: pgettext_lazy("in a task force", "lead"),
    Duty.DEPUTY: pgettext_lazy("in a task force", "deputy"),
    Duty.POSTS: _("posts and attendance"),
    Duty.SUPPLIES: _("supplies"),
    Duty.RECORDS: _("records"),
}
EXTENSION_STATUSES = {
    ExtensionStatus.ASKED: _("asked for"),
    ExtensionStatus.AGREED: _("agreed"),
    ExtensionStatus.REFUSED: _("refused"),
}


class TaskForces(TreeQuerySet):
    def going(self, now: datetime) -> Self:
        return self.filter(period__contains=now)


@pghistory.track()
class TaskForce(Node):
    """A body for one purpose, over one area and for a time: [from, to). Temporary by definition; domain.md S17, S18."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="task_forces", verbose_name=_("area"))
    purpose = models.CharField(_("purpose"), max_length=200)
    period = DateTimeRangeField(_("period"))
    founded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("founded by"))
    founded_at = models.DateTimeField(_("founded"))
    is_demo = models.BooleanField(default=False, editable=False)

    objects = TaskForces.as_manager()

    class Meta:
        verbose_name = _("task force")
        verbose_name_plural = _("task forces")
        ordering = ["path"]
        indexes = [models.Index(fields=["path"], name="task_force_path", opclasses=["varchar_pattern_ops"])]
        constraints = [
            models.CheckConstraint(
                name="task_force_has_an_end",
                condition=Q(period__startswith__isnull=False, period__endswith__isnull=False),
            ),
        ]

    @property
    def ends_at(self) -> datetime:
        found: datetime = self.period.upper
        return found


class Postings(models.QuerySet["Posting"]):
    def present(self) -> Self:
        return self.filter(left_at=None)


@pghistory.track()
class Posting(models.Model):
    """Somebody's duty in a task force. The rights that come with it are a grant that ends with the task force."""

    task_force = models.ForeignKey(TaskForce, models.PROTECT, related_name="postings", verbose_name=_("task force"))
    user = models.ForeignKey(User, models.PROTECT, related_name="postings", verbose_name=_("account"))
    duty = models.CharField(_("function"), max_length=10, choices=DUTIES)
    grant = models.OneToOneField(Grant, models.PROTECT, related_name="posting", verbose_name=_("grant"))
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("given by"))
    joined_at = models.DateTimeField(_("since"))
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = Postings.as_manager()

    class Meta:
        verbose_name = _("posting in a task force")
        verbose_name_plural = _("postings in task forces")
        ordering = ["task_force_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task_force"], condition=Q(left_at=None, duty=Duty.LEAD), name="task_force_has_one_lead"
            ),
            models.UniqueConstraint(
                fields=["task_force"], condition=Q(left_at=None, duty=Duty.DEPUTY), name="task_force_has_one_deputy"
            ),
            models.UniqueConstraint(
                fields=["task_force", "user"], condition=Q(left_at=None), name="one_duty_in_a_task_force"
            ),
            models.CheckConstraint(name="posted_by_somebody_else", condition=~Q(user=F("given_by"))),
        ]

    def __str__(self) -> str:
        return f"{self.task_force_id}: {self.duty}"


@pghistory.track()
class Extension(models.Model):
    """That a task force go on until later: asked for by one person, agreed to by another."""

    task_force = models.ForeignKey(TaskForce, models.PROTECT, related_name="extensions", verbose_name=_("task force"))
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=EXTENSION_STATUSES, default=ExtensionStatus.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("extension of a task force")
        verbose_name_plural = _("extensions of task forces")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task_force"], condition=Q(status=ExtensionStatus.ASKED), name="one_extension_at_a_time"
            ),
            models.CheckConstraint(name="extended_by_two", condition=~Q(asked_by=F("answered_by"))),
            models.CheckConstraint(
                name="extension_answered",
                condition=Q(status=ExtensionStatus.ASKED, answered_by=None)
                | (~Q(status=ExtensionStatus.ASKED) & Q(answered_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_force_id}: {self.until:%Y-%m-%d}"


@pghistory.track()
class HandOver(models.Model):
    """What one lead leaves to the next, of a shift or of a task force. Never changed; a second note is a second row."""

    shift = models.ForeignKey(
        Shift, models.CASCADE, null=True, blank=True, related_name="hand_overs", verbose_name=_("shift")
    )
    task_force = models.ForeignKey(
        TaskForce, models.PROTECT, null=True, blank=True, related_name="hand_overs", verbose_name=_("task force")
    )
    text = models.TextField(_("note"), max_length=2000)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("written by"))
    written_at = models.DateTimeField(_("written"))
    read_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken over by")
    )
    read_at = models.DateTimeField(_("taken over"), null=True, blank=True)

    class Meta:
        verbose_name = _("hand-over note")
        verbose_name_plural = _("hand-over notes")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="hand_over_of_one_thing",
                condition=Q(shift__isnull=False, task_force__isnull=True)
                | Q(shift__isnull=True, task_force__isnull=False),
            ),
            models.CheckConstraint(name="taken_over_by_another", condition=~Q(written_by=F("read_by"))),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
