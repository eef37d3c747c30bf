"""A call told in waves: what the first one would be in numbers, how it goes, and the stop."""

import hashlib
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_POST, require_safe

from communities.errors import Invalid
from communities.web.forms import status_of
from staffing.access import calls_visible_to, teams_visible_to
from staffing.actions import waves as actions
from staffing.actions.waves import RunPlan
from staffing.models import CallUp, Team, WaveRun
from staffing.models.waves import FIRST_WAYS
from staffing.queries import waves as queries
from staffing.queries.notices import still_missing
from staffing.queries.waves import Progress
from staffing.states import CallStatus, RunStatus
from staffing.web import words
from staffing.web.calls_desk import asked_sentence, page_and_post, run
from staffing.web.desk_forms import ClockField, DayField
from staffing.web.pages import attempt, back_to, customs, rights, show, staff_only

EVERY = 3  # seconds between two looks
STILL = timedelta(seconds=30)  # that nothing may leave before it is said
CHIPS = {
    RunStatus.RUNNING: ("info", "half", gettext_lazy("running")),
    RunStatus.FILLED: ("ok", "check", gettext_lazy("filled")),
    RunStatus.DONE: ("off", "dash", gettext_lazy("everybody asked")),
    RunStatus.OVER: ("off", "clock", gettext_lazy("time is over")),
    RunStatus.STOPPED: ("warn", "ban", gettext_lazy("stopped")),
}


class WavesForm(forms.Form):
    per_seat = forms.IntegerField(
        label=gettext_lazy("People asked for one seat"),
        min_value=1,
        max_value=50,
        required=False,
        help_text=gettext_lazy("Empty: as the answers so far teach."),
    )
    wait = forms.IntegerField(
        label=gettext_lazy("Minutes between waves"),
        min_value=1,
        max_value=720,
        required=False,
        help_text=gettext_lazy("Empty: as long as most answers take."),
    )
    day = DayField(label=gettext_lazy("Go on until, day"))
    clock = ClockField(label=gettext_lazy("at"))
    channel = forms.ChoiceField(
        label=gettext_lazy("First by"),
        choices=[("", gettext_lazy("each person's own way")), *FIRST_WAYS.items()],
        required=False,
    )
    team = forms.ModelChoiceField(
        Team.objects.none(),
        label=gettext_lazy("Of this team alone"),
        required=False,
        empty_label=gettext_lazy("of everybody"),
    )
    groups = forms.BooleanField(label=gettext_lazy("Tell the chat groups too"), required=False, initial=True)

    def __init__(self, *args: Any, zone: ZoneInfo, teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["team"].queryset = teams

    def plan(self) -> RunPlan:
        found = self.cleaned_data
        return RunPlan(
            per_seat=found["per_seat"],
            wait_minutes=found["wait"],
            until=datetime.combine(found["day"], found["clock"], tzinfo=self.zone),
            channel=found["channel"],
            groups=found["groups"],
            team=found["team"].pk if found["team"] else None,
        )


@page_and_post
@staff_only
def call_waves(request: HttpRequest, pk: int) -> HttpResponse:
    """What runs, or what would; "work it out again" changes the numbers, the other button asks people."""
    now = timezone.now()
    call = run(request, pk) if request.method == "POST" else load(request, pk)
    zone = customs(call.community).zone
    usual = actions.usual_end(call, now).astimezone(zone)
    initial = {"day": usual.date(), "clock": usual}
    form = WavesForm(request.POST or None, zone=zone, teams=teams_for(request, call), initial=initial)
    sure = request.method == "POST" and form.is_valid() and "again" not in request.POST
    if sure and (made := attempt(form, lambda: actions.start(call.pk, form.plan(), by=request.user, now=now))):
        messages.success(request, asked_sentence(call, made.waves.get(number=1).people, now))
        return back_to(request, "call_waves", call.pk)
    context = context_of(request, call, now)
    if not context["going"] and context["rights"].run and call.status == CallStatus.OPEN:
        context |= {"form": form, "preview": foreseen(form, call, now)}
    return show(request, "desk/waves.html", call.community, current="desk", status=status_of(form), **context)


def teams_for(request: HttpRequest, call: CallUp) -> QuerySet[Team]:
    """Those of the community, of its parts and of the areas above it."""
    around = Q(area__path__startswith=call.community.path) | Q(area__in=call.community.ancestor_ids)
    return teams_visible_to(request.user).standing().filter(around).order_by("area__path", "pk")


def foreseen(form: WavesForm, call: CallUp, now: datetime) -> actions.Preview | None:
    """By what the form says, or as usual; None where that cannot be."""
    if not form.is_bound:
        return actions.preview(call, RunPlan(), now)
    try:
        return actions.preview(call, form.plan(), now) if form.is_valid() else None
    except Invalid:
        return None


def load(request: HttpRequest, pk: int) -> CallUp:
    return get_object_or_404(calls_visible_to(request.user).select_related("community"), pk=pk)


def context_of(request: HttpRequest, call: CallUp, now: datetime) -> dict[str, Any]:
    found = queries.latest(call.pk)
    waves = queries.progress(found) if found else []
    left, queued = sum(wave.left for wave in waves), sum(wave.queued for wave in waves)
    ahead = queries.ahead(now, call.pk) if queued else 0
    return {
        "call": call,
        "title": words.local(call, "activity"),
        "rights": rights(request.user, call.community),
        "run": found,
        "going": bool(found and found.status == RunStatus.RUNNING),
        "chip": CHIPS[RunStatus(found.status)] if found else None,
        "waves": waves,
        "totals": totals(waves),
        "gap": still_missing([call.pk], now).get(call.pk, 0),
        "seconds": ceil(queued / queries.speed(waves, found.channel if found else "")),
        "ahead": ahead,
        "held_since": None if ahead or not found else held_since(found, waves[-1], now),
        "leaves_at": actions.hours(call, now)[0],
        "done": left,
        "tag": tag(found, waves, now),
        "every": EVERY,
    }


def held_since(found: WaveRun, last: Progress, now: datetime) -> datetime | None:
    """Since when nothing has left though messages are due; None while they leave as they should."""
    due = max(last.asked_at, found.next_at - timedelta(minutes=found.wait_minutes))
    since = max(due, last.last_at or due)
    return since if last.queued and now - since > STILL else None


SUMS = ("people", "queued", "sent", "delivered", "failed", "kept_back", "yes", "no", "silent")


def totals(waves: list[Progress]) -> dict[str, int]:
    return {name: sum(getattr(wave, name) for wave in waves) for name in SUMS}


def tag(found: WaveRun | None, waves: list[Progress], now: datetime) -> str:
    look = (found and (found.pk, found.status, found.next_at), waves, get_language(), int(now.timestamp()) // 60)
    return f'"{hashlib.sha256(repr(look).encode()).hexdigest()[:16]}"'


def live_tag(request: HttpRequest, pk: int) -> str:
    found = queries.latest(load(request, pk).pk)
    return tag(found, queries.progress(found) if found else [], timezone.now())


@require_safe
@staff_only
@condition(etag_func=live_tag)
def waves_live(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes by itself."""
    call, now = load(request, pk), timezone.now()
    with timezone.override(customs(call.community).zone):
        return render(request, "staffing/desk/waves_live.html", {"now": now, **context_of(request, call, now)})


@require_POST
@staff_only
def waves_stop(request: HttpRequest, pk: int) -> HttpResponse:
    call = run(request, pk)
    actions.stop(call.pk, by=request.user, now=timezone.now())
    messages.success(request, _("Stopped. Nothing else leaves."))
    return back_to(request, "call_waves", call.pk)
