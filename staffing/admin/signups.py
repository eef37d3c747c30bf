from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminSelectWidget

from communities.access import May, may
from communities.admin.base import DomainForm
from communities.admin.steps import Ask, Choice, Step, Stepping, TextInput
from communities.errors import Forbidden
from staffing.actions import attendance, decisions, proposals, signups
from staffing.actions.decisions import DECLINE_REASONS
from staffing.actions.signups import Entry
from staffing.admin.calls import is_in
from staffing.admin.proposals import HoursForm, correct, hours_of
from staffing.models import SignUp
from staffing.states import SignUpStatus as S
from volunteers.admin.people import Numbered

RUN, CHECK_IN = (May.RUN,), (May.CHECK_IN,)
REASONS = {
    "enough_people": _("enough people already"),
    "other_skills_needed": _("other skills are needed"),
    "unreachable": _("could not be reached"),
    "double_entry": _("entered twice"),
    "asked_by_person": _("the person asked for it"),
}
WAYS = [
    ("sign_up", _("Sign up on their behalf (they agreed)")),
    ("invite", _("Invite: they answer themselves")),
    ("assign", _("Assign: staff and seconded people only")),
]


class SignUpForm(DomainForm):
    """`way`: volunteers are asked, staff can be assigned."""

    way = forms.ChoiceField(label=_("how"), choices=WAYS, widget=UnfoldAdminSelectWidget)

    def validate_constraints(self) -> None:
        """The action says it in words, with all reasons at once."""


class DeclineForm(forms.Form):
    reason = Choice(label=_("reason"), choices=[(code, REASONS.get(code, code)) for code in DECLINE_REASONS])


class CancelForm(forms.Form):
    reason = TextInput(label=_("reason"), max_length=30)


def confirm(row: SignUp, ask: Ask) -> None:
    decisions.confirm(row.pk, by=ask.by, now=ask.now)


def turn_down(row: SignUp, ask: Ask, reason: str) -> None:
    decisions.turn_down(row.pk, by=ask.by, now=ask.now, reason=reason)


def cancel(row: SignUp, ask: Ask, reason: str) -> None:
    decisions.cancel(row.pk, by=ask.by, now=ask.now, reason=reason)


def check_in(row: SignUp, ask: Ask) -> None:
    attendance.check_in(row.pk, by=ask.by, now=ask.now)


def undo_check_in(row: SignUp, ask: Ask) -> None:
    attendance.undo_check_in(row.pk, by=ask.by, now=ask.now)


def check_out(row: SignUp, ask: Ask) -> None:
    proposals.check_out(row.pk, by=ask.by, now=ask.now)


def no_show(row: SignUp, ask: Ask) -> None:
    attendance.mark_no_show(row.pk, by=ask.by, now=ask.now)


STEPS = [
    Step("confirm", _("Confirm"), confirm, RUN, "check", when=is_in(S.SIGNED_UP)),
    Step("decline", _("Decline"), turn_down, RUN, "close", when=is_in(S.SIGNED_UP), form=DeclineForm, danger=True),
    Step("check_in", _("Check in"), check_in, CHECK_IN, "login", when=is_in(S.CONFIRMED)),
    Step("undo_check_in", _("Undo check-in"), undo_check_in, CHECK_IN, "undo", when=is_in(S.CHECKED_IN)),
    Step(
        "check_out",
        _("Check out"),
        check_out,
        CHECK_IN,
        "logout",
        when=is_in(S.CHECKED_IN),
        foresee=lambda _rows: [str(_("More than the block and two hours counts when a second person agrees."))],
    ),
    Step("no_show", _("Missing"), no_show, CHECK_IN, "person_off", when=is_in(S.CONFIRMED)),
    Step(
        "correct",
        _("Was there after all"),
        correct,
        CHECK_IN,
        "rule",
        when=is_in(S.NO_SHOW),
        form=HoursForm,
        initial=hours_of,
        foresee=lambda _rows: [str(_("The hours count when a second person agrees."))],
        single=True,
    ),
    Step(
        "cancel",
        _("Cancel this sign-up"),
        cancel,
        RUN,
        "cancel",
        when=is_in(S.INVITED, S.SIGNED_UP, S.WAITLISTED, S.CONFIRMED),
        form=CancelForm,
        foresee=lambda _rows: [str(_("The person is told, and the next in line is asked."))],
        danger=True,
    ),
]


@admin.register(SignUp)
class SignUpAdmin(Numbered, Stepping):
    """Who has which seat. Every state is reached by a step, and every step asks the rules."""

    areas = ["shift__site__area"]
    named_by = "shift__site__area"
    sees = [May.NAMES, May.HISTORY]
    adds = [May.ADMIT]
    form = SignUpForm
    fills = ["post", "volunteer", "way", "override_reason"]
    shows = [
        "person",
        "post",
        "shift",
        "status",
        "seat_no",
        "position",
        "auto_accept",
        "respond_by",
        "channel",
        "entered_by",
        "pledge",
        "override_reason",
        "override_by",
        "reason",
        "late",
        "on_my_way_at",
        "checked_in_at",
        "checked_out_at",
        "auto_checkout",
        "created_at",
        "changed_at",
    ]
    list_display = ["person", "post", "shift", "status", "seat_no", "position", "channel", "created_at"]
    list_select_related = ["post__role", "shift__site"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("shift", AutocompleteSelectFilter),
        ("channel", ChoicesDropdownFilter),
        "late",
    ]
    search_fields = ["volunteer__number"]
    autocomplete_fields = ["post", "volunteer"]
    date_hierarchy = "created_at"
    ordering = ["-id"]
    steps = STEPS

    def save_model(self, request: HttpRequest, obj: SignUp, form: Any, change: bool) -> None:
        now, by, way = timezone.now(), request.user, form.cleaned_data["way"]
        if way != "sign_up" and not may(by, May.RUN, obj.post.shift.site.area):
            raise Forbidden
        match way:
            case "invite":
                made = decisions.invite(obj.post_id, obj.volunteer_id, by=by, now=now)
            case "assign":
                made = decisions.assign(
                    obj.post_id, obj.volunteer_id, by=by, now=now, override_reason=obj.override_reason
                )
            case _:
                entry = Entry(channel="desk", by=by, on_behalf=True, override_reason=obj.override_reason)
                made = signups.sign_up(obj.post_id, obj.volunteer_id, now=now, entry=entry)
        obj.pk, obj.status = made.pk, made.status
