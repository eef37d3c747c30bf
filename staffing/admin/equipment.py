from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from communities.access import May
from communities.admin.base import Admin
from staffing.models import Equipment, EquipmentIssue


@admin.register(Equipment)
class EquipmentAdmin(Admin):
    """Listed, changed and counted at the desk or over the API; here to be read."""

    areas = ["area"]
    sees = [May.SEE]
    shows = [
        "area", "name", "name_en", "comes_back", "each", "everybody", "risky", "roles", "stock", "low", "counts",
        "retired_at",
    ]  # fmt: skip
    list_display = ["name", "area", "comes_back", "each", "stock", "low", "retired_at"]
    list_select_related = ["area"]
    list_filter = [("area", AutocompleteSelectFilter), "comes_back"]
    search_fields = ["name", "name_en"]
    ordering = ["area_id", "id"]


@admin.register(EquipmentIssue)
class EquipmentIssueAdmin(Admin):
    """Handed out and taken back on the board or over the API; here to be read."""

    areas = ["sign_up__shift__site__area"]
    sees = [May.NAMES]
    shows = [
        "thing", "sign_up", "number", "good", "damaged", "lost", "issued_by", "issued_at", "settled_by", "settled_at",
    ]  # fmt: skip
    list_display = ["thing", "number", "good", "damaged", "lost", "issued_at", "settled_at"]
    list_select_related = ["thing"]
    list_filter = [("thing", AutocompleteSelectFilter)]
    search_fields = ["thing__name"]
    date_hierarchy = "issued_at"
    ordering = ["-id"]
