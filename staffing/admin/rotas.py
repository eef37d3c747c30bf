from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from communities.access import May
from communities.admin.base import Admin, ReadOnlyInline
from staffing.models import Rota, RotaDay, RotaDayOff, RotaMember, RotaSite


class SitesInline(ReadOnlyInline):
    model = RotaSite
    fields = ["site", "seats"]


@admin.register(Rota)
class RotaAdmin(Admin):
    """Begun, peopled and published at the desk or over the API; here to be read."""

    areas = ["area"]
    sees = [May.SEE]
    shows = ["area", "call_up", "role", "changes", "pattern", "first_day", "briefing", "briefing_en", "ended_at"]
    inlines = [SitesInline]
    list_display = ["call_up", "area", "role", "pattern", "first_day", "ended_at"]
    list_select_related = ["call_up", "area", "role"]
    list_filter = [("area", AutocompleteSelectFilter)]
    search_fields = ["call_up__title"]
    ordering = ["-id"]


@admin.register(RotaSite)
class RotaSiteAdmin(Admin):
    areas = ["rota__area"]
    sees = [May.SEE]
    shows = ["rota", "site", "seats"]
    list_display = ["site", "rota", "seats"]
    list_select_related = ["site", "rota__call_up"]
    search_fields = ["site__name"]
    ordering = ["-rota_id", "id"]


@admin.register(RotaMember)
class RotaMemberAdmin(Admin):
    areas = ["rota__area"]
    sees = [May.NAMES]
    shows = ["rota", "volunteer", "phase", "site", "from_day", "until_day"]
    list_display = ["volunteer", "rota", "phase", "site", "from_day", "until_day"]
    list_select_related = ["volunteer__user", "rota__call_up", "site"]
    search_fields = ["volunteer__user__name", "volunteer__number"]
    ordering = ["-rota_id", "phase", "id"]


@admin.register(RotaDayOff)
class RotaDayOffAdmin(Admin):
    areas = ["member__rota__area"]
    sees = [May.NAMES]
    shows = ["member", "day", "instead", "given_by", "given_at"]
    list_display = ["member", "day", "instead", "given_by"]
    list_select_related = ["member__volunteer__user", "given_by"]
    search_fields = ["member__volunteer__number"]
    ordering = ["-day", "id"]


@admin.register(RotaDay)
class RotaDayAdmin(Admin):
    areas = ["rota__area"]
    sees = [May.SEE]
    shows = ["rota", "day", "seats", "placed", "gaps", "published_by", "published_at"]
    list_display = ["day", "rota", "seats", "placed", "published_at"]
    list_select_related = ["rota__call_up"]
    search_fields = ["rota__call_up__title"]
    ordering = ["-day", "id"]
