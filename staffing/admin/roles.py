from django.contrib import admin
from import_export.fields import Field
from import_export.widgets import ManyToManyWidget

from communities.access import May
from communities.admin.exchange import Exchange, Sheet
from staffing.models import Role
from volunteers.models import Qualification

COLUMNS = ["name", "name_en", "icon", "note", "note_en"]
RULES = ["requires", "prefers", "max_block_minutes", "risky", "leads", "counted"]


class RoleSheet(Sheet):
    requires = Field("requires", "requires", ManyToManyWidget(Qualification, separator="|", field="slug"))
    prefers = Field("prefers", "prefers", ManyToManyWidget(Qualification, separator="|", field="slug"))

    class Meta(Sheet.Meta):
        model = Role
        import_id_fields = ["slug"]
        fields = ["slug", *COLUMNS, *RULES]
        export_order = fields


@admin.register(Role)
class RoleAdmin(Exchange):
    sees = [May.SEE, May.ADMINISTER]
    changes = adds = deletes = [May.ADMINISTER]
    fills = ["slug", *COLUMNS, *RULES]
    edits = [*COLUMNS, *RULES]
    list_display = ["name", "name_en", "slug", "max_block_minutes", "risky", "leads", "counted"]
    list_filter = ["risky", "leads", "counted"]
    search_fields = ["name", "name_en", "slug"]
    autocomplete_fields = ["requires", "prefers"]
    ordering = ["id"]
    resource_classes = [RoleSheet]
