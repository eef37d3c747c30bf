from django.contrib import admin

from communities.access import May
from communities.admin.base import Admin
from communities.models import PlaceAlias


@admin.register(PlaceAlias)
class PlaceAliasAdmin(Admin):
    """Learned from decisions; one that was wrong is taken away here."""

    areas = ["compound__community"]
    sees = [May.PLACES, May.SEE]
    deletes = [May.PLACES]
    shows = ["text", "compound", "learned_by", "learned_at"]
    list_display = ["text", "compound", "learned_at"]
    list_select_related = ["compound"]
    search_fields = ["text", "compound__name"]
    ordering = ["text"]
