from collections.abc import Iterable

from django.contrib import admin
from django.db.models import Q

from communities.access import May, Visitor
from volunteers.access import companionships_seen_by
from volunteers.admin.people import OfPerson
from volunteers.models import Companionship


@admin.register(Companionship)
class CompanionshipAdmin(OfPerson):
    """Who comes together. Only the two of them begin it and end it; a question nobody has agreed to is theirs alone."""

    shows = ["asker", "asked", "asked_at", "confirmed_at"]
    list_display = ["asker", "asked", "confirmed_at"]
    list_select_related = ["asker__user", "asked__user"]
    search_fields = ["asker__user__name", "asker__number", "asked__user__name", "asked__number"]
    autocomplete_fields = []
    date_hierarchy = "confirmed_at"

    def scope(self, user: Visitor, capabilities: Iterable[May]) -> Q:
        return Q(pk__in=companionships_seen_by(user).values("pk"))
