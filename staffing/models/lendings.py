from datetime import datetime
from typing import Self

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Area, User
from staffing.states import LendingStatus
from volunteers.models import Enrolment, Volunteer

LENDING_STATUSES = {
    LendingStatus.PROPOSED: pgettext_lazy("lending", "proposed"),
    LendingStatus.AGREED: pgettext_lazy("lending", "agreed by both"),
    LendingStatus.REFUSED: pgettext_lazy("lending", "refused"),
    LendingStatus.WITHDRAWN: pgettext_lazy("lending", "withdrawn"),
    LendingStatus.ENDED: pgettext_lazy("lending", "ended"),
}
WHOLE = Q(period__startswith__isnull=False, period__endswith__isnull=False)


class Lendings(models.QuerySet["Lending"]):
    def open(self) -> Self:
        return self.filter(status__in=[LendingStatus.PROPOSED, LendingStatus.AGREED])

    def over(self, now: datetime) -> Self:
        return self.open().filter(period__endswith__lte=now)


@pghistory.track()
class Lending(models.Model):
    """One community lends people to another over [from, to): proposed above both, and good once both have agreed."""

    giver = models.ForeignKey(Area, models.PROTECT, related_name="lendings_out", verbose_name=_("giving community"))
    taker = models.ForeignKey(Area, models.PROTECT, related_name="lendings_in", verbose_name=_("receiving community"))
    period = DateTimeRangeField(_("period"))
    reason = models.CharField(_("reason"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=LENDING_STATUSES, default=LendingStatus.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed"))
    given_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agreed for the giving community")
    )
    given_at = models.DateTimeField(_("the giving community agreed"), null=True, blank=True)
    taken_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agreed for the receiving community"),
    )
    taken_at = models.DateTimeField(_("the receiving community agreed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    closed_at = models.DateTimeField(_("ended"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = Lendings.as_manager()

    class Meta:
        verbose_name = _("lending")
        verbose_name_plural = _("lendings")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="lending_between_two", condition=~Q(giver=F("taker"))),
            models.CheckConstraint(name="lending_agreed_by_two", condition=~Q(given_by=F("taken_by"))),
            models.CheckConstraint(name="lending_has_an_end", condition=WHOLE),
            models.CheckConstraint(
                name="lending_agreed_at_both_ends",
                condition=~Q(status=LendingStatus.AGREED) | Q(given_at__isnull=False, taken_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["giver", "status"], name="lendings_given"),
            models.Index(fields=["taker", "status"], name="lendings_taken"),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.taker}"


@pghistory.track()
class LentPerson(models.Model):
    """Somebody in a lending. `period` repeats the lending's, so that the database itself keeps people from being lent twice."""

    lending = models.ForeignKey(Lending, models.CASCADE, related_name="people", verbose_name=_("lending"))
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="lent", verbose_name=_("person"))
    period = DateTimeRangeField(_("period"))
    binds = models.BooleanField(_("agreed"), default=False)
    enrolment = models.ForeignKey(
        Enrolment, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("enrolment")
    )
    dropped = models.CharField(_("left out because"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("lent person")
        verbose_name_plural = _("lent people")
        constraints = [
            models.UniqueConstraint(fields=["lending", "volunteer"], name="lent_person_once"),
            models.CheckConstraint(name="lent_person_has_an_end", condition=WHOLE),
            ExclusionConstraint(
                name="lent_to_one_community_at_a_time",
                expressions=[("volunteer", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(binds=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lending_id}: {self.volunteer_id}"
