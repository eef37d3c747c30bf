from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May
from communities.admin.exchange import Exchange, Sheet
from communities.admin.steps import Ask, Step, Stepping
from volunteers.actions import people
from volunteers.admin.people import OfPerson
from volunteers.models import HeldQualification, Qualification


class QualificationSheet(Sheet):
    class Meta(Sheet.Meta):
        model = Qualification
        import_id_fields = ["slug"]
        fields = ["slug", "name", "name_en", "kind", "self_declared"]
        export_order = fields


@admin.register(Qualification)
class QualificationAdmin(Exchange):
    sees = [May.SEE, May.ADMINISTER]
    changes = adds = deletes = [May.ADMINISTER]
    fills = ["slug", "name", "name_en", "kind", "self_declared"]
    edits = ["name", "name_en", "kind", "self_declared"]
    list_display = ["name", "name_en", "slug", "kind", "self_declared"]
    list_filter = [("kind", ChoicesDropdownFilter), "self_declared"]
    search_fields = ["name", "name_en", "slug"]
    ordering = ["kind", "name"]
    resource_classes = [QualificationSheet]


def verify(row: HeldQualification, ask: Ask) -> None:
    people.verify(row.pk, by=ask.by, now=ask.now)


@admin.register(HeldQualification)
class HeldQualificationAdmin(OfPerson, Stepping):
    """Papers. Whoever runs the community enters them and says so once they have seen them."""

    changes = adds = [May.RUN]
    fills = ["volunteer", "qualification", "from_day", "expires_on", "reference"]
    edits = ["from_day", "expires_on", "reference"]
    shows = [*fills, "verified_at", "verified_by"]
    list_display = ["volunteer", "qualification", "from_day", "expires_on", "verified_at"]
    list_select_related = ["volunteer__user", "qualification"]
    list_filter = [("qualification", AutocompleteSelectFilter), ("verified_at", admin.EmptyFieldListFilter)]
    autocomplete_fields = ["volunteer", "qualification"]
    date_hierarchy = "expires_on"
    steps = [
        Step(
            "verify",
            _("I have seen the paper"),
            verify,
            (May.RUN,),
            "verified",
            when=lambda row: row.verified_at is None,
        )
    ]

    def save_model(self, request: HttpRequest, obj: HeldQualification, form: Any, change: bool) -> None:
        """Other dates are another paper: it has to be seen again."""
        if change and form.has_changed():
            obj.verified_at = obj.verified_by = None
        super().save_model(request, obj, form, change)
