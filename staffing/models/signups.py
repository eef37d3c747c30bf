from datetime import datetime
from typing import Self

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation, User
from communities.models.happenings import tells
from staffing.models.roles import Role
from staffing.models.secondments import Secondment
from staffing.models.shifts import Post, Shift
from staffing.states import ALIVE, FILLS_SEAT, HOLDS_SEAT, HOLDS_TIME, PledgeStatus, SignUpStatus
from volunteers.models import Volunteer
from volunteers.models.people import CHANNELS

SIGN_UP_STATUSES = {
    SignUpStatus.INVITED: _("invited"),
    SignUpStatus.SIGNED_UP: _("signed up"),
    SignUpStatus.WAITLISTED: _("waitlisted"),
    SignUpStatus.CONFIRMED: _("confirmed"),
    SignUpStatus.DECLINED: _("declined"),
    SignUpStatus.CANCELLED: _("cancelled"),
    SignUpStatus.CHECKED_IN: _("checked in"),
    SignUpStatus.COMPLETED: _("completed"),
    SignUpStatus.NO_SHOW: _("no-show"),
    SignUpStatus.EXPIRED: _("expired"),
}
PLEDGE_STATUSES = {
    PledgeStatus.OPEN: _("names owed"),
    PledgeStatus.NAMED: _("all named"),
    PledgeStatus.LAPSED: _("lapsed"),
    PledgeStatus.WITHDRAWN: _("withdrawn"),
}


@pghistory.track()
class Pledge(models.Model):
    """An organisation keeps seats of a post for people it will name by a time; unnamed seats then open again."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="pledges", verbose_name=_("post"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="pledges", verbose_name=_("organisation")
    )
    seats = models.PositiveSmallIntegerField(_("promised"))
    named = models.PositiveSmallIntegerField(_("named"), default=0)
    due_at = models.DateTimeField(_("names due"))
    status = models.CharField(_("status"), max_length=10, choices=PLEDGE_STATUSES, default=PledgeStatus.OPEN)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        constraints = [
            models.UniqueConstraint(fields=["post", "organisation"], condition=Q(status="open"), name="pledge_once"),
            models.CheckConstraint(name="pledge_named_within", condition=Q(named__lte=models.F("seats"))),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.named}/{self.seats}"

    @property
    def owed(self) -> int:
        """Names still missing."""
        return self.seats - self.named if self.status == PledgeStatus.OPEN else 0


class SignUps(models.QuerySet["SignUp"]):
    def alive(self) -> Self:
        return self.filter(status__in=ALIVE)

    def holding_seat(self) -> Self:
        return self.filter(status__in=HOLDS_SEAT)

    def filling_seat(self) -> Self:
        """What the counter `taken` of the post counts: seats held, and seats served to the end."""
        return self.filter(status__in=FILLS_SEAT, seat_no__isnull=False)

    def holding_time(self) -> Self:
        return self.filter(status__in=HOLDS_TIME)

    def confirmed(self) -> Self:
        return self.filter(status=SignUpStatus.CONFIRMED)

    def waiting(self) -> Self:
        """The waitlist, first in line first."""
        return self.filter(status=SignUpStatus.WAITLISTED).order_by("priority", "position", "id")

    def of(self, volunteer_id: int) -> Self:
        return self.filter(volunteer_id=volunteer_id)

    def overdue(self, now: datetime) -> Self:
        return self.filter(status=SignUpStatus.INVITED, respond_by__lte=now)


@pgtrigger.register(*tells("sign-ups", also=["post_id"]))
@pghistory.track(exclude=["position"])
class SignUp(models.Model):
    """One person on one post: a seat, an offer of one, or a place on its waitlist (domain.md 5.2).

    `period` repeats the shift's interval, so that the database itself keeps a person from being in two places.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="sign_ups", verbose_name=_("post"))
    shift = models.ForeignKey(Shift, models.PROTECT, related_name="sign_ups", verbose_name=_("shift"))
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="sign_ups", verbose_name=_("volunteer"))
    status = models.CharField(_("status"), max_length=12, choices=SIGN_UP_STATUSES)
    period = DateTimeRangeField(_("period"))
    seat_no = models.PositiveIntegerField(_("seat"), null=True, blank=True)
    position = models.PositiveIntegerField(_("place on the waitlist"), null=True, blank=True)
    priority = models.SmallIntegerField(_("priority"), default=0)
    auto_accept = models.BooleanField(_("take a freed seat without asking"), default=False)
    respond_by = models.DateTimeField(_("answer by"), null=True, blank=True)
    placed = models.BooleanField(_("placed where needed"), default=False)
    only_role = models.ForeignKey(
        Role, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in this role only")
    )
    only_shifts = ArrayField(models.BigIntegerField(), verbose_name=_("on these shifts only"), default=list, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=CHANNELS, default="web")
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    party = models.UUIDField(_("signed up together"), null=True, blank=True, db_index=True)
    pledge = models.ForeignKey(
        Pledge, models.SET_NULL, null=True, blank=True, related_name="sign_ups", verbose_name=_("pledge")
    )
    secondment = models.ForeignKey(
        Secondment, models.SET_NULL, null=True, blank=True, related_name="sign_ups", verbose_name=_("secondment")
    )
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("replaces")
    )
    override_reason = models.CharField(_("rest rule overridden because"), max_length=200, blank=True)
    override_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("overridden by")
    )
    reason = models.CharField(_("reason"), max_length=30, blank=True)
    late = models.BooleanField(_("cancelled late"), default=False)
    on_my_way_at = models.DateTimeField(_("on the way since"), null=True, blank=True)
    checked_in_at = models.DateTimeField(_("checked in"), null=True, blank=True)
    checked_out_at = models.DateTimeField(_("checked out"), null=True, blank=True)
    auto_checkout = models.BooleanField(_("closed by the system"), default=False)
    fit_for_duty = models.BooleanField(_("fit for duty"), null=True, blank=True)
    created_at = models.DateTimeField(_("signed up"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = SignUps.as_manager()

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "post"], condition=Q(status__in=sorted(ALIVE)), name="sign_up_once"
            ),
            models.UniqueConstraint(
                fields=["volunteer", "shift"],
                condition=Q(status__in=sorted(ALIVE - {"invited"})),
                name="one_place_per_shift",
            ),
            models.UniqueConstraint(
                fields=["post", "seat_no"], condition=Q(status__in=sorted(HOLDS_SEAT)), name="seat_has_one_holder"
            ),
            ExclusionConstraint(
                name="nobody_in_two_places",
                expressions=[("volunteer", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(status__in=sorted(HOLDS_TIME)),
            ),
            models.CheckConstraint(
                name="seat_holder_has_seat", condition=~Q(status__in=sorted(HOLDS_SEAT)) | Q(seat_no__isnull=False)
            ),
            models.CheckConstraint(
                name="waiting_has_position", condition=~Q(status="waitlisted") | Q(position__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                fields=["post", "priority", "position", "id"], name="waitlist", condition=Q(status="waitlisted")
            ),
            models.Index(fields=["shift"], name="reserves", condition=Q(status="waitlisted", placed=True)),
            models.Index(fields=["respond_by"], name="offers", condition=Q(status="invited")),
            models.Index(
                fields=["shift", "post", "status"],
                name="asked_or_here",
                condition=Q(status__in=["checked_in", "completed", "invited"]),
            ),
            models.Index(fields=["created_at"], name="sign_up_came"),
            models.Index(
                fields=["changed_at"],
                name="sign_up_given_up",
                condition=Q(status__in=["cancelled", "no_show"], seat_no__isnull=False, respond_by=None),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.status}"
