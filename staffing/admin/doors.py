"""Rounds of doors and what belongs to them: begun and dealt at the desk; here to be read, closed and finished."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May
from communities.admin.base import Admin, ReadOnlyInline
from communities.admin.steps import Ask, Step, Stepping, TextInput
from staffing.actions import door_rounds, homes
from staffing.admin.calls import ReasonForm, is_in
from staffing.models import Beat, BeatHolding, DoorRound, DoorVisit, HomeService, RoundDoor, RoundEntrance
from staffing.models.door_rounds import COUNTED
from staffing.states import HomeStatus

COUNTS = ["doors_count", *COUNTED, "again", "disputed"]


class WaiverForm(forms.Form):
    waiver = TextInput(label=_("closed with open doors because"), max_length=200, required=False)


def close(row: DoorRound, ask: Ask, waiver: str) -> None:
    door_rounds.close(row.pk, by=ask.by, now=ask.now, waiver=waiver)


class EntranceInline(ReadOnlyInline):
    model = RoundEntrance
    fields = ["entrance", "beat", *COUNTS]
    readonly_fields = fields


@admin.register(DoorRound)
class DoorRoundAdmin(Stepping):
    areas = ["area"]
    sees = [May.SEE]
    shows = [
        "area", "title", "title_en", "script", "script_en", "shift", "owner", "begins_at", "ends_at", "waiver",
        "closed_at", "closed_by", "purged_at",
    ]  # fmt: skip
    list_display = ["title", "area", "begins_at", "ends_at", "closed_at", "purged_at"]
    list_select_related = ["area"]
    list_filter = [("area", AutocompleteSelectFilter)]
    search_fields = ["title", "title_en"]
    date_hierarchy = "begins_at"
    ordering = ["-begins_at", "-id"]
    inlines = [EntranceInline]
    steps = [
        Step(
            "close",
            _("Close the round"),
            close,
            (May.RUN,),
            "lock",
            form=WaiverForm,
            when=lambda row: row.closed_at is None,
            danger=True,
        )
    ]


@admin.register(Beat)
class BeatAdmin(Admin):
    areas = ["round__area"]
    sees = [May.SEE]
    shows = ["round", "no"]
    list_display = ["no", "round"]
    list_select_related = ["round"]
    list_filter = [("round", AutocompleteSelectFilter)]
    search_fields = ["round__title"]
    ordering = ["-round_id", "no"]


@admin.register(BeatHolding)
class BeatHoldingAdmin(Admin):
    areas = ["beat__round__area"]
    sees = [May.NAMES]
    shows = ["beat", "sign_up", "since", "until", "given_by"]
    list_display = ["beat", "sign_up", "since", "until"]
    list_select_related = ["beat", "sign_up"]
    ordering = ["-id"]


@admin.register(RoundEntrance)
class RoundEntranceAdmin(Admin):
    areas = ["round__area", "entrance__building__grid"]
    sees = [May.SEE]
    shows = ["round", "entrance", "beat", *COUNTS]
    list_display = ["round", "entrance", "beat", *COUNTS]
    list_select_related = ["round", "entrance", "beat"]
    list_filter = [("round", AutocompleteSelectFilter)]
    search_fields = ["round__title", "entrance__building__no"]
    ordering = ["-round_id", "id"]


@admin.register(RoundDoor)
class RoundDoorAdmin(Admin):
    areas = ["stairs__round__area", "stairs__entrance__building__grid"]
    sees = [May.DOORS]
    shows = ["stairs", "door", "outcome", "needs", "tries", "said", "last_at"]
    list_display = ["door", "stairs", "outcome", "tries", "last_at"]
    list_select_related = ["door", "stairs"]
    list_filter = [("outcome", ChoicesDropdownFilter)]
    search_fields = ["door__number"]
    ordering = ["-id"]


@admin.register(DoorVisit)
class DoorVisitAdmin(Admin):
    areas = ["door__stairs__round__area", "door__stairs__entrance__building__grid"]
    sees = [May.DOORS]
    shows = ["door", "outcome", "need", "desk", "made_at", "received_at", "undone_at"]
    list_display = ["door", "outcome", "need", "desk", "made_at", "undone_at"]
    list_select_related = ["door"]
    list_filter = [("outcome", ChoicesDropdownFilter)]
    ordering = ["-id"]


def plan(row: HomeService, ask: Ask) -> None:
    homes.plan(row.pk, by=ask.by, now=ask.now)


def finish(row: HomeService, ask: Ask) -> None:
    homes.finish(row.pk, by=ask.by, now=ask.now)


def cancel(row: HomeService, ask: Ask, reason: str) -> None:
    homes.cancel(row.pk, by=ask.by, now=ask.now, reason=reason)


LIVE = is_in(HomeStatus.OPEN, HomeStatus.PLANNED)


@admin.register(HomeService)
class HomeServiceAdmin(Stepping):
    areas = ["door__stairs__round__area", "door__stairs__entrance__building__grid"]
    sees = [May.DOORS]
    shows = ["door", "need", "status", "owner", "due_at", "finished_at", "reason", "created_at"]
    list_display = ["due_at", "door", "need", "status", "owner"]
    list_select_related = ["door", "owner"]
    list_filter = [("status", ChoicesDropdownFilter), ("need", ChoicesDropdownFilter)]
    ordering = ["due_at", "id"]
    steps = [
        Step("plan", _("Planned"), plan, (May.DOORS,), "event", when=is_in(HomeStatus.OPEN)),
        Step("finish", _("Done"), finish, (May.DOORS,), "check", when=LIVE),
        Step("cancel", _("Call it off"), cancel, (May.DOORS,), "cancel", form=ReasonForm, when=LIVE, danger=True),
    ]
