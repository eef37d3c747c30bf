from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminDateWidget

from communities.access import May
from communities.admin.base import Admin, ReadOnlyInline
from communities.admin.steps import Ask, Step, Stepping
from communities.queries.customs import customs_of
from staffing.actions import rounds
from staffing.models import ComingAgain, DemandPlan, PlanOverride, PlanPlace, Round, WorkCount

PLAN = (May.PLAN,)


class DayForm(forms.Form):
    day = forms.DateField(label=_("To which day"), widget=UnfoldAdminDateWidget)


def repeat(row: Round, ask: Ask, day: object) -> None:
    zone = customs_of([row.area_id])[row.area_id].zone
    rounds.repeat(row.pk, day, zone=zone, by=ask.by, now=ask.now)  # type: ignore[arg-type]


def measure(row: Round, ask: Ask) -> None:
    rounds.measure(row.pk, by=ask.by, now=ask.now)


def adopt(row: Round, ask: Ask) -> None:
    rounds.adopt(row.pk, by=ask.by, now=ask.now)


def is_planned(row: Round) -> bool:
    return hasattr(row, "plan")


@admin.register(Round)
class RoundAdmin(Stepping):
    """Rounds. Repeating one plans the next; what was measured may go into the area's own norm."""

    areas = ["area"]
    sees = [May.SEE, May.PLAN]
    adds = changes = [May.PLAN]
    fills = ["area", "kind", "kind_en", "no", "deadline"]
    edits = ["deadline"]
    shows = [*fills, "measured_rate", "measured_seats", "measured_at", "created_by"]
    list_display = ["kind", "no", "area", "deadline", "measured_rate"]
    list_select_related = ["area"]
    list_filter = [("area", AutocompleteSelectFilter)]
    search_fields = ["kind", "kind_en", "area__name"]
    autocomplete_fields = ["area"]
    ordering = ["-id"]
    steps = [
        Step("repeat", _("Repeat"), repeat, PLAN, "replay", when=is_planned, form=DayForm, single=True),
        Step("measure", _("Measure the lanes"), measure, PLAN, "speed", when=is_planned),
        Step("adopt", _("Take the rate into the norm"), adopt, PLAN, "rule", when=lambda row: bool(row.measured_rate)),
    ]

    def save_model(self, request: HttpRequest, obj: Round, form: object, change: bool) -> None:
        if change:
            obj.save(update_fields=["deadline"])
            return
        made = rounds.begin(
            obj.area_id, obj.kind, kind_en=obj.kind_en, no=obj.no, deadline=obj.deadline, by=request.user
        )
        obj.pk = made.pk


class PlaceInline(ReadOnlyInline):
    model = PlanPlace
    fields = ["compound", "residents", "households", "entrances"]


class OverrideInline(ReadOnlyInline):
    model = PlanOverride
    fields = ["key", "value", "reason", "by", "at"]


@admin.register(DemandPlan)
class DemandPlanAdmin(Admin):
    """Plans are made and applied at the desk; here to be read, with what was put in place of a number and why."""

    areas = ["round__area"]
    sees = [May.SEE, May.PLAN]
    shows = [
        "round", "norm", "starts_at", "ends_at", "available", "crewing", "reason", "version", "call_up",
        "applied_version", "applied_at", "applied_by", "numbers",
    ]  # fmt: skip
    list_display = ["round", "norm", "starts_at", "ends_at", "crewing", "version", "applied_version"]
    list_select_related = ["round", "norm"]
    list_filter = [("round__area", AutocompleteSelectFilter), ("crewing", ChoicesDropdownFilter)]
    search_fields = ["round__kind", "round__area__name", "norm__name"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at", "-id"]
    inlines = [PlaceInline, OverrideInline]


class OfPlan(Admin):
    areas = ["plan__round__area"]
    sees = [May.SEE, May.PLAN]
    list_select_related = ["plan__round"]
    search_fields = ["plan__round__kind"]
    ordering = ["-id"]


@admin.register(PlanPlace)
class PlanPlaceAdmin(OfPlan):
    shows = ["plan", "compound", "residents", "households", "entrances"]
    list_display = shows
    list_select_related = ["plan__round", "compound"]


@admin.register(PlanOverride)
class PlanOverrideAdmin(OfPlan):
    """Every number that somebody knew better, with the reason."""

    shows = ["plan", "key", "value", "reason", "by", "at"]
    list_display = shows
    list_select_related = ["plan__round", "by"]
    search_fields = ["key", "reason", "plan__round__kind"]


class OfSeat(Admin):
    areas = ["sign_up__shift__site__area"]
    list_select_related = ["sign_up__shift__site"]
    search_fields = ["sign_up__shift__site__name"]
    ordering = ["-id"]


@admin.register(WorkCount)
class WorkCountAdmin(OfSeat):
    """How many people were served at a seat: lanes are measured by it, persons are not."""

    sees = [May.NAMES]
    adds = changes = [May.RUN]
    fills = ["sign_up", "number"]
    edits = ["number"]
    shows = ["sign_up", "number", "entered_by", "entered_at"]
    list_display = ["sign_up", "number", "entered_at"]
    autocomplete_fields = ["sign_up"]

    def save_model(self, request: HttpRequest, obj: WorkCount, form: object, change: bool) -> None:
        obj.pk = rounds.count_work(obj.sign_up_id, obj.number, by=request.user, now=timezone.now()).pk


@admin.register(ComingAgain)
class ComingAgainAdmin(OfSeat):
    sees = [May.NAMES]
    shows = ["sign_up", "said_at"]
    list_display = shows
