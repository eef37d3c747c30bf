from django.contrib import admin
from import_export.fields import Field
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from communities.access import May
from communities.admin.base import ReadOnlyInline
from communities.admin.exchange import Among, Exchange, Sheet
from communities.models import Building, Compound, Door, Entrance

PLACES = [May.PLACES]


class BuildingSheet(Sheet):
    compound = Field("compound", "compound", Among(Compound, may=PLACES, areas=["community"]))

    class Meta(Sheet.Meta):
        model = Building
        import_id_fields = ["compound", "no"]
        fields = ["compound", "no", "storeys", "has_lift"]
        export_order = fields


class EntranceSheet(Sheet):
    compound = Field("building__compound__name", "compound", readonly=True)
    building = Field(
        "building",
        "building",
        Among(Building, "no", may=PLACES, areas=["compound__community"], also={"compound": "compound__name"}),
    )

    class Meta(Sheet.Meta):
        model = Entrance
        import_id_fields = ["building", "no"]
        fields = ["compound", "building", "no"]
        export_order = fields


class DoorSheet(Sheet):
    compound = Field("entrance__building__compound__name", "compound", readonly=True)
    building = Field("entrance__building__no", "building", readonly=True)
    entrance = Field(
        "entrance",
        "entrance",
        Among(
            Entrance,
            "no",
            may=PLACES,
            areas=["building__compound__community"],
            also={"compound": "building__compound__name", "building": "building__no"},
        ),
    )

    class Meta(Sheet.Meta):
        model = Door
        import_id_fields = ["entrance", "number"]
        fields = ["compound", "building", "entrance", "number", "floor"]
        export_order = fields


class EntranceInline(ReadOnlyInline):
    model = Entrance
    fields = ["no"]
    readonly_fields = fields


class DoorInline(ReadOnlyInline):
    model = Door
    fields = ["number", "floor"]
    readonly_fields = fields


@admin.register(Building)
class BuildingAdmin(Exchange):
    areas = ["compound__community"]
    changes = adds = deletes = PLACES
    parts = [Entrance, Door]
    fills = edits = ["compound", "no", "storeys", "has_lift", "grid"]
    list_display = ["no", "compound", "storeys", "has_lift", "grid"]
    list_select_related = ["compound", "grid"]
    list_filter = [("compound", AutocompleteSelectFilter), "has_lift"]
    search_fields = ["no", "compound__name"]
    autocomplete_fields = ["compound", "grid"]
    ordering = ["compound_id", "no"]
    inlines = [EntranceInline]
    resource_classes = [BuildingSheet]

    def called(self, row: Building) -> str:
        return f"{row.compound} {row.no}"


@admin.register(Entrance)
class EntranceAdmin(Exchange):
    areas = ["building__compound__community"]
    changes = adds = deletes = PLACES
    parts = [Door]
    fills = edits = ["building", "no"]
    list_display = ["no", "building", "compound"]
    list_select_related = ["building__compound"]
    list_filter = [("building", AutocompleteSelectFilter)]
    search_fields = ["no", "building__no", "building__compound__name"]
    autocomplete_fields = ["building"]
    ordering = ["building_id", "no"]
    inlines = [DoorInline]
    resource_classes = [EntranceSheet]

    def called(self, row: Entrance) -> str:
        return f"{row.building.compound} {row.building.no} {row.no}"

    @admin.display(description=Compound._meta.verbose_name)
    def compound(self, row: Entrance) -> str:
        return str(row.building.compound)


@admin.register(Door)
class DoorAdmin(Exchange):
    areas = ["entrance__building__compound__community"]
    changes = adds = deletes = PLACES
    fills = edits = ["entrance", "number", "floor"]
    list_display = ["number", "floor", "entrance", "building", "compound"]
    list_select_related = ["entrance__building__compound"]
    list_filter = [("entrance", AutocompleteSelectFilter)]
    search_fields = ["number", "entrance__building__no"]
    autocomplete_fields = ["entrance"]
    ordering = ["entrance_id", "number"]
    resource_classes = [DoorSheet]

    @admin.display(description=Building._meta.verbose_name)
    def building(self, row: Door) -> str:
        return str(row.entrance.building)

    @admin.display(description=Compound._meta.verbose_name)
    def compound(self, row: Door) -> str:
        return str(row.entrance.building.compound)
