from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May
from communities.admin.base import Admin
from staffing.models import Asking, Reply


@admin.register(Asking)
class AskingAdmin(Admin):
    """How often people were asked for a call, by whom, and how many. Rows are only ever added."""

    areas = ["call_up__community"]
    sees = [May.SEE, May.HISTORY]
    shows = ["call_up", "again", "people", "groups", "asked_by", "asked_at"]
    list_display = ["call_up", "again", "people", "groups", "asked_by", "asked_at"]
    list_select_related = ["call_up", "asked_by"]
    list_filter = [("call_up", AutocompleteSelectFilter), "again"]
    search_fields = ["call_up__title"]
    date_hierarchy = "asked_at"
    ordering = ["-asked_at", "-id"]


@admin.register(Reply)
class ReplyAdmin(Admin):
    """What people said to a call without signing up; not who, for nobody has to answer for a no."""

    areas = ["call_up__community"]
    sees = [May.RUN, May.HISTORY]
    shows = ["call_up", "said", "said_at", "told_at"]
    list_display = ["call_up", "said", "said_at", "told_at"]
    list_select_related = ["call_up"]
    list_filter = [("call_up", AutocompleteSelectFilter), ("said", ChoicesDropdownFilter)]
    search_fields = ["call_up__title"]
    date_hierarchy = "said_at"
    ordering = ["-said_at", "-id"]
