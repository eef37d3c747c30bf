from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from communities.access import May
from communities.admin.base import Admin, ReadOnlyInline
from staffing.models import Lending, LentPerson


class PeopleInline(ReadOnlyInline):
    model = LentPerson
    fields = ["volunteer", "binds", "dropped"]


@admin.register(Lending)
class LendingAdmin(Admin):
    """Who lends whom to whom; proposed above both communities, agreed at both ends, at the desk or over the API."""

    areas = ["giver", "taker"]
    sees = [May.NAMES]
    shows = [
        "giver", "taker", "period", "reason", "status", "proposed_by", "proposed_at", "given_by", "given_at", "taken_by",
        "taken_at", "closed_by", "closed_at", "answer",
    ]  # fmt: skip
    inlines = [PeopleInline]
    list_display = ["giver", "taker", "status", "period"]
    list_select_related = ["giver", "taker"]
    list_filter = [("status", ChoicesDropdownFilter)]
    search_fields = ["giver__name", "taker__name"]
    ordering = ["-id"]


@admin.register(LentPerson)
class LentPersonAdmin(Admin):
    areas = ["lending__giver", "lending__taker"]
    sees = [May.NAMES]
    shows = ["lending", "volunteer", "period", "binds", "enrolment", "dropped"]
    list_display = ["volunteer", "lending", "period", "binds"]
    list_select_related = ["volunteer__user", "lending__giver", "lending__taker"]
    search_fields = ["volunteer__number"]
    ordering = ["-id"]
