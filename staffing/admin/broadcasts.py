"""Notices to many and the texts for them: written, tried and sent at the desk or over the API; stopped here too."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May
from communities.admin.base import Admin
from communities.admin.steps import Ask, Step, Stepping
from staffing.actions import broadcasts
from staffing.models import Broadcast, NoticeTemplate
from staffing.states import BroadcastStatus


def stop(row: Broadcast, ask: Ask) -> None:
    broadcasts.stop(row.pk, by=ask.by, now=ask.now)


def sent(row: Broadcast) -> bool:
    return row.status == BroadcastStatus.SENT


@admin.register(Broadcast)
class BroadcastAdmin(Stepping):
    areas = ["area"]
    sees = [May.SEE, May.HISTORY]
    shows = [
        "area", "subject", "subject_en", "text", "text_en", "call_up", "qualification", "compound", "groups", "urgency",
        "reason", "contact", "status", "people", "created_by", "created_at", "sent_by", "sent_at", "leaves_at",
        "stopped_by", "stopped_at",
    ]  # fmt: skip
    list_display = ["subject", "area", "urgency", "status", "people", "sent_by", "sent_at"]
    list_select_related = ["area", "sent_by"]
    list_filter = [
        ("area", AutocompleteSelectFilter),
        ("urgency", ChoicesDropdownFilter),
        ("status", ChoicesDropdownFilter),
    ]
    search_fields = ["subject", "subject_en"]
    date_hierarchy = "created_at"
    ordering = ["-id"]
    steps = [Step("stop", _("Stop"), stop, (May.RUN,), "stop_circle", when=sent, danger=True)]


@admin.register(NoticeTemplate)
class NoticeTemplateAdmin(Admin):
    areas = ["area"]
    sees = [May.SEE, May.HISTORY]
    shows = ["area", "name", "subject", "subject_en", "text", "text_en", "active", "changed_by", "changed_at"]
    list_display = ["name", "area", "subject", "active", "changed_by", "changed_at"]
    list_select_related = ["area", "changed_by"]
    list_filter = [("area", AutocompleteSelectFilter), "active"]
    search_fields = ["name", "subject"]
    ordering = ["area__path", "name"]
