from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May
from communities.admin.base import Admin, ReadOnlyInline
from communities.admin.steps import Ask, Step, Stepping
from staffing.actions import waves
from staffing.admin.calls import is_in
from staffing.models import Shortage, Wave, WaveRun
from staffing.states import RunStatus


def stop(row: WaveRun, ask: Ask) -> None:
    waves.stop(row.call_up_id, by=ask.by, now=ask.now)


class WaveInline(ReadOnlyInline):
    model = Wave
    fields = ["number", "asked_at", "gap", "chance", "people"]
    readonly_fields = fields
    ordering = ["number"]


@admin.register(WaveRun)
class WaveRunAdmin(Stepping):
    """Calls told in waves: started at the desk or by the step of a call, stopped here too."""

    areas = ["call_up__community"]
    sees = [May.SEE, May.HISTORY]
    shows = [
        "call_up", "status", "per_seat", "wait_minutes", "channel", "until", "next_at", "started_by", "started_at",
        "stopped_by", "ended_at",
    ]  # fmt: skip
    list_display = ["call_up", "status", "started_by", "started_at", "until", "ended_at"]
    list_select_related = ["call_up", "started_by"]
    list_filter = [("call_up", AutocompleteSelectFilter), ("status", ChoicesDropdownFilter)]
    search_fields = ["call_up__title"]
    date_hierarchy = "started_at"
    ordering = ["-started_at", "-id"]
    inlines = [WaveInline]
    steps = [Step("stop", _("Stop"), stop, (May.RUN,), "stop_circle", when=is_in(RunStatus.RUNNING), danger=True)]


@admin.register(Wave)
class WaveAdmin(Admin):
    areas = ["run__call_up__community"]
    sees = [May.SEE, May.HISTORY]
    shows = ["run", "number", "asked_at", "gap", "chance", "people"]
    list_display = ["run", "number", "asked_at", "gap", "people"]
    list_select_related = ["run__call_up"]
    list_filter = [("run", AutocompleteSelectFilter)]
    search_fields = ["run__call_up__title"]
    date_hierarchy = "asked_at"
    ordering = ["-asked_at", "-id"]


@admin.register(Shortage)
class ShortageAdmin(Admin):
    """When shifts about to start were short of people. Rows are only ever added, and ended, by the watch."""

    areas = ["shift__site__area"]
    sees = [May.SEE]
    shows = ["shift", "missing", "since", "over_at"]
    list_display = ["shift", "missing", "since", "over_at"]
    list_select_related = ["shift__site"]
    list_filter = [("shift", AutocompleteSelectFilter)]
    search_fields = ["shift__site__name"]
    date_hierarchy = "since"
    ordering = ["-since", "-id"]
