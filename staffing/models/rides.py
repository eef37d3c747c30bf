from datetime import datetime
from typing import Self

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.fields import EncryptedText
from communities.models import Area, Organisation, Site, User
from staffing.models.shifts import Shift
from staffing.models.signups import SignUp
from staffing.states import RIDE_HELD, RIDE_MOVING, RideStatus, VehicleClass
from volunteers.models import Volunteer

RIDE_STATUSES = {
    RideStatus.POSTED: _("posted"),
    RideStatus.GRABBED: _("claimed"),
    RideStatus.EN_ROUTE: _("on the way to the pick-up"),
    RideStatus.PICKED_UP: _("passengers on board"),
    RideStatus.DONE: _("done"),
    RideStatus.CANCELLED: _("cancelled"),
    RideStatus.EXPIRED: _("nobody came"),
}
VEHICLE_CLASSES = {
    VehicleClass.CLEAN: _("clean"),
    VehicleClass.PROTECTED: _("to be disinfected afterwards"),
}


@pghistory.track(exclude=["plate"])
class Driver(models.Model):
    """Somebody who drives for an area, with a vehicle. Claims rides once verified, while on duty."""

    volunteer = models.OneToOneField(Volunteer, models.CASCADE, related_name="driver", verbose_name=_("volunteer"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="drivers", verbose_name=_("area"))
    fleet = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="drivers", verbose_name=_("fleet")
    )
    vehicle_class = models.CharField(_("vehicle"), max_length=10, choices=VEHICLE_CLASSES, default=VehicleClass.CLEAN)
    seats = models.PositiveSmallIntegerField(_("seats for passengers"), default=4)
    plate = EncryptedText(_("number plate"), blank=True, default="")
    verified_at = models.DateTimeField(_("licence and vehicle checked"), null=True, blank=True)
    verified_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("checked by")
    )
    on_duty_until = models.DateTimeField(_("on duty until"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("driver")
        verbose_name_plural = _("drivers")
        constraints = [models.CheckConstraint(name="driver_seats_in_range", condition=Q(seats__gte=1, seats__lte=60))]

    def __str__(self) -> str:
        return str(self.volunteer)


class Rides(models.QuerySet["Ride"]):
    def posted(self, now: datetime) -> Self:
        return self.filter(status=RideStatus.POSTED, pick_up_at__gt=now)

    def held(self) -> Self:
        return self.filter(status__in=RIDE_HELD)


@pghistory.track(exclude=["period"])
class Ride(models.Model):
    """Passengers of a shift taken from one place to another; claimed by one driver.

    `period` is the time it takes the driver, so that the database keeps a driver from two rides at once.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="rides", verbose_name=_("area"))
    shift = models.ForeignKey(
        Shift, models.SET_NULL, null=True, blank=True, related_name="rides", verbose_name=_("shift")
    )
    origin = models.CharField(_("from"), max_length=120)
    origin_en = models.CharField(_("from (English)"), max_length=120, blank=True)
    origin_note = models.CharField(_("where exactly"), max_length=120, blank=True)
    destination = models.ForeignKey(Site, models.PROTECT, related_name="rides", verbose_name=_("to"))
    pick_up_at = models.DateTimeField(_("pick up before"))
    arrive_by = models.DateTimeField(_("arrive by"))
    period = DateTimeRangeField(_("period"), editable=False)
    passengers = models.PositiveSmallIntegerField(_("passengers"))
    vehicle_class = models.CharField(_("vehicle"), max_length=10, choices=VEHICLE_CLASSES, default=VehicleClass.CLEAN)
    status = models.CharField(_("status"), max_length=10, choices=RIDE_STATUSES, default=RideStatus.POSTED)
    driver = models.ForeignKey(
        Driver, models.PROTECT, null=True, blank=True, related_name="rides", verbose_name=_("driver")
    )
    dispatches = models.PositiveSmallIntegerField(_("times claimed"), default=0, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = Rides.as_manager()

    class Meta:
        verbose_name = _("ride")
        verbose_name_plural = _("rides")
        ordering = ["pick_up_at", "pk"]
        indexes = [
            models.Index(fields=["area", "pick_up_at"], name="rides_posted", condition=Q(status="posted")),
            models.Index(fields=["shift"], name="rides_of_shift"),
        ]
        constraints = [
            models.CheckConstraint(name="ride_arrives_later", condition=Q(arrive_by__gt=models.F("pick_up_at"))),
            models.CheckConstraint(
                name="ride_held_by_driver", condition=~Q(status__in=sorted(RIDE_HELD)) | Q(driver__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["driver", "vehicle_class"],
                condition=Q(status__in=sorted(RIDE_MOVING)),
                name="driver_moves_once",
            ),
            ExclusionConstraint(
                name="driver_in_one_car",
                expressions=[("driver", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(status__in=sorted(RIDE_HELD)),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.origin}"


class Passenger(models.Model):
    """Who rides; gone when the ride is over."""

    ride = models.ForeignKey(Ride, models.CASCADE, related_name="riders", verbose_name=_("ride"))
    sign_up = models.ForeignKey(SignUp, models.CASCADE, related_name="rides", verbose_name=_("sign-up"))

    class Meta:
        verbose_name = _("passenger")
        verbose_name_plural = _("passengers")
        constraints = [models.UniqueConstraint(fields=["sign_up"], name="rides_once")]

    def __str__(self) -> str:
        return f"{self.ride_id}/{self.sign_up_id}"
