from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May
from communities.admin.base import Admin
from staffing.models import Filling, Gap, Move


@admin.register(Filling)
class FillingAdmin(Admin):
    """Worked out, changed and adopted at the desk; here to be read."""

    areas = ["area"]
    sees = [May.NAMES]
    shows = [
        "area", "call_up", "starts_at", "ends_at", "seconds", "seed", "status", "made_by", "made_at", "solved_at",
        "summary", "adopted_by", "adopted_at",
    ]  # fmt: skip
    list_display = ["id", "area", "call_up", "starts_at", "status", "made_at", "solved_at", "adopted_at"]
    list_select_related = ["area", "call_up"]
    list_filter = [("status", ChoicesDropdownFilter), ("area", AutocompleteSelectFilter)]
    search_fields = ["area__name", "call_up__title"]
    date_hierarchy = "made_at"
    ordering = ["-id"]


@admin.register(Move)
class MoveAdmin(Admin):
    areas = ["filling__area"]
    sees = [May.NAMES]
    shows = ["filling", "post", "volunteer", "asked", "reasons", "mark", "status", "code", "sign_up"]
    list_display = ["filling", "post", "volunteer", "asked", "mark", "status", "code"]
    list_select_related = ["filling__area", "post__role", "volunteer__user"]
    list_filter = [("status", ChoicesDropdownFilter), ("mark", ChoicesDropdownFilter)]
    search_fields = ["volunteer__number"]
    ordering = ["-id"]


@admin.register(Gap)
class GapAdmin(Admin):
    areas = ["filling__area"]
    sees = [May.NAMES]
    shows = ["filling", "post", "seats", "binding", "eligible", "near"]
    list_display = ["filling", "post", "seats", "binding", "eligible"]
    list_select_related = ["filling__area", "post__role"]
    search_fields = ["filling__id"]
    ordering = ["-id"]
