from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from communities.access import May, Visitor
from communities.admin.base import ReadOnlyInline, counted, summed
from communities.admin.steps import Ask, Step, Stepping, TextInput
from staffing.actions import calls, callups, waves
from staffing.actions.calls import CallPlan
from staffing.actions.shifts import Consequences
from staffing.actions.waves import RunPlan
from staffing.models import CallUp, Post, Shift
from staffing.queries import audience
from staffing.rules.waves import Outlook
from staffing.states import CallStatus

RUN = (May.RUN,)
WORDS = [field.name.removesuffix("_id") for field in fields(CallPlan)]


class ReasonForm(forms.Form):
    reason = TextInput(label=_("reason"), max_length=200, help_text=_("People are told that it is cancelled."))


def in_words(found: Consequences) -> list[str]:
    told = ngettext(
        "%(count)d person is told once that it is cancelled.",
        "%(count)d people are told once that it is cancelled.",
        found.told,
    )
    here = ngettext(
        "%(count)d person is already checked in and stays so.",
        "%(count)d people are already checked in and stay so.",
        found.here,
    )
    sentences = [told % {"count": found.told}]
    return [*sentences, here % {"count": found.here}] if found.here else sentences


def foresee(rows: Sequence[CallUp]) -> list[str]:
    return [f"{row}: {' '.join(in_words(calls.cancelling(row)))}" for row in rows]


def called(rows: Sequence[CallUp]) -> list[str]:
    said = _("%(call)s: %(count)d people are told.")
    return [said % {"call": row, "count": audience.audience(row.pk).all} for row in rows]


def publish(row: CallUp, ask: Ask) -> None:
    calls.publish(row.pk, by=ask.by, now=ask.now)


def close(row: CallUp, ask: Ask) -> None:
    calls.close(row.pk, by=ask.by, now=ask.now)


def reopen(row: CallUp, ask: Ask) -> None:
    calls.reopen(row.pk, by=ask.by, now=ask.now)


def call_people(row: CallUp, ask: Ask) -> None:
    callups.call(row.pk, by=ask.by, now=ask.now)


def call_again(row: CallUp, ask: Ask) -> None:
    callups.call_again(row.pk, by=ask.by, now=ask.now)


def called_again(rows: Sequence[CallUp]) -> list[str]:
    return [f"{row}: {silent(audience.audience(row.pk).silent)}" for row in rows]


def begin_waves(row: CallUp, ask: Ask) -> None:
    waves.start(row.pk, RunPlan(), by=ask.by, now=ask.now)


def first_waves(rows: Sequence[CallUp]) -> list[str]:
    now = timezone.now()
    return [f"{row}: {first_wave(waves.preview(row, RunPlan(), now).wave)}" for row in rows]


def first_wave(found: Outlook) -> str:
    said = ngettext(
        "%(n)d person is asked at first, %(expected)d expected to come.",
        "%(n)d people are asked at first, %(expected)d expected to come.",
        found.people,
    )
    return said % {"n": found.people, "expected": found.expected}


def silent(people: int) -> str:
    return ngettext(
        "%(n)d person has not answered and is asked once more.",
        "%(n)d people have not answered and are asked once more.",
        people,
    ) % {"n": people}


def cancel(row: CallUp, ask: Ask, reason: str) -> None:
    calls.cancel(row.pk, by=ask.by, now=ask.now, reason=reason)


def is_in(*states: str) -> Any:
    return lambda row: row.status in states


DRAFT, OPEN, CLOSED = CallStatus.DRAFT, CallStatus.OPEN, CallStatus.CLOSED
STEPS = [
    Step("publish", _("Publish"), publish, RUN, "campaign", when=is_in(DRAFT)),
    Step("close", _("Close"), close, RUN, "lock", when=is_in(OPEN)),
    Step("reopen", _("Open again"), reopen, RUN, "lock_open", when=is_in(CLOSED)),
    Step("call", _("Call people"), call_people, RUN, "notifications_active", when=is_in(OPEN), foresee=called),
    Step("waves", _("Call in waves"), begin_waves, RUN, "waves", when=is_in(OPEN), foresee=first_waves),
    Step("again", _("Send again"), call_again, RUN, "replay", when=is_in(OPEN), foresee=called_again),
    Step(
        "cancel",
        _("Cancel for everybody"),
        cancel,
        RUN,
        "cancel",
        when=is_in(DRAFT, OPEN, CLOSED),
        form=ReasonForm,
        foresee=foresee,
        danger=True,
    ),
]


class ShiftInline(ReadOnlyInline):
    model = Shift
    fields = ["site", "starts_at", "ends_at", "status", "leader"]
    readonly_fields = fields
    ordering = ["starts_at", "id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("site", "leader")


@admin.register(CallUp)
class CallUpAdmin(Stepping):
    """Calls. Publishing, closing and cancelling are the buttons above; the state itself cannot be edited."""

    areas = ["community"]
    changes = adds = [May.RUN]
    people = ["contact"]
    fills = ["community", *WORDS]
    edits = WORDS
    shows = ["community", "status", "slug", "published_at", *WORDS]
    list_display = ["title", "community", "status", "urgent", "starts_at", "ends_at", "shift_count", "seats", "taken"]
    list_select_related = ["community"]
    list_filter = [("community", AutocompleteSelectFilter), ("status", ChoicesDropdownFilter), "urgent"]
    search_fields = ["title", "title_en", "activity", "slug"]
    autocomplete_fields = ["community"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at", "-id"]
    inlines = [ShiftInline]
    steps = STEPS

    def annotated(self, rows: QuerySet[Any], user: Visitor) -> QuerySet[Any]:
        return rows.annotate(
            shift_total=counted(Shift.objects.all(), "call_up"),
            seat_total=summed(Post.objects.all(), "shift__call_up", "seats"),
            taken_total=summed(Post.objects.all(), "shift__call_up", "taken"),
        )

    def save_model(self, request: HttpRequest, obj: CallUp, form: Any, change: bool) -> None:
        plan = CallPlan(**{field.name: getattr(obj, field.name) for field in fields(CallPlan)})
        now = timezone.now()
        if change:
            calls.edit(obj.pk, plan, by=request.user, now=now)
        else:
            obj.pk = calls.create(obj.community_id, plan, by=request.user, now=now).pk

    @admin.display(description=_("shifts"))
    def shift_count(self, row: Any) -> int:
        return int(row.shift_total)

    @admin.display(description=_("seats"))
    def seats(self, row: Any) -> int:
        return int(row.seat_total)

    @admin.display(description=_("taken"))
    def taken(self, row: Any) -> int:
        return int(row.taken_total)
