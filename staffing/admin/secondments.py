from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from communities.access import May
from communities.admin.base import Admin
from staffing.models import Secondment, StaffRequest


@admin.register(Secondment)
class SecondmentAdmin(Admin):
    """Who is lent where; every step is taken by the unit, the community or the person."""

    areas = ["area"]
    sees = [May.NAMES]
    shows = [
        "volunteer", "organisation", "area", "role", "period", "status", "on_the_spot", "confirm_by", "proposed_at",
        "approved_at", "accepted_at", "acknowledged_at", "recalled_at", "urgent", "reason", "ended_at",
    ]  # fmt: skip
    list_display = ["volunteer", "organisation", "area", "status", "period"]
    list_select_related = ["volunteer__user", "organisation", "area"]
    list_filter = [("status", ChoicesDropdownFilter)]
    search_fields = ["volunteer__user__name", "volunteer__number", "organisation__name"]
    ordering = ["-id"]


@admin.register(StaffRequest)
class StaffRequestAdmin(Admin):
    areas = ["area"]
    sees = [May.SEE]
    shows = ["area", "organisation", "role", "people", "period", "asked_by", "asked_at", "closed_at"]
    list_display = ["area", "organisation", "role", "people", "period"]
    list_select_related = ["area", "organisation", "role"]
    search_fields = ["area__name", "organisation__name"]
    ordering = ["-id"]
