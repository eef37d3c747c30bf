from datetime import datetime
from typing import Self

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Organisation, Site, User
from communities.models.happenings import tells
from staffing.models.calls import CallUp
from staffing.models.roles import Role
from staffing.states import ShiftStatus
from volunteers.models.people import PERSON_KINDS

SHIFT_STATUSES = {
    ShiftStatus.DRAFT: _("draft"),
    ShiftStatus.OPEN: _("open"),
    ShiftStatus.CLOSED: _("closed"),
    ShiftStatus.RUNNING: _("running"),
    ShiftStatus.FINISHED: pgettext_lazy("shift", "finished"),
    ShiftStatus.CANCELLED: _("cancelled"),
}


class Shifts(models.QuerySet["Shift"]):
    def upcoming(self, now: datetime) -> Self:
        return self.filter(ends_at__gt=now).exclude(status__in=[ShiftStatus.CANCELLED, ShiftStatus.FINISHED])

    def on_offer(self, now: datetime) -> Self:
        return self.filter(status=ShiftStatus.OPEN, starts_at__gt=now)


@pgtrigger.register(
    *tells(
        "shifts", also=["starts_at", "ends_at", "site_id", "version"], version="n.version", hidden=[ShiftStatus.DRAFT]
    )
)
@pghistory.track()
class Shift(models.Model):
    """People at one site over the half-open interval [starts_at, ends_at)."""

    call_up = models.ForeignKey(
        CallUp, models.PROTECT, null=True, blank=True, related_name="shifts", verbose_name=_("call")
    )
    site = models.ForeignKey(Site, models.PROTECT, related_name="shifts", verbose_name=_("site"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    status = models.CharField(_("status"), max_length=10, choices=SHIFT_STATUSES, default=ShiftStatus.DRAFT)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    briefing = models.TextField(_("safety briefing"), blank=True)
    briefing_en = models.TextField(_("safety briefing (English)"), blank=True)
    leader = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="led_shifts", verbose_name=_("point leader")
    )
    deputy = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="deputed_shifts", verbose_name=_("stands in")
    )
    override_reason = models.CharField(_("longer than the rotation allows because"), max_length=200, blank=True)
    override_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("allowed by")
    )
    cancel_reason = models.CharField(_("why cancelled"), max_length=200, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = Shifts.as_manager()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["starts_at"], name="shift_start"),
            models.Index(fields=["site", "starts_at"], name="shift_site_start"),
        ]
        constraints = [
            models.CheckConstraint(name="shift_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="nobody_stands_in_for_themselves", condition=~Q(deputy=F("leader"))),
        ]

    def __str__(self) -> str:
        return f"{self.site} {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"


COUNTERS = ["taken", "waiting", "tickets", "seats_given", "last_seat", "free_seats", "pledged", "version"]


class Posts(models.QuerySet["Post"]):
    def with_room(self) -> Self:
        return self.filter(taken__lt=F("seats") - F("pledged"), waiting=0)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pghistory.AnyChange(exclude=COUNTERS)),
    pghistory.DeleteEvent(),
)
class Post(models.Model):
    """Seats of one role on one shift.

    The counters stand on the row so that a seat is taken by one conditional UPDATE. `taken` counts the seats held
    or served, `pledged` the seats kept for names an organisation still owes, `waiting` the waitlist, `tickets` the
    last place given on it. A seat number is the next of `seats_given`, or one that came back to `free_seats`;
    `last_seat` is the one given last, so that the statement that takes a seat can return its number.
    `version` rises with every change of the post, its shift or its call that a sign-up must not overlook.
    """

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="posts", verbose_name=_("shift"))
    role = models.ForeignKey(Role, models.PROTECT, related_name="posts", verbose_name=_("role"))
    agency = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("agency")
    )
    seats = models.PositiveSmallIntegerField(_("seats"))
    person_kinds = ArrayField(
        models.CharField(max_length=20, choices=PERSON_KINDS), verbose_name=_("open to"), default=list, blank=True
    )
    auto_confirm = models.BooleanField(_("confirm at once"), default=True)
    taken = models.PositiveSmallIntegerField(_("taken"), default=0, editable=False)
    pledged = models.PositiveSmallIntegerField(_("pledged"), default=0, editable=False)
    waiting = models.PositiveIntegerField(_("waiting"), default=0, editable=False)
    tickets = models.PositiveIntegerField(default=0, editable=False)
    seats_given = models.PositiveIntegerField(default=0, editable=False)
    last_seat = models.PositiveIntegerField(default=0, editable=False)
    free_seats = ArrayField(models.PositiveIntegerField(), default=list, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = Posts.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["shift_id", "role_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["shift", "role", "agency"], name="post_once", nulls_distinct=False),
            models.CheckConstraint(name="post_seats_in_range", condition=Q(seats__gte=1, seats__lte=500)),
            models.CheckConstraint(name="post_not_oversold", condition=Q(taken__lte=F("seats") - F("pledged"))),
        ]

    def __str__(self) -> str:
        return f"{self.role} × {self.seats}"

    @property
    def room(self) -> int:
        """Seats that a newcomer could take now: none while others wait."""
        return 0 if self.waiting else max(0, self.seats - self.pledged - self.taken)

    @property
    def missing(self) -> int:
        """Seats nobody holds, pledged ones included."""
        return max(0, self.seats - self.taken)
