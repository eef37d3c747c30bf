from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminSplitDateTimeWidget

from communities.access import May
from communities.actions import zones
from communities.admin.base import Admin, DomainForm
from communities.models import ZonePolicy, ZoneStatus


class ZoneForm(DomainForm):
    since = forms.SplitDateTimeField(label=_("valid from"), widget=UnfoldAdminSplitDateTimeWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "compound" in self.fields:
            self.fields["compound"].required = True


@admin.register(ZoneStatus)
class ZoneStatusAdmin(Admin):
    """A notice makes a new row, which ends the one before. Rows are never changed or deleted: they are the history."""

    areas = ["compound__community", "area"]
    sees = [May.SEE, May.ZONES]
    adds = [May.ZONES]
    form = ZoneForm
    fills = ["compound", "level", "group", "since", "issuer", "notice_no", "earliest_release_at"]
    shows = ["compound", "area", "level", "group", "valid", "issuer", "notice_no", "earliest_release_at", "set_by"]
    list_display = ["level", "compound", "area", "group", "valid", "notice_no", "issuer"]
    list_select_related = ["compound", "area"]
    list_filter = [("level", ChoicesDropdownFilter), ("compound", AutocompleteSelectFilter)]
    search_fields = ["notice_no", "issuer", "compound__name", "group"]
    autocomplete_fields = ["compound"]
    ordering = ["-valid", "-id"]

    def save_model(self, request: HttpRequest, obj: ZoneStatus, form: Any, change: bool) -> None:
        decree = zones.Decree(
            level=obj.level,
            since=form.cleaned_data["since"],
            issuer=obj.issuer,
            notice_no=obj.notice_no,
            group=obj.group,
            earliest_release_at=obj.earliest_release_at,
        )
        obj.pk = zones.set_level(obj.compound_id, decree, by=request.user, now=timezone.now()).pk


@admin.register(ZonePolicy)
class ZonePolicyAdmin(Admin):
    """What the levels mean. A sign-up in flight asks again, so a change counts at once."""

    sees = [May.SEE, May.ZONES, May.ADMINISTER]
    changes = adds = [May.ADMINISTER]
    fills = ["level", "name", "name_en", "entry", "residents_may_leave", "needs_approval", "strictness"]
    edits = ["name", "name_en", "entry", "residents_may_leave", "needs_approval", "strictness"]
    list_display = ["level", "name", "name_en", "entry", "residents_may_leave", "needs_approval", "strictness"]
    search_fields = ["name", "name_en"]
    ordering = ["strictness"]
