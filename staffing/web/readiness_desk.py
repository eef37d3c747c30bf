"""The milestones of a call: how each stands, and the form in which a lead sets them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.access import May, may
from communities.errors import Forbidden
from communities.models import User
from staffing.access import calls_visible_to, load
from staffing.actions import readiness as actions
from staffing.actions.readiness import Step
from staffing.messages.texts import open_of
from staffing.models import CallUp, Milestone
from staffing.models.readiness import AIMS
from staffing.queries.readiness import readiness
from staffing.rules.readiness import DEFAULTS
from staffing.states import Aim, Light
from staffing.web import words
from staffing.web.calls_desk import form_page, leaders, page_and_post
from staffing.web.desk_forms import ClockField, DayField, LeaderField
from staffing.web.pages import attempt, back_to, customs, rights, staff_only

CHIPS = {
    Light.MET: ("ok", "check", gettext_lazy("met")),
    Light.AHEAD: ("off", "ring", gettext_lazy("ahead")),
    Light.AMBER: ("warn", "half", gettext_lazy("at risk")),
    Light.RED: ("bad", "alert", gettext_lazy("missed")),
}


class ReadinessForm(forms.Form):
    day = DayField(label=gettext_lazy("In place by, day"))
    clock = ClockField(label=gettext_lazy("In place by"))

    def __init__(self, *args: Any, zone: ZoneInfo, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        known = User.objects.filter(pk__in=[user.pk for user in people])
        for aim in Aim:
            self.fields |= {f"{aim}_{name}": field for name, field in milestone_fields(aim, known).items()}

    def rows(self) -> list[tuple[str, list[BoundField]]]:
        return [(capfirst(str(AIMS[aim])), [self[f"{aim}_{name}"] for name in PARTS]) for aim in Aim]

    @property
    def at(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"], tzinfo=self.zone)

    def steps(self) -> list[Step]:
        return [self.step(aim) for aim in Aim if self.cleaned_data[f"{aim}_on"]]

    def step(self, aim: Aim) -> Step:
        said = {name: self.cleaned_data[f"{aim}_{name}"] for name in PARTS}
        owner, above = said["owner"], said["above"]
        return Step(
            aim,
            said["minutes"],
            said["limit"],
            owner.pk if owner else None,
            above.pk if above else None,
            said["after"],
        )


PARTS = ("on", "minutes", "limit", "owner", "above", "after")


def milestone_fields(aim: Aim, people: Any) -> dict[str, forms.Field]:
    short = forms.TextInput({"inputmode": "numeric", "class": "short"})
    nobody = gettext_lazy("nobody in particular")
    return {
        "on": forms.BooleanField(label=gettext_lazy("This milestone counts"), required=False),
        "minutes": forms.IntegerField(
            label=gettext_lazy("Minutes before"), min_value=0, max_value=10_000, widget=short, initial=0
        ),
        "limit": forms.IntegerField(
            label=gettext_lazy("Per cent that may be open"), min_value=0, max_value=100, widget=short, initial=0
        ),
        "owner": LeaderField(people, label=gettext_lazy("Owner"), required=False, empty_label=nobody),
        "above": LeaderField(people, label=gettext_lazy("Then told"), required=False, empty_label=nobody),
        "after": forms.IntegerField(
            label=gettext_lazy("After how many minutes"), min_value=0, max_value=1_440, widget=short, initial=15
        ),
    }


def of_plan(call: CallUp, zone: ZoneInfo) -> dict[str, Any]:
    """The form's first values: the plan of the call, or the usual one."""
    plan = getattr(call, "readiness", None)
    at = (plan.in_place_by if plan else actions.in_place_by(call)).astimezone(zone)
    found: dict[str, Any] = {"day": at.date(), "clock": at.time()}
    rows = (
        plan.milestones.all()
        if plan
        else [Milestone(aim=one.aim, minutes=one.minutes, limit=one.limit) for one in DEFAULTS]
    )
    for row in rows:
        found |= {f"{row.aim}_{name}": value for name, value in of_milestone(row).items()}
    return found


def of_milestone(row: Milestone) -> dict[str, Any]:
    return {
        "on": True, "minutes": row.minutes, "limit": row.limit, "owner": row.owner_id, "above": row.escalate_to_id,
        "after": row.escalate_minutes,
    }  # fmt: skip


@page_and_post
@staff_only
def call_readiness(request: HttpRequest, pk: int) -> HttpResponse:
    visible = calls_visible_to(request.user).select_related("community", "readiness")
    call = load(visible, visible, pk=pk)
    zone, now = customs(call.community).zone, timezone.now()
    form = ReadinessForm(request.POST or None, zone=zone, people=leaders(call.community), initial=of_plan(call, zone))
    if request.method == "POST":
        if not may(request.user, May.RUN, call.community):
            raise Forbidden
        if form.is_valid() and attempt(
            form, lambda: actions.change(call.pk, form.at, form.steps(), by=request.user, now=now)
        ):
            messages.success(request, _("Saved."))
            return back_to(request, "call_readiness", call.pk)
    found = readiness(call, now)
    rows = [
        (one.milestone, open_of(Aim(one.milestone.aim), one.count.open), one.count, CHIPS[one.light])
        for one in found.standings
    ]
    context = {
        "call": call,
        "title": words.local(call, "title"),
        "rows": rows,
        "forecast": found.forecast,
        "rights": rights(request.user, call.community),
    }
    return form_page(
        request, "desk/readiness.html", call.community, form, back=reverse("call_desk", args=[pk]), **context
    )
