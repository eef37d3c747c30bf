from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from communities.access import May, Visitor
from communities.admin.base import Admin, ReadOnlyInline, counted
from communities.models import Area, Community, Compound

CUSTOMS = ["time_zone", "reminder_leads", "evening_before", "quiet_from", "quiet_to"]


class Areas(Admin):
    areas = [""]
    sees = [May.SEE, May.ADMINISTER]
    list_display = ["name", "name_en", "level", "parent", "code", "code_verified"]
    list_select_related = ["parent"]
    list_filter = [("level", ChoicesDropdownFilter), "code_verified"]
    search_fields = ["name", "name_en", "code"]
    autocomplete_fields = ["parent"]
    ordering = ["path"]


@admin.register(Area)
class AreaAdmin(Areas):
    changes = adds = deletes = [May.ADMINISTER]
    fills = ["name", "name_en", "level", "parent", "code", "code_verified", *CUSTOMS]
    edits = ["name", "name_en", "code", "code_verified", *CUSTOMS]


class CompoundInline(ReadOnlyInline):
    model = Compound
    fields = ["name", "kind", "residents", "households", "counted_at"]
    readonly_fields = fields
    verbose_name_plural = _("compounds")


@admin.register(Community)
class CommunityAdmin(Areas):
    """Communities as their leads know them: their customs are theirs to set."""

    changes = [May.RUN, May.ADMINISTER]
    list_display = ["name", "name_en", "parent", "compound_count", "quiet_from", "quiet_to"]
    list_filter = []
    shows = ["name", "name_en", "parent", "code", "code_verified", *CUSTOMS]
    edits = CUSTOMS
    inlines = [CompoundInline]

    def annotated(self, rows: QuerySet[Any], user: Visitor) -> QuerySet[Any]:
        return rows.annotate(compound_total=counted(Compound.objects.all(), "community"))

    @admin.display(description=_("compounds"), ordering="compound_total")
    def compound_count(self, row: Any) -> int:
        return int(row.compound_total)
