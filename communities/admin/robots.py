from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminPasswordWidget

from communities.access import May
from communities.admin.base import Admin, DomainForm
from communities.channels.robot import allowed
from communities.channels.robot.shapes import SHAPES
from communities.models import GroupRobot

SECRETS = ("url", "secret")


class RobotForm(DomainForm):
    """Address and secret can be written but not read: left empty they stay as they are."""

    url = forms.CharField(label=gettext_lazy("webhook"), required=False, widget=UnfoldAdminPasswordWidget)
    secret = forms.CharField(label=gettext_lazy("secret"), required=False, widget=UnfoldAdminPasswordWidget)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in SECRETS:
            cleaned[name] = cleaned.get(name) or getattr(self.instance, name)
        shape = SHAPES.get(cleaned.get("kind", ""))
        if not cleaned["url"]:
            self.add_error("url", ValidationError(_("This is missing.")))
        elif shape and not allowed(cleaned["url"], shape.hosts):
            self.add_error("url", ValidationError(_("Not an address of this product.")))
        return cleaned


@admin.register(GroupRobot)
class GroupRobotAdmin(Admin):
    areas = ["area"]
    sees = [May.ADMINISTER, May.RUN]
    changes = adds = deletes = [May.ADMINISTER]
    form = RobotForm
    fills = edits = ["area", "name", "kind", *SECRETS, "active"]
    list_display = ["name", "area", "kind", "active"]
    list_select_related = ["area"]
    list_filter = [("area", AutocompleteSelectFilter), ("kind", ChoicesDropdownFilter), "active"]
    search_fields = ["name", "area__name"]
    autocomplete_fields = ["area"]
    ordering = ["area_id", "name"]

    def get_fields(self, request, obj=None):  # type: ignore[no-untyped-def]
        """Who may only look sees that there is an address, not which."""
        fields = super().get_fields(request, obj)
        return fields if self.has_change_permission(request, obj) else [name for name in fields if name not in SECRETS]
