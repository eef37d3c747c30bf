from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May
from communities.admin.base import Admin
from communities.admin.steps import Ask, Step, Stepping
from staffing.actions import rides
from staffing.admin.calls import ReasonForm, is_in
from staffing.models import Driver, Ride
from staffing.states import RideStatus


def cancel(row: Ride, ask: Ask, reason: str) -> None:
    rides.cancel(row.pk, by=ask.by, now=ask.now, reason=reason)


@admin.register(Ride)
class RideAdmin(Stepping):
    """Offered at the desk; here to be read and called off."""

    areas = ["area"]
    sees = [May.SEE]
    shows = [
        "area", "shift", "origin", "origin_en", "origin_note", "destination", "pick_up_at", "arrive_by", "passengers",
        "vehicle_class", "status", "driver", "dispatches", "finished_at", "reason",
    ]  # fmt: skip
    list_display = ["pick_up_at", "origin", "destination", "passengers", "status", "dispatches"]
    list_select_related = ["destination"]
    list_filter = [("status", ChoicesDropdownFilter), ("area", AutocompleteSelectFilter)]
    search_fields = ["origin", "origin_en", "destination__name"]
    date_hierarchy = "pick_up_at"
    ordering = ["-pick_up_at", "-id"]
    steps = [
        Step(
            "cancel",
            _("Cancel the ride"),
            cancel,
            (May.RUN,),
            "cancel",
            form=ReasonForm,
            when=is_in(RideStatus.POSTED, RideStatus.GRABBED, RideStatus.EN_ROUTE, RideStatus.EXPIRED),
            danger=True,
        )
    ]


@admin.register(Driver)
class DriverAdmin(Admin):
    areas = ["area"]
    sees = [May.NAMES]
    adds = changes = [May.RUN]
    fills = ["volunteer", "area", "fleet", "vehicle_class", "seats"]
    edits = ["fleet", "vehicle_class", "seats"]
    shows = [*fills, "verified_at", "verified_by", "on_duty_until"]
    list_display = ["volunteer", "area", "fleet", "vehicle_class", "seats", "verified_at", "on_duty_until"]
    list_select_related = ["volunteer__user", "area", "fleet"]
    list_filter = [("vehicle_class", ChoicesDropdownFilter), ("fleet", AutocompleteSelectFilter)]
    search_fields = ["volunteer__user__name", "volunteer__number"]
    autocomplete_fields = ["volunteer", "area", "fleet"]
    ordering = ["area_id", "id"]
