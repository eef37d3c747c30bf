from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May
from volunteers.admin.people import Numbered
from volunteers.models import ServiceRecord


@admin.register(ServiceRecord)
class ServiceRecordAdmin(Numbered):
    """Minutes served. They come from check-in and check-out; nobody writes them by hand."""

    areas = ["community"]
    sees = [May.NAMES, May.HISTORY]
    shows = [
        "person",
        "community",
        "kind",
        "what",
        "where",
        "started_at",
        "ended_at",
        "minutes",
        "needs_confirmation",
        "confirmed_by",
        "sign_up",
    ]
    list_display = ["person", "community", "kind", "what", "where", "started_at", "minutes", "needs_confirmation"]
    list_select_related = ["community"]
    list_filter = [
        ("community", AutocompleteSelectFilter),
        ("kind", ChoicesDropdownFilter),
        "needs_confirmation",
    ]
    search_fields = ["volunteer__number"]
    date_hierarchy = "started_at"
    ordering = ["-started_at", "-id"]
