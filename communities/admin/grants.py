from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May, Visitor, granted
from communities.actions import grants
from communities.admin.steps import Ask, Step, Stepping
from communities.models import Grant


def end(row: Grant, ask: Ask) -> None:
    grants.end(row.pk, by=ask.by, now=ask.now)


class InForce(admin.SimpleListFilter):
    title = _("in force")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("in force")), ("no", _("ended"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        running = Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now())
        match self.value():
            case "yes":
                return queryset.filter(running)
            case "no":
                return queryset.exclude(running)
        return queryset


@admin.register(Grant)
class GrantAdmin(Stepping):
    """Who may do what, where. A grant ends; it is not deleted. Nobody gives one to themselves."""

    areas = ["area"]
    sees = adds = [May.ADMINISTER]
    fills = ["user", "role", "area", "organisation", "ends_at"]
    shows = ["user", "role", "area", "organisation", "starts_at", "ends_at", "given_by"]
    list_display = ["user", "role", "area", "organisation", "starts_at", "ends_at", "given_by"]
    list_select_related = ["user", "area", "organisation", "given_by"]
    list_filter = [InForce, ("role", ChoicesDropdownFilter), ("area", AutocompleteSelectFilter)]
    search_fields = ["user__name", "user__email", "area__name", "organisation__name"]
    autocomplete_fields = ["user", "area", "organisation"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at", "-id"]
    steps = [
        Step(
            "end",
            _("End this role"),
            end,
            (May.ADMINISTER,),
            "key_off",
            when=lambda row: row.ends_at is None or row.ends_at > timezone.now(),
            foresee=lambda _rows: [str(_("From the next page they open, these people have these roles no more."))],
            danger=True,
        )
    ]

    def scope(self, user: Visitor, capabilities: Any) -> Q:
        """Roles on organisations, which lie in no area, are for those who administer a whole tree."""
        found = super().scope(user, capabilities)
        if any(grant.area and grant.area.parent_id is None for grant in granted(user, May.ADMINISTER)):
            found |= Q(area__isnull=True)
        return found

    def save_model(self, request: HttpRequest, obj: Grant, form: Any, change: bool) -> None:
        said = {name: getattr(obj, f"{name}_id") for name in ("user", "area", "organisation")}
        plan = grants.GrantPlan(role=obj.role, ends_at=obj.ends_at, **said)
        obj.pk = grants.give(plan, by=request.user, now=timezone.now()).pk
