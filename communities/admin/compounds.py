from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May, Visitor
from communities.admin.base import ReadOnlyInline, counted
from communities.admin.exchange import Among, Exchange, Sheet
from communities.models import Building, Community, Compound, Site, ZoneStatus


class CompoundSheet(Sheet):
    community = Field("community", "community", Among(Community, may=[May.PLACES], areas=[""]))

    class Meta(Sheet.Meta):
        model = Compound
        import_id_fields = ["community", "name"]
        fields = ["community", "name", "name_en", "kind", "residents", "households", "counted_at"]
        export_order = fields


class BuildingInline(ReadOnlyInline):
    model = Building
    fields = ["no", "storeys", "has_lift"]
    readonly_fields = fields


class SiteInline(ReadOnlyInline):
    model = Site
    fields = ["name", "kind", "no", "gate", "lanes"]
    readonly_fields = fields


class ZoneInline(ReadOnlyInline):
    model = ZoneStatus
    fields = ["level", "group", "valid", "notice_no", "issuer"]
    readonly_fields = fields
    ordering = ["-valid"]
    verbose_name_plural = _("zone statuses")


@admin.register(Compound)
class CompoundAdmin(Exchange):
    areas = ["community"]
    changes = adds = deletes = [May.PLACES]
    fills = edits = ["name", "name_en", "community", "kind", "residents", "households", "counted_at"]
    list_display = ["name", "name_en", "community", "kind", "residents", "households", "counted_at", "site_count"]
    list_select_related = ["community"]
    list_filter = [("community", AutocompleteSelectFilter), ("kind", ChoicesDropdownFilter)]
    search_fields = ["name", "name_en"]
    autocomplete_fields = ["community"]
    ordering = ["community_id", "name"]
    inlines = [BuildingInline, SiteInline, ZoneInline]
    resource_classes = [CompoundSheet]

    def annotated(self, rows: QuerySet[Any], user: Visitor) -> QuerySet[Any]:
        return rows.annotate(site_total=counted(Site.objects.all(), "compound"))

    @admin.display(description=_("sites"), ordering="site_total")
    def site_count(self, row: Any) -> int:
        return int(row.site_total)
