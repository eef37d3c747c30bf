from django.contrib import admin

from communities.access import May
from communities.admin.base import Admin, ReadOnlyInline
from staffing.models import Milestone, ReadinessPlan


class Milestones(ReadOnlyInline):
    model = Milestone
    fields = ["aim", "minutes", "limit", "owner", "escalate_to", "escalate_minutes"]


@admin.register(ReadinessPlan)
class ReadinessPlanAdmin(Admin):
    """Set at the desk; here to be read."""

    areas = ["call_up__community"]
    sees = [May.SEE]
    shows = ["call_up", "in_place_by"]
    list_display = ["call_up", "in_place_by"]
    list_select_related = ["call_up"]
    search_fields = ["call_up__title"]
    date_hierarchy = "in_place_by"
    ordering = ["-in_place_by"]
    inlines = [Milestones]


@admin.register(Milestone)
class MilestoneAdmin(Admin):
    """Set at the desk; here to be read."""

    areas = ["plan__call_up__community"]
    sees = [May.SEE]
    shows = ["plan", "aim", "minutes", "limit", "owner", "escalate_to", "escalate_minutes"]
    list_display = ["plan", "aim", "minutes", "limit", "owner"]
    list_select_related = ["plan__call_up", "owner"]
    search_fields = ["plan__call_up__title"]
    ordering = ["plan_id", "-minutes"]
