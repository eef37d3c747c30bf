from datetime import datetime, timedelta
from typing import Self

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Area, Organisation, User
from communities.models.happenings import tells
from staffing.models.roles import Role
from staffing.states import SECONDMENT_BINDS, SECONDMENT_OPEN, SecondmentStatus
from volunteers.models import Volunteer
from volunteers.models.people import PERSON_KINDS
from volunteers.states import PersonKind

SECONDMENT_STATUSES = {
    SecondmentStatus.PROPOSED: _("proposed"),
    SecondmentStatus.APPROVED: _("approved by the unit"),
    SecondmentStatus.ACCEPTED: _("accepted, the person is asked"),
    SecondmentStatus.ACKNOWLEDGED: _("agreed by all"),
    SecondmentStatus.ACTIVE: pgettext_lazy("secondment", "on duty"),
    SecondmentStatus.ENDED: _("ended"),
    SecondmentStatus.RECALLED: _("recalled"),
    SecondmentStatus.REJECTED: _("returned"),
    SecondmentStatus.WITHDRAWN: _("withdrawn"),
}


class StaffRequests(models.QuerySet["StaffRequest"]):
    def open(self, now: datetime) -> Self:
        """Not closed, and not over."""
        return self.filter(closed_at=None, period__endswith__gt=now)


@pghistory.track()
class StaffRequest(models.Model):
    """A community asks an organisation for people of a role, for a time."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="staff_requests", verbose_name=_("community"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="staff_requests", verbose_name=_("organisation")
    )
    role = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("role"))
    people = models.PositiveSmallIntegerField(_("people"))
    period = DateTimeRangeField(_("period"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = StaffRequests.as_manager()

    class Meta:
        verbose_name = _("request for staff")
        verbose_name_plural = _("requests for staff")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="staff_request_people", condition=Q(people__gte=1, people__lte=500)),
        ]

    def __str__(self) -> str:
        return f"{self.area} → {self.organisation}: {self.people}"

    @property
    def last(self) -> datetime:
        """An instant of its last day."""
        return self.period.upper - timedelta(microseconds=1)


class Secondments(models.QuerySet["Secondment"]):
    def open(self) -> Self:
        return self.filter(status__in=SECONDMENT_OPEN)

    def binding(self) -> Self:
        return self.filter(status__in=SECONDMENT_BINDS)

    def active(self) -> Self:
        return self.filter(status=SecondmentStatus.ACTIVE)

    def starting(self, now: datetime) -> Self:
        return self.filter(status=SecondmentStatus.ACKNOWLEDGED, period__startswith__lte=now)

    def over(self, now: datetime) -> Self:
        return self.open().filter(period__endswith__lte=now)

    def unconfirmed(self, now: datetime) -> Self:
        """People who reported in on the spot, and whose unit has let its time pass."""
        return self.open().filter(approved_at=None, confirm_by__lte=now)


@pgtrigger.register(*tells("secondments", also=["period", "area_id"]))
@pghistory.track()
class Secondment(models.Model):
    """A unit lends one of its people to a community over [from, to) (转岗); domain.md 5.3.

    `on_the_spot`: the person reported in first, and the unit confirms until `confirm_by`. A recall shortens the period.
    """

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="secondments", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="secondments", verbose_name=_("lending unit")
    )
    area = models.ForeignKey(Area, models.PROTECT, related_name="secondments", verbose_name=_("community"))
    role = models.ForeignKey(
        Role, models.PROTECT, null=True, blank=True, related_name="secondments", verbose_name=_("role")
    )
    period = DateTimeRangeField(_("period"))
    status = models.CharField(
        _("status"), max_length=12, choices=SECONDMENT_STATUSES, default=SecondmentStatus.PROPOSED
    )
    request = models.ForeignKey(
        StaffRequest, models.SET_NULL, null=True, blank=True, related_name="secondments", verbose_name=_("request")
    )
    renews = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="renewals", verbose_name=_("renews")
    )
    on_the_spot = models.BooleanField(_("reported in first"), default=False)
    confirm_by = models.DateTimeField(_("unit confirms by"), null=True, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed"))
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("accepted by")
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("agreed by the person"), null=True, blank=True)
    recalled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recalled by")
    )
    recalled_at = models.DateTimeField(_("recalled"), null=True, blank=True)
    urgent = models.BooleanField(_("recalled at once"), default=False)
    kind_before = models.CharField(
        _("kind before"), max_length=20, choices=PERSON_KINDS, default=PersonKind.VOLUNTEER, editable=False
    )
    reason = models.CharField(_("reason"), max_length=30, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = Secondments.as_manager()

    class Meta:
        verbose_name = _("secondment")
        verbose_name_plural = _("secondments")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer"], condition=Q(status=SecondmentStatus.ACTIVE), name="seconded_once"
            ),
            ExclusionConstraint(
                name="lent_to_one_place_at_a_time",
                expressions=[("volunteer", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(status__in=sorted(SECONDMENT_BINDS)),
            ),
            models.CheckConstraint(name="secondment_by_two_ends", condition=~Q(approved_by=F("accepted_by"))),
            models.CheckConstraint(
                name="secondment_has_an_end",
                condition=Q(period__startswith__isnull=False, period__endswith__isnull=False),
            ),
            models.CheckConstraint(
                name="active_is_accepted_and_agreed",
                condition=~Q(status=SecondmentStatus.ACTIVE)
                | Q(accepted_at__isnull=False, acknowledged_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["area", "status"], name="secondments_here"),
            models.Index(fields=["organisation", "status"], name="secondments_lent"),
            models.Index(
                fields=["volunteer"], name="secondments_open", condition=Q(status__in=sorted(SECONDMENT_OPEN))
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.status}"

    @property
    def last(self) -> datetime:
        """An instant of its last day."""
        return self.period.upper - timedelta(microseconds=1)
