"""Everything that changed, of one kind at a time: for those who audit a whole tree. Values are not shown here."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from pghistory.models import Events

from communities.access import May, Visitor, granted
from communities.admin.base import Admin

OWN = ("communities", "volunteers", "staffing")
FIRST = "communities.GrantEvent"


def kinds() -> list[tuple[str, str]]:
    """Event models of the three packages, called by what they follow."""
    found = [
        model for app in OWN for model in apps.get_app_config(app).get_models() if hasattr(model, "pgh_tracked_model")
    ]
    return [(model._meta.label, str(model.pgh_tracked_model._meta.verbose_name_plural)) for model in found]


class Kind(admin.SimpleListFilter):
    title = _("of what")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return kinds()

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """One kind always: over all of them at once the list would read the whole history."""
        return queryset.across(self.value() if self.value() in dict(kinds()) else FIRST)


class How(admin.SimpleListFilter):
    title = _("what happened")
    parameter_name = "how"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(LABELS.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(pgh_label=self.value()) if self.value() in LABELS else queryset


LABELS = {"insert": _("created"), "update": _("changed"), "delete": _("deleted")}


# The package that keeps the events speaks English only.
Events._meta.verbose_name, Events._meta.verbose_name_plural = _("change"), _("changes")
apps.get_app_config("pghistory").verbose_name = _("History")


@admin.register(Events)
class EventsAdmin(Admin):
    sees = [May.HISTORY]
    list_display = ["at", "who", "thing", "how", "changed", "where"]
    list_display_links = None
    list_filter = [Kind, How]
    list_filter_submit = False
    ordering = ["-pgh_created_at"]
    shows = ["pgh_created_at", "pgh_label"]

    def scope(self, user: Visitor, capabilities: Any) -> Q:
        roots = [grant for grant in granted(user, May.HISTORY) if grant.area and grant.area.parent_id is None]
        return Q() if roots else Q(pk__in=[])

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return any(grant.area and grant.area.parent_id is None for grant in granted(request.user, May.HISTORY))

    def get_queryset(self, request: HttpRequest) -> Any:
        return Events.objects.all() if self.has_view_permission(request) else Events.no_objects.all()

    @admin.display(description=_("when"), ordering="pgh_created_at")
    def at(self, row: Events) -> Any:
        return row.pgh_created_at

    @admin.display(description=_("who"))
    def who(self, row: Events) -> str:
        user = (row.pgh_context or {}).get("user")
        return f"#{user}" if user else str(_("the system"))

    @admin.display(description=_("of what"))
    def thing(self, row: Events) -> str:
        return f"{apps.get_model(row.pgh_obj_model)._meta.verbose_name} #{row.pgh_obj_id}"

    @admin.display(description=_("what happened"))
    def how(self, row: Events) -> str:
        return str(LABELS.get(row.pgh_label, row.pgh_label))

    @admin.display(description=_("fields"))
    def changed(self, row: Events) -> str:
        tracked = apps.get_model(row.pgh_obj_model)
        return ", ".join(str(tracked._meta.get_field(name).verbose_name) for name in row.pgh_diff or {})

    @admin.display(description=_("from where"))
    def where(self, row: Events) -> str:
        told = row.pgh_context or {}
        return " ".join(
            filter(None, [told.get("method"), told.get("route") or told.get("task"), told.get("origin", "")[:8]])
        )
