"""Open seats filled for the lead: what is worked out, who would go where and why, what stays empty and what would help."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from communities.access import May
from communities.models import Area
from communities.numbers import number_in
from staffing import access
from staffing.actions import fillings as actions
from staffing.models import CallUp, Filling, Gap, Move
from staffing.queries import fillings as queries
from staffing.states import FillingStatus, Mark, MoveStatus
from staffing.web import filling_words, words
from staffing.web.calls_desk import form_page, page_and_post
from staffing.web.desk_forms import DayField
from staffing.web.pages import attempt, back_to, chosen_area, customs, rights, show, staff_only

PER_PAGE = 50
EVERY = 2  # seconds
LONG = 45  # seconds in nobody's hands, after which no worker is likely to come
MOST_GAPS = 30
PATIENCE = [(10, gettext_lazy("10 seconds")), (60, gettext_lazy("a minute")), (240, gettext_lazy("four minutes"))]
DOINGS = {
    "stop": (actions.stop, access.fillings_made_by),
    "aside": (actions.put_aside, access.fillings_made_by),
    "rework": (actions.rework, access.fillings_made_by),
    "adopt": (actions.adopt, access.fillings_run_by),
    "undo": (actions.undo, access.fillings_run_by),
}
MARKS = {"pin": Mark.PINNED, "ban": Mark.BANNED, "free": Mark.FREE}
SHOWN = {"all": Q(), "asked": Q(asked=True), "placed": Q(asked=False)}


class FillingForm(forms.Form):
    call = forms.ModelChoiceField(
        CallUp.objects.none(), label=gettext_lazy("Call"), required=False, empty_label=gettext_lazy("all calls")
    )
    day = DayField(label=gettext_lazy("First day"))
    days = forms.IntegerField(
        label=gettext_lazy("Number of days"),
        min_value=1,
        max_value=6,
        initial=1,
        widget=forms.TextInput({"inputmode": "numeric", "class": "short"}),
    )
    seconds = forms.TypedChoiceField(
        label=gettext_lazy("It may take"), choices=PATIENCE, initial=60, coerce=int, empty_value=60
    )

    def __init__(self, *args: Any, area: Area, zone: ZoneInfo, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.now = zone, now
        open_calls = CallUp.objects.open(now).filter(community__path__startswith=area.path)
        self.fields["call"].queryset = open_calls.order_by("starts_at", "pk")

    def window(self) -> tuple[datetime, datetime]:
        """From now or the start of the first day to the end of the last."""
        start = datetime.combine(self.cleaned_data["day"], time(), tzinfo=self.zone)
        return max(start, self.now), start + timedelta(days=self.cleaned_data["days"])

    def scope(self) -> dict[str, Any]:
        call = self.cleaned_data["call"]
        return {"call_up_id": call.pk if call else None, "seconds": self.cleaned_data["seconds"]}


@require_safe
@staff_only
def proposals(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.NAMES)
    if not area:
        raise Http404
    seen = access.fillings_visible_to(request.user).values("pk")
    rows = queries.proposals().filter(pk__in=seen, area__path__startswith=area.path)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(row, filling_words.status(row)) for row in page.object_list],
        "may_plan": access.areas_planned_by(request.user).filter(pk=area.pk).exists(),
    }
    return show(request, "desk/proposals.html", area, current="proposals", **context)


@page_and_post
@staff_only
def proposal_new(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.PLAN)
    if not area:
        raise Http404
    zone, now = customs(area).zone, timezone.now()
    form = FillingForm(
        request.POST or None, area=area, zone=zone, now=now, initial=first_values(request, area, zone, now)
    )
    if request.method == "POST" and form.is_valid():
        start, end = form.window()
        made = attempt(
            form, lambda: actions.propose(area.pk, start, end, by=request.user, now=now, **form.scope())
        )  # fmt: skip
        if made:
            return redirect("proposal", made.pk)
    return form_page(request, "desk/proposal_form.html", area, form, current="proposals")


def first_values(request: HttpRequest, area: Area, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """The call asked for, else the next one; from its first day on."""
    calls = CallUp.objects.open(now).filter(community__path__startswith=area.path).order_by("starts_at", "pk")
    asked = number_in(request.GET.get("call"))
    call = (calls.filter(pk=asked) if asked else calls).first()
    if not call:
        return {"day": now.astimezone(zone).date()}
    first, last = max(call.starts_at, now).astimezone(zone).date(), call.ends_at.astimezone(zone).date()
    return {"call": call.pk, "day": first, "days": min(6, (last - first).days + 1)}


@dataclass(frozen=True, slots=True)
class Line:
    """A proposed seat in words."""

    move: Move
    why: str
    unit: str
    chip: words.Chip
    code: str

    @property
    def banned(self) -> bool:
        return self.move.mark == Mark.BANNED

    @property
    def pinned(self) -> bool:
        return self.move.mark == Mark.PINNED


@dataclass(frozen=True, slots=True)
class Empty:
    """Seats left empty, why, and what would help."""

    gap: Gap
    why: str
    help: str
    banned: Move | None


@require_safe
@staff_only
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    filling = seen(request, pk)
    shown = request.GET.get("show", "all")
    moves = queries.moves_of(filling).filter(SHOWN.get(shown, Q()))
    page = Paginator(moves, PER_PAGE).get_page(request.GET.get("page"))
    context = about(request, filling) | {
        "page": page,
        "lines": lines(page.object_list),
        "empties": empties(filling),
        "shown": shown if shown in SHOWN else "all",
    }
    return show(request, "desk/proposal.html", filling.area, current="proposals", **context)


def seen(request: HttpRequest, pk: int) -> Filling:
    visible = access.fillings_visible_to(request.user).select_related("area", "call_up", "made_by", "adopted_by")
    return access.load(visible, visible, pk=pk)


def about(request: HttpRequest, filling: Filling) -> dict[str, Any]:
    summary = filling.summary
    taken = (filling.solved_at - filling.begun_at).total_seconds() if filling.solved_at else 0
    said = filling.progress
    return {
        "filling": filling,
        "title": words.local(filling.call_up, "activity") if filling.call_up else "",
        "state": filling_words.status(filling),
        "took": filling_words.facts_of(taken),
        "passed": max(0, int((timezone.now() - filling.begun_at).total_seconds())),
        "parts": said.get("parts", 0),
        "done": said.get("done", 0),
        "chunks": said.get("chunks", 0),
        "explained": said.get("explained", 0),
        "best": bool(summary) and summary.get("objective") == summary.get("bound"),
        "tally": queries.tally(filling),
        "rights": rights(request.user, filling.area),
        "may_plan": access.fillings_made_by(request.user).filter(pk=filling.pk).exists(),
        "may_run": access.fillings_run_by(request.user).filter(pk=filling.pk).exists(),
        "changed": Move.objects.filter(filling=filling, status=MoveStatus.PROPOSED).exclude(mark=Mark.FREE).exists(),
        "answered": filling.status == FillingStatus.ADOPTED and queries.answered(filling),
        "every": EVERY,
        "workers": queries.workers_on(filling) if filling.status == FillingStatus.SOLVING else 0,
        "long": LONG,
    }


def lines(moves: Iterable[Move]) -> list[Line]:
    """Three queries for any number."""
    moves = list(moves)
    units, names = queries.units_of(moves), queries.qualifications_in(moves)
    return [
        Line(
            move,
            filling_words.joined(filling_words.reasons(move, names)),
            units.get(move.volunteer_id, ""),
            filling_words.chip(move),
            filling_words.gone(move.code),
        )
        for move in moves
    ]


def empties(filling: Filling) -> list[Empty]:
    gaps = list(queries.gaps_of(filling)[:MOST_GAPS])
    banned = queries.banned_by_post(filling, [gap.post_id for gap in gaps])
    return [
        Empty(
            gap,
            filling_words.empty(gap),
            filling_words.helps(gap),
            banned.get(gap.post_id),
        )
        for gap in gaps
    ]


@require_safe
@staff_only
def proposal_live(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it has come; once it is there, the page is asked for anew."""
    filling = seen(request, pk)
    if filling.status != FillingStatus.SOLVING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "staffing/desk/proposal_progress.html", about(request, filling))


@require_POST
@staff_only
def proposal_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    act, allowed = DOINGS[doing]
    filling = access.load(access.fillings_visible_to(request.user), allowed(request.user), pk=pk)
    done = act(filling.pk, by=request.user, now=timezone.now())
    messages.success(request, outcome(doing, done))
    if doing == "aside":
        return redirect_to_list(done)
    return back_to(request, "proposal", filling.pk)


def redirect_to_list(filling: Filling) -> HttpResponse:
    response = redirect("proposals")
    response["Location"] += f"?area={filling.area_id}"
    response.status_code = 303
    return response


def outcome(doing: str, filling: Filling) -> str:
    if doing != "adopt":
        return {
            "stop": _("It stops in a moment; the best found so far is kept."),
            "aside": _("Put aside. Nothing has changed."),
            "rework": _("It is worked out again; what you pinned stays."),
            "undo": _("All taken back. Everybody is told."),
        }[doing]
    found = queries.tally(filling)
    n = found.all - found.gone
    done = ngettext("%(n)d seat is given.", "%(n)d seats are given.", n) % {"n": n}
    gone = ngettext("%(n)d did not hold any more.", "%(n)d did not hold any more.", found.gone) % {"n": found.gone}
    return f"{done} {gone}" if found.gone else done


@require_POST
@staff_only
def move_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    """Pin, not wanted, or free again."""
    visible = Move.objects.filter(filling__in=access.fillings_visible_to(request.user).values("pk"))
    allowed = Move.objects.filter(filling__in=access.fillings_made_by(request.user).values("pk"))
    move = access.load(visible, allowed, pk=pk)
    actions.mark(move.pk, MARKS[doing], by=request.user, now=timezone.now())
    return back_to(request, "proposal", move.filling_id, anchor=f"#m{move.pk}")
