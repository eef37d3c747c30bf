from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May
from communities.admin.steps import Ask, Step, Stepping
from volunteers.actions import people
from volunteers.admin.people import Numbered, OfPerson
from volunteers.models import Affiliation, Enrolment


def approve(row: Enrolment, ask: Ask) -> None:
    people.approve(row.pk, by=ask.by, now=ask.now)


@admin.register(Enrolment)
class EnrolmentAdmin(Numbered, Stepping):
    areas = ["community"]
    sees = [May.NAMES, May.HISTORY]
    shows = ["person", "community", "channel", "created_at", "entered_by", "approved_at", "approved_by", "ended_at"]
    list_display = ["person", "community", "channel", "created_at", "approved_at", "ended_at"]
    list_select_related = ["community"]
    list_filter = [
        ("community", AutocompleteSelectFilter),
        ("channel", ChoicesDropdownFilter),
        ("approved_at", admin.EmptyFieldListFilter),
        ("ended_at", admin.EmptyFieldListFilter),
    ]
    search_fields = ["volunteer__number"]
    date_hierarchy = "created_at"
    ordering = ["-id"]
    steps = [
        Step(
            "approve",
            _("Let in to sealed zones"),
            approve,
            (May.RUN,),
            "verified_user",
            when=lambda row: row.approved_at is None and row.ended_at is None,
        )
    ]


@admin.register(Affiliation)
class AffiliationAdmin(OfPerson):
    shows = ["volunteer", "organisation", "external_id", "from_day", "to_day"]
    list_display = ["volunteer", "organisation", "external_id", "from_day", "to_day"]
    list_select_related = ["volunteer__user", "organisation"]
    list_filter = [("organisation", AutocompleteSelectFilter)]
