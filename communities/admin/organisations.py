from django.contrib import admin
from import_export.fields import Field
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from communities.access import May
from communities.admin.exchange import Among, Exchange, Sheet
from communities.models import Organisation


class OrganisationSheet(Sheet):
    parent = Field("parent", "parent", Among(Organisation, may=[May.ADMINISTER], areas=None))

    class Meta(Sheet.Meta):
        model = Organisation
        import_id_fields = ["name"]
        fields = ["name", "name_en", "kind", "code", "parent"]
        export_order = fields


@admin.register(Organisation)
class OrganisationAdmin(Exchange):
    """Bodies are no secret: whoever works in the admin site may look them up."""

    sees = [May.SEE, May.PLEDGE, May.ADMINISTER]
    changes = adds = deletes = [May.ADMINISTER]
    fills = ["name", "name_en", "kind", "code", "parent"]
    edits = ["name", "name_en", "kind", "code"]
    list_display = ["name", "name_en", "kind", "code", "parent"]
    list_select_related = ["parent"]
    list_filter = [("kind", ChoicesDropdownFilter)]
    search_fields = ["name", "name_en", "code"]
    autocomplete_fields = ["parent"]
    ordering = ["path"]
    resource_classes = [OrganisationSheet]
