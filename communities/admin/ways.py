"""What people want to hear no more of, and the browsers that show messages. Changed by the people alone."""

from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from communities.access import May
from communities.admin.base import Admin
from communities.models import Browser, OptOut


@admin.register(OptOut)
class OptOutAdmin(Admin):
    sees = [May.ADMINISTER]
    shows = ["user", "topic", "since"]
    list_display = ["user", "topic", "since"]
    list_select_related = ["user"]
    list_filter = [("topic", ChoicesDropdownFilter)]
    search_fields = ["user__name"]
    date_hierarchy = "since"
    ordering = ["-since", "-id"]


@admin.register(Browser)
class BrowserAdmin(Admin):
    sees = [May.ADMINISTER]
    deletes = [May.ADMINISTER]
    shows = ["user", "since"]
    list_display = ["user", "since"]
    list_select_related = ["user"]
    search_fields = ["user__name"]
    date_hierarchy = "since"
    ordering = ["-since", "-id"]
