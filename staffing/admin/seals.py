from django.contrib import admin

from communities.access import May
from communities.admin.base import Admin
from staffing.models import Seal


@admin.register(Seal)
class SealAdmin(Admin):
    """What fixes the history; `manage.py verify_history` holds the one against the other."""

    areas = None
    sees = [May.HISTORY]
    shows = ["table", "columns", "last", "count", "previous", "digest", "at"]
    list_display = ["at", "table", "count", "last", "digest"]
    list_filter = ["table"]
    search_fields = ["digest"]
    ordering = ["-id"]
