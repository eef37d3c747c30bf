"""The rounds of an area: repeated on another day, measured, and what they taught taken into the norm."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from communities.days import day_in
from communities.errors import Invalid
from communities.phrases import say
from staffing.access import load, rounds_planned_by, rounds_run_by, rounds_visible_to
from staffing.actions import rounds
from staffing.models import Round
from staffing.queries.rounds import said_again
from staffing.web import words
from staffing.web.pages import back_to, customs, show, staff_only
from staffing.web.plans_desk import area_of

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Row:
    round: Round
    chip: tuple[str, str, str] | None
    again: int
    repeat_on: date


def planned(found: QuerySet[Round]) -> QuerySet[Round]:
    return found.filter(plan__isnull=False).select_related("area", "plan__norm", "plan__call_up")


@require_safe
@staff_only
def rounds_list(request: HttpRequest) -> HttpResponse:
    area, now = area_of(request), timezone.now()
    found = planned(rounds_planned_by(request.user)).filter(area__path__startswith=area.path)
    page = Paginator(found.order_by("-plan__starts_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    again = said_again([one.plan.call_up_id for one in page.object_list])
    zone = customs(area).zone
    rows = [row_of(one, again, after(one, zone, now)) for one in page.object_list]
    return show(request, "plan/rounds.html", area, current="plan_new", rows=rows, page=page)


def row_of(one: Round, again: dict[int, int], repeat_on: date) -> Row:
    call = one.plan.call_up
    return Row(one, words.of_call(call) if call else None, again.get(call.pk, 0) if call else 0, repeat_on)


def after(one: Round, zone: ZoneInfo, now: datetime) -> date:
    """Tomorrow, or the day after the round if it is still to come."""
    return max(now, one.plan.starts_at).astimezone(zone).date() + timedelta(days=1)


def round_of(request: HttpRequest, pk: int, allowed: QuerySet[Round]) -> Round:
    return load(planned(rounds_visible_to(request.user)), allowed, pk=pk)


@require_POST
@staff_only
def round_repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """The same places and numbers at the same clock time of another day; then its page, with what is to be set up."""
    one = round_of(request, pk, rounds_planned_by(request.user))
    zone, now = customs(one.area).zone, timezone.now()
    plan = rounds.repeat(one.pk, day_of(request), zone=zone, by=request.user, now=now)
    messages.success(request, _("Planned as the round before. Look at the numbers, then set it up."))
    return back_to(request, "plan", plan.pk)


def day_of(request: HttpRequest) -> date:
    if found := day_in(request.POST.get("day")):
        return found
    raise Invalid(day=_("Write days such as 2026-04-05."))


@require_POST
@staff_only
def round_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    """Measuring and taking over is planning; inviting people is running the call."""
    allowed = rounds_run_by if doing == "invite" else rounds_planned_by
    one = round_of(request, pk, allowed(request.user))
    messages.success(request, DOINGS[doing](one, by=request.user, now=timezone.now()))
    to = reverse("plan", args=[one.plan.pk]) if doing == "invite" else f"{reverse('rounds')}?area={one.area_id}"
    return HttpResponseRedirect(to, status=303)


def measure(one: Round, **how: Any) -> str:
    found = rounds.measure(one.pk, **how)
    return _("Measured: %(rate)s people an hour on each lane.") % {"rate": f"{found.measured_rate:g}"}


def adopt(one: Round, **how: Any) -> str:
    norm = rounds.adopt(one.pk, **how)
    return _("Taken over: version %(n)s of %(norm)s.") % {"n": norm.version, "norm": norm}


def invite(one: Round, **how: Any) -> str:
    done = rounds.invite_again(one.pk, **how)
    n = len(done.invited)
    text = ngettext("%(n)s person is invited.", "%(n)s people are invited.", n) % {"n": n}
    why = {refusal.code: say(refusal) for _signup, reasons in done.refused for refusal in reasons}
    return " ".join([text, *why.values()])


DOINGS: dict[str, Callable[..., str]] = {"measure": measure, "adopt": adopt, "invite": invite}
