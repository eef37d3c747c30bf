from django.contrib import admin
from import_export.fields import Field
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May
from communities.admin.exchange import Among, Exchange, Sheet
from communities.models import Area, Compound, SamplingPoint, Site

COLUMNS = ["name", "name_en", "kind", "no", "gate", "gate_en", "lanes", "priority_lane"]


class SiteSheet(Sheet):
    area = Field("area", "area", Among(Area, may=[May.PLACES], areas=[""]))
    compound = Field("compound", "compound", Among(Compound, may=[May.PLACES], areas=["community"]))

    class Meta(Sheet.Meta):
        model = Site
        import_id_fields = ["area", "kind", "name"]
        fields = ["area", "compound", *COLUMNS]
        export_order = fields


class PointSheet(SiteSheet):
    class Meta(SiteSheet.Meta):
        model = SamplingPoint


class Sites(Exchange):
    areas = ["area"]
    changes = adds = deletes = [May.PLACES]
    list_select_related = ["area", "compound"]
    search_fields = ["name", "name_en", "gate"]
    autocomplete_fields = ["area", "compound"]
    ordering = ["area_id", "no", "id"]


@admin.register(Site)
class SiteAdmin(Sites):
    fills = edits = ["area", "compound", *COLUMNS]
    list_display = ["name", "kind", "no", "area", "compound", "gate"]
    list_filter = [("area", AutocompleteSelectFilter), ("kind", ChoicesDropdownFilter)]
    resource_classes = [SiteSheet]


@admin.register(SamplingPoint)
class SamplingPointAdmin(Sites):
    """The sampling points alone, with their lanes."""

    fills = edits = [name for name in ["area", "compound", *COLUMNS] if name != "kind"]
    list_display = ["name", "no", "area", "compound", "lanes", "priority_lane", "gate"]
    list_filter = [("area", AutocompleteSelectFilter), ("compound", AutocompleteSelectFilter), "priority_lane"]
    resource_classes = [PointSheet]

    def save_model(self, request, obj, form, change):  # type: ignore[no-untyped-def]
        obj.kind = "sampling_point"
        super().save_model(request, obj, form, change)
