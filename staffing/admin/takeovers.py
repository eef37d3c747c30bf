from django.contrib import admin

from communities.access import May
from communities.admin.base import Admin
from staffing.models import Takeover


@admin.register(Takeover)
class TakeoverAdmin(Admin):
    """Who ran whose board from above, from when to when, and why."""

    areas = ["area"]
    sees = [May.SEE, May.HISTORY]
    shows = ["area", "user", "reason", "period", "returned_at", "grant"]
    list_display = ["area", "user", "period", "returned_at"]
    list_select_related = ["area", "user"]
    search_fields = ["area__name", "reason"]
    ordering = ["-id"]
