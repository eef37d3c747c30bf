from django.contrib import admin
from django.db.models import Q
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from communities.access import May, Visitor
from communities.admin.base import Admin
from staffing.models import RecheckedSeat, ZoneRecheck
from staffing.queries.rechecks import visible_to


@admin.register(ZoneRecheck)
class ZoneRecheckAdmin(Admin):
    """How far the seats in reach of a change have been looked at. The repair list is on the desk."""

    areas = ["area"]
    shows = [
        "zone_status",
        "policy",
        "policy_version",
        "access_pass",
        "mover",
        "area",
        "opened_by",
        "opened_at",
        "seats",
        "checked",
        "finished_at",
    ]
    list_display = ["id", "zone_status", "policy", "area", "opened_at", "seats", "checked", "finished_at"]
    list_select_related = ["zone_status", "policy", "area"]
    date_hierarchy = "opened_at"
    ordering = ["-id"]

    def scope(self, user: Visitor, capabilities: object) -> Q:
        return Q(pk__in=visible_to(user).values("pk"))


@admin.register(RecheckedSeat)
class RecheckedSeatAdmin(Admin):
    """What a re-check found about each sign-up."""

    areas = ["sign_up__shift__site__area"]
    sees = [May.NAMES]
    shows = ["recheck", "sign_up", "verdict", "code", "held_seat"]
    list_display = ["recheck", "sign_up", "verdict", "code"]
    list_select_related = ["recheck", "sign_up"]
    list_filter = [("verdict", ChoicesDropdownFilter)]
    search_fields = ["sign_up__id"]
    ordering = ["-id"]
