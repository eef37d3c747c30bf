import secrets
from datetime import datetime
from typing import Any, Self

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Area, Compound, Organisation, User
from volunteers.states import Channel, PersonKind, Purpose

PERSON_KINDS = {
    PersonKind.VOLUNTEER: _("volunteer"),
    PersonKind.COMMUNITY_STAFF: _("community staff"),
    PersonKind.GRID_MEMBER: _("grid member"),
    PersonKind.SOCIAL_WORKER: _("social worker"),
    PersonKind.SECONDED: _("seconded employee"),
    PersonKind.MEDICAL: _("medical staff"),
    PersonKind.AGENCY: _("agency staff"),
    PersonKind.DRIVER: _("driver"),
}
CHANNELS = {
    Channel.WEB: _("web page"),
    Channel.API: _("API"),
    Channel.DESK: _("desk"),
    Channel.WALK_IN: _("walk-in"),
    Channel.CHAIN: _("chain list"),
    Channel.PLEDGE: _("pledge"),
}
PURPOSES = {
    Purpose.SERVICE: _("being scheduled for service"),
    Purpose.SKILLS: _("keeping skills"),
    Purpose.URGENT_CALLS: _("urgent calls at night"),
    Purpose.PUBLICITY: _("photos and publicity"),
    Purpose.EMERGENCY_CONTACT: _("emergency contact"),
    Purpose.STAYING: _("staying on the list afterwards"),
}


def random_number() -> str:
    """Ten digits that say nothing about the person."""
    return str(secrets.randbelow(9 * 10**9) + 10**9)


@pghistory.track()
class Volunteer(models.Model):
    """Somebody who serves. The account holds name, phone and language; here is what matters for placing."""

    user = models.OneToOneField(User, models.CASCADE, related_name="volunteer", verbose_name=_("account"))
    number = models.CharField(_("volunteer number"), max_length=10, unique=True, default=random_number, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=PERSON_KINDS, default=PersonKind.VOLUNTEER)
    residence = models.ForeignKey(
        Compound,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="residents_serving",
        verbose_name=_("home compound"),
    )
    is_adult = models.BooleanField(_("18 or over"), default=False)
    identity_document = models.CharField(_("document type"), max_length=20, blank=True)
    identity_verified_at = models.DateTimeField(_("identity verified"), null=True, blank=True)
    identity_verified_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")

    def __str__(self) -> str:
        return self.user.name

    @property
    def name(self) -> str:
        return self.user.name


@pghistory.track()
class Affiliation(models.Model):
    """Belongs to an organisation, from a day to a day. What the organisation calls the person is all it sees of a name."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="affiliations", verbose_name=_("volunteer"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="affiliations", verbose_name=_("organisation")
    )
    external_id = models.CharField(_("staff number"), max_length=40, blank=True)
    known_as = models.CharField(_("name in the organisation"), max_length=120, blank=True)
    from_day = models.DateField(_("from"), default=timezone.localdate)
    to_day = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "organisation"], condition=models.Q(to_day=None), name="affiliation_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "external_id"],
                condition=models.Q(to_day=None) & ~models.Q(external_id=""),
                name="staff_number_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id} @ {self.organisation_id}"


@pghistory.track()
class Consent(models.Model):
    """Said yes to one purpose, in a version of the text; withdrawn at any time."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="consents", verbose_name=_("volunteer"))
    purpose = models.CharField(_("purpose"), max_length=20, choices=PURPOSES)
    text_version = models.CharField(_("text version"), max_length=20)
    channel = models.CharField(_("channel"), max_length=10, choices=CHANNELS)
    recorded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )
    given_at = models.DateTimeField(_("given"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "purpose", "text_version"],
                condition=models.Q(withdrawn_at=None),
                name="consent_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.text_version}"


@pghistory.track()
class Enrolment(models.Model):
    """Checked in with a community (报到): by oneself, or by staff on one's behalf with recorded consent."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="enrolments", verbose_name=_("volunteer"))
    community = models.ForeignKey(Area, models.PROTECT, related_name="enrolments", verbose_name=_("community"))
    channel = models.CharField(_("channel"), max_length=10, choices=CHANNELS)
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved for sealed zones"), null=True, blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "community"], condition=models.Q(ended_at=None), name="enrolment_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id} @ {self.community_id}"


class Absences(models.QuerySet["Absence"]):
    def touching(self, start: datetime, end: datetime) -> Self:
        return self.filter(period__overlap=(start, end))


@pghistory.track()
class Absence(models.Model):
    """Not available over [from, to). There is no reason, and none is asked."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="absences", verbose_name=_("volunteer"))
    period = DateTimeRangeField(_("period"))

    objects = Absences.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            ExclusionConstraint(
                name="absence_once",
                expressions=[("volunteer", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id} {self.period}"


WEEKDAYS = [
    (day, name)
    for day, name in enumerate(
        [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
    )
]


@pghistory.track()
class Availability(models.Model):
    """Usually free on this weekday between two clock times of the area; asked for when people are called."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="availabilities", verbose_name=_("volunteer"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    from_time = models.TimeField(_("from"))
    to_time = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availabilities")
        constraints = [models.UniqueConstraint(fields=["volunteer", "weekday", "from_time"], name="availability_once")]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.from_time}"


def new_feed_key() -> str:
    return secrets.token_urlsafe(24)


class CalendarFeed(models.Model):
    """The private address of a volunteer's calendar; a new key ends the old address."""

    volunteer: Any = models.OneToOneField(Volunteer, models.CASCADE, related_name="feed")
    key = models.CharField(max_length=40, unique=True, default=new_feed_key)

    def __str__(self) -> str:
        return str(self.volunteer_id)
