from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelectWidget

from communities.access import May, Visitor, may
from communities.admin.base import summed
from communities.admin.steps import Ask, Moment, Step, Stepping
from communities.errors import Forbidden, Refused
from communities.models import Site
from communities.queries.customs import customs_of
from staffing.actions import copies, rounds, shift_moves, shifts
from staffing.actions.rounds import Brief
from staffing.actions.shift_moves import Move
from staffing.actions.shifts import ShiftPlan
from staffing.admin.calls import ReasonForm, in_words, is_in
from staffing.admin.posts import PostInline, save_posts
from staffing.models import Post, Shift
from staffing.states import ShiftStatus

RUN = (May.RUN,)
DRAFT, OPEN, CLOSED, RUNNING = ShiftStatus.DRAFT, ShiftStatus.OPEN, ShiftStatus.CLOSED, ShiftStatus.RUNNING
BRIEF = ["leader", "deputy", "briefing", "briefing_en", "override_reason"]


class Place(forms.ModelChoiceField):
    widget = UnfoldAdminSelectWidget

    def __init__(self, **options: Any) -> None:
        super().__init__(Site.objects.none(), empty_label=None, **options)


class MoveForm(forms.Form):
    """Where to: any site of the area that the shift is in now, or of a part of it."""

    site = Place(label=_("where"))
    starts_at = Moment(label=_("from"))
    ends_at = Moment(label=_("until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.initial["site"].area
        self.fields["site"].queryset = Site.objects.filter(area__path__startswith=area.path)


class CopyForm(forms.Form):
    day = forms.DateField(label=_("To which day"), widget=UnfoldAdminDateWidget)


def publish(row: Shift, ask: Ask) -> None:
    shifts.publish(row.pk, by=ask.by, now=ask.now)


def close(row: Shift, ask: Ask) -> None:
    shifts.close(row.pk, by=ask.by, now=ask.now)


def reopen(row: Shift, ask: Ask) -> None:
    shifts.reopen(row.pk, by=ask.by, now=ask.now)


def start(row: Shift, ask: Ask) -> None:
    shifts.start(row.pk, by=ask.by, now=ask.now)


def finish(row: Shift, ask: Ask) -> None:
    shifts.finish(row.pk, by=ask.by, now=ask.now)


def cancel(row: Shift, ask: Ask, reason: str) -> None:
    shifts.cancel([row.pk], by=ask.by, now=ask.now, reason=reason)


def foresee_cancel(rows: Sequence[Shift]) -> list[str]:
    return in_words(shifts.consequences([row.pk for row in rows]))


def move(row: Shift, ask: Ask, site: Site, starts_at: Any, ends_at: Any) -> None:
    shift_moves.move(row.pk, starts_at=starts_at, ends_at=ends_at, site=site.pk, by=ask.by, now=ask.now)


def foresee_move(row: Shift, said: dict[str, Any]) -> list[str]:
    effect = shift_moves.foresee(row, said["starts_at"], said["ends_at"], said["site"].pk)
    return [*other_place(row.site, said["site"]), *move_in_words(effect)]


def other_place(old: Site, new: Site) -> list[str]:
    return [] if old == new else [_("From %(old)s to %(new)s.") % {"old": old, "new": new}]


def move_in_words(effect: Move) -> list[str]:
    sentences = [
        (len(effect.keep), ngettext("%d person keeps the seat.", "%d people keep their seats.", len(effect.keep))),
        (len(effect.ask), ngettext("%d person is asked again.", "%d people are asked again.", len(effect.ask))),
        (
            len(effect.conflict),
            ngettext("%d of them is elsewhere then.", "%d of them are elsewhere then.", len(effect.conflict)),
        ),
    ]
    return [text % count for count, text in sentences if count] or [str(_("Nobody has a seat yet."))]


def copy(row: Shift, ask: Ask, day: Any) -> None:
    zone = customs_of([row.site.area_id])[row.site.area_id].zone
    if not copies.copy([row.pk], [day], zone=zone, by=ask.by, now=ask.now):
        raise Refused("copy_exists")


STEPS = [
    Step("publish", _("Publish"), publish, RUN, "campaign", when=is_in(DRAFT)),
    Step("close", _("Close"), close, RUN, "lock", when=is_in(OPEN)),
    Step("reopen", _("Open again"), reopen, RUN, "lock_open", when=is_in(CLOSED)),
    Step("start", _("Start"), start, (May.RUN, May.CHECK_IN), "play_arrow", when=is_in(OPEN, CLOSED)),
    Step("finish", _("Finish"), finish, (May.RUN, May.CHECK_IN), "flag", when=is_in(RUNNING)),
    Step(
        "move",
        _("Move"),
        move,
        RUN,
        "schedule",
        when=is_in(DRAFT, OPEN, CLOSED),
        form=MoveForm,
        initial=lambda row: {"site": row.site, "starts_at": row.starts_at, "ends_at": row.ends_at},
        preview=foresee_move,
        single=True,
    ),
    Step("copy", _("Copy to another day"), copy, RUN, "content_copy", form=CopyForm),
    Step(
        "cancel",
        _("Cancel for everybody"),
        cancel,
        RUN,
        "cancel",
        when=is_in(DRAFT, OPEN, CLOSED, RUNNING),
        form=ReasonForm,
        foresee=foresee_cancel,
        danger=True,
    ),
]


@admin.register(Shift)
class ShiftAdmin(Stepping):
    """Shifts. Time, place, state and version change by the buttons above; words, leader and posts here."""

    areas = ["site__area"]
    changes = adds = [May.RUN]
    people = ["leader", "deputy"]
    fills = ["site", "call_up", "starts_at", "ends_at", *BRIEF]
    edits = BRIEF
    shows = ["site", "call_up", "starts_at", "ends_at", "status", "version", *BRIEF, "override_by", "cancel_reason"]
    list_display = ["site", "starts_at", "ends_at", "status", "call_up", "leader", "seats", "taken", "waiting"]
    list_select_related = ["site", "call_up", "leader"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("site", AutocompleteSelectFilter),
        ("call_up", AutocompleteSelectFilter),
    ]
    search_fields = ["site__name", "site__name_en", "call_up__title"]
    autocomplete_fields = ["site", "call_up"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at", "id"]
    inlines = [PostInline]
    steps = STEPS

    def annotated(self, rows: QuerySet[Any], user: Visitor) -> QuerySet[Any]:
        return rows.annotate(
            **{
                f"{column}_total": summed(Post.objects.all(), "shift", column)
                for column in ("seats", "taken", "waiting")
            }
        )

    def save_model(self, request: HttpRequest, obj: Shift, form: Any, change: bool) -> None:
        now = timezone.now()
        if change:
            words = Brief(obj.leader_id, obj.briefing, obj.briefing_en, obj.override_reason, obj.deputy_id)
            rounds.brief(obj.pk, words, by=request.user, now=now)
            return
        if obj.call_up and not may(request.user, May.RUN, obj.call_up.community):
            raise Forbidden
        plan = ShiftPlan(
            site=obj.site_id,
            starts_at=obj.starts_at,
            ends_at=obj.ends_at,
            call_up=obj.call_up_id,
            briefing=obj.briefing,
            briefing_en=obj.briefing_en,
            leader=obj.leader_id,
            deputy=obj.deputy_id,
            override_reason=obj.override_reason,
        )
        obj.pk = shifts.create(plan, by=request.user, now=now).pk

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        save_posts(form.instance.pk, formset, request.user)

    @admin.display(description=_("seats"))
    def seats(self, row: Any) -> int:
        return int(row.seats_total)

    @admin.display(description=_("taken"))
    def taken(self, row: Any) -> int:
        return int(row.taken_total)

    @admin.display(description=_("waiting"))
    def waiting(self, row: Any) -> int:
        return int(row.waiting_total)
