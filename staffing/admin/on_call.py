from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May
from communities.admin.base import Admin, ReadOnlyInline
from staffing.models import Inspection, OnCall, OutsideCrew


@admin.register(OutsideCrew)
class OutsideCrewAdmin(Admin):
    """People of a power, telecom or other company, reached over one contact."""

    areas = ["area"]
    sees = [May.PHONES]
    adds = changes = [May.RUN]
    fills = ["area", "organisation", "trade", "name", "contact", "phone", "checklist"]
    edits = ["trade", "name", "contact", "phone", "checklist"]
    shows = fills
    list_display = ["name", "trade", "organisation", "area", "contact"]
    list_select_related = ["organisation", "area"]
    list_filter = [("trade", ChoicesDropdownFilter), ("organisation", AutocompleteSelectFilter)]
    search_fields = ["name", "contact"]
    autocomplete_fields = ["area", "organisation"]
    ordering = ["area_id", "trade", "id"]


class InspectionsInline(ReadOnlyInline):
    model = Inspection
    fields = ["position", "item", "fine", "finding", "done_by", "done_at"]


@admin.register(OnCall)
class OnCallAdmin(Admin):
    """Planned at the desk or over the API; here to be read."""

    areas = ["crew__area"]
    sees = [May.SEE]
    shows = ["crew", "site", "period", "cancelled_at", "reason"]
    inlines = [InspectionsInline]
    list_display = ["crew", "site", "period", "cancelled_at"]
    list_select_related = ["crew", "site"]
    search_fields = ["crew__name", "site__name"]
    ordering = ["-id"]


@admin.register(Inspection)
class InspectionAdmin(Admin):
    areas = ["on_call__crew__area"]
    sees = [May.SEE]
    shows = ["on_call", "position", "item", "fine", "finding", "done_by", "done_at"]
    list_display = ["item", "on_call", "fine", "done_by", "done_at"]
    list_select_related = ["on_call__crew", "on_call__site", "done_by"]
    search_fields = ["item"]
    ordering = ["-on_call_id", "position"]
