from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May
from communities.admin.base import Admin, ReadOnlyInline
from staffing.models import SupplyChange, SupplyRequest


class ChangesInline(ReadOnlyInline):
    model = SupplyChange
    fields = ["need", "parcels", "due_at", "at", "by"]


@admin.register(SupplyRequest)
class SupplyRequestAdmin(Admin):
    """Asked for, changed and brought at the desk, on the phone or over the API. The door is not shown here."""

    areas = ["area"]
    sees = [May.DOORS]
    shows = [
        "area", "compound", "need", "parcels", "due_at", "status", "carrier", "claims", "finished_at", "reason",
        "forgotten_at",
    ]  # fmt: skip
    inlines = [ChangesInline]
    list_display = ["due_at", "need", "parcels", "compound", "status", "carrier"]
    list_select_related = ["compound", "carrier__user"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("need", ChoicesDropdownFilter),
        ("area", AutocompleteSelectFilter),
    ]
    search_fields = ["compound__name"]
    date_hierarchy = "due_at"
    ordering = ["-due_at", "-id"]


@admin.register(SupplyChange)
class SupplyChangeAdmin(Admin):
    areas = ["request__area"]
    sees = [May.DOORS]
    shows = ["request", "need", "parcels", "due_at", "at", "by"]
    list_display = ["request", "need", "parcels", "at", "by"]
    list_select_related = ["request", "by"]
    search_fields = ["request__compound__name"]
    ordering = ["-id"]
