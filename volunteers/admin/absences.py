from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from volunteers.admin.people import OfPerson
from volunteers.models import Absence, Availability


@admin.register(Absence)
class AbsenceAdmin(OfPerson):
    """When people cannot come. They say so themselves, and are never asked why."""

    shows = ["volunteer", "period"]
    list_display = ["volunteer", "period"]


@admin.register(Availability)
class AvailabilityAdmin(OfPerson):
    shows = ["volunteer", "weekday", "from_time", "to_time"]
    list_display = ["volunteer", "weekday", "from_time", "to_time"]
    list_filter = [("weekday", ChoicesDropdownFilter)]
