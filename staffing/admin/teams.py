from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from communities.access import May
from communities.admin.base import Admin
from communities.admin.steps import Ask, Step, Stepping
from staffing.actions import teams
from staffing.models import Team, TeamMember


def dissolve(row: Team, ask: Ask) -> None:
    teams.dissolve(row.pk, by=ask.by, now=ask.now)


@admin.register(Team)
class TeamAdmin(Stepping):
    """Teams of an area; formed and changed at the desk."""

    areas = ["area"]
    sees = [May.NAMES]
    shows = ["area", "name", "name_en", "organisation", "task_force", "formed_by", "formed_at", "dissolved_at"]
    list_display = ["name", "area", "organisation", "task_force", "formed_at", "dissolved_at"]
    list_select_related = ["area", "organisation", "task_force"]
    search_fields = ["name", "name_en", "area__name"]
    ordering = ["-id"]
    steps = [
        Step(
            "dissolve",
            _("Dissolve the team"),
            dissolve,
            (May.RUN,),
            "close",
            when=lambda row: row.dissolved_at is None,
            foresee=lambda _rows: [str(_("Its people are free for another team. Seats stay theirs."))],
            danger=True,
        )
    ]


@admin.register(TeamMember)
class TeamMemberAdmin(Admin):
    areas = ["area"]
    sees = [May.NAMES]
    shows = ["team", "volunteer", "part", "joined_at", "left_at"]
    list_display = ["volunteer", "team", "part", "joined_at", "left_at"]
    list_select_related = ["team", "volunteer__user"]
    list_filter = [("part", ChoicesDropdownFilter)]
    search_fields = ["team__name", "volunteer__number"]
    ordering = ["-id"]
