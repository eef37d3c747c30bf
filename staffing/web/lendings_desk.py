"""Lending people between communities: proposed above both, a yes or a no at each end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Count, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from communities.access import May, area_paths, areas, may
from communities.models import Area, User
from communities.numbers import number_in, numbers_in
from communities.phrases import say, say_code
from communities.web.forms import status_of
from staffing import access
from staffing.access import load
from staffing.actions import lendings
from staffing.actions.lendings import Plan, Proposed
from staffing.models import Lending
from staffing.queries import lendings as queries
from staffing.queries.command import FURTHER
from staffing.queries.lendings import Span
from staffing.states import LendingEnd, LendingStatus
from staffing.web.calls_desk import page_and_post
from staffing.web.desk_forms import ClockField, DayField, ReasonForm
from staffing.web.pages import attempt, back_to, customs, show, staff_only
from staffing.web.refusals import why_not
from volunteers.models import Volunteer

PER_PAGE = 30
HALF_A_DAY, THE_WAY = timedelta(hours=12), timedelta(hours=1)
CHIPS = {
    LendingStatus.PROPOSED: ("info", "half"),
    LendingStatus.AGREED: ("ok", "check"),
    LendingStatus.REFUSED: ("off", "ban"),
    LendingStatus.WITHDRAWN: ("off", "dash"),
    LendingStatus.ENDED: ("off", "clock"),
}


class LendingForm(ReasonForm):
    day = DayField(label=gettext_lazy("From, day"))
    clock = ClockField(label=gettext_lazy("From"))
    until_day = DayField(label=gettext_lazy("Until, day"))
    until_clock = ClockField(label=gettext_lazy("Until"))

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def span(self) -> tuple[datetime, datetime]:
        said = self.cleaned_data
        return (
            datetime.combine(said["day"], said["clock"], self.zone),
            datetime.combine(said["until_day"], said["until_clock"], self.zone),
        )


def usual(taker: Area, now: datetime) -> tuple[datetime, datetime]:
    """From an hour before the first open seat there to the end of the last one; else from now for half a day."""
    found = queries.hours_of_need(taker, now, now + FURTHER)
    if not found:
        return now, now + HALF_A_DAY
    return max(now, found[0] - THE_WAY), found[1]


def initial(start: datetime, end: datetime, zone: ZoneInfo) -> dict[str, Any]:
    first, last = (instant.astimezone(zone).replace(second=0, microsecond=0) for instant in (start, end))
    last += timedelta(minutes=end.second > 0 or end.microsecond > 0)
    return {"day": first.date(), "clock": first.time(), "until_day": last.date(), "until_clock": last.time()}


@require_safe
@staff_only
def lendings_desk(request: HttpRequest) -> HttpResponse:
    """Those of one's areas: what waits for a yes first, then the newest."""
    if not (area_paths(request.user, May.RUN) or area_paths(request.user, May.SHARE)):
        raise Http404
    rows = access.lendings_visible_to(request.user).select_related("giver", "taker", "proposed_by")
    waits = Case(When(status=LendingStatus.PROPOSED, then=0), default=1)
    listed = rows.annotate(number=Count("people")).order_by(waits, "-pk")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.chip = (*CHIPS[LendingStatus(row.status)], row.get_status_display())
    return show(request, "command/lendings.html", None, current="lendings", page=page)


def chosen(request: HttpRequest, name: str) -> Area:
    """An area named in the address or the form, below a node where the reader may propose."""
    pk = number_in(request.POST.get(name) or request.GET.get(name))
    return get_object_or_404(areas(request.user, May.SHARE), pk=pk)


@page_and_post
@staff_only
def lending_new(request: HttpRequest) -> HttpResponse:
    """Whom of one community another may have: who can help there is ticked, who cannot is told with why."""
    taker, giver = chosen(request, "taker"), chosen(request, "giver")
    zone, now = customs(taker).zone, timezone.now()
    span = usual(taker, now)
    form = LendingForm(request.POST or None, zone=zone, initial=initial(*span, zone))
    if request.method == "POST" and form.is_valid():
        people = numbers_in(request.POST.getlist("p"))
        plan = Plan(giver.pk, taker.pk, people, *form.span(), reason=form.cleaned_data["reason"])
        made = attempt(form, lambda: lendings.propose(plan, by=request.user, now=now))
        if made:
            told(request, made)
            return HttpResponseRedirect(reverse("lending", args=[made.lending.pk]), status=303)
    start, end = form.span() if form.is_bound and form.is_valid() else span
    context = {
        "form": form,
        "taker": taker,
        "giver": giver,
        "rows": candidates(Span(giver, taker, start, end), now),
        "bound": form.is_bound,
        "ticked": set(numbers_in(request.POST.getlist("p"))),
    }
    return show(request, "command/lending_new.html", taker, current="lendings", status=status_of(form), **context)


def candidates(span: Span, now: datetime) -> list[tuple[Volunteer, list[str]]]:
    """Who has nothing to do at home then, with the reasons against; those who can help first."""
    people = queries.spare(span)
    found = queries.reasons([one.pk for one in people], span, now)
    rows = [(one, why_not(found[one.pk]) if found[one.pk] else []) for one in people]
    return sorted(rows, key=lambda row: bool(row[1]))


def told(request: HttpRequest, made: Proposed) -> None:
    messages.success(request, _("Both communities are asked."))
    names = dict(Volunteer.objects.filter(pk__in=made.stayed).values_list("pk", "user__name"))
    for pk, reasons in list(made.stayed.items())[:10]:
        why = " ".join(say(reason) for reason in reasons)
        messages.warning(request, _("%(who)s is left out: %(why)s") % {"who": names[pk], "why": why})


def seen(request: HttpRequest, pk: int) -> Lending:
    rows = access.lendings_visible_to(request.user)
    return get_object_or_404(rows.select_related("giver", "taker", "proposed_by", "given_by", "taken_by"), pk=pk)


@require_safe
@staff_only
def lending(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    people = found.people.select_related("volunteer__user").order_by("pk")
    context = {
        "found": found,
        "chip": (*CHIPS[LendingStatus(found.status)], found.get_status_display()),
        "people": [(one, say_code(one.dropped) if one.dropped else "") for one in people],
        "gives": may(request.user, May.RUN, found.giver),
        "takes": may(request.user, May.RUN, found.taker),
        "proposes": access.lendings_proposed_by(request.user).filter(pk=pk).exists(),
        "history": may(request.user, May.HISTORY, found.giver) or may(request.user, May.HISTORY, found.taker),
        "form": ReasonForm(),
    }
    return show(request, "command/lending.html", found.taker, current="lendings", **context)


def deeds(found: Lending, request: HttpRequest) -> dict[str, tuple[Any, Callable[[User, datetime], object]]]:
    """What may be done: by whom, and how."""
    pk, answer = found.pk, request.POST.get("reason", "")
    decided, proposed = access.lendings_decided_by, access.lendings_proposed_by
    return {
        "give": (access.lendings_given_by, lambda by, now: lendings.agree(pk, LendingEnd.GIVER, by=by, now=now)),
        "take": (access.lendings_taken_by, lambda by, now: lendings.agree(pk, LendingEnd.TAKER, by=by, now=now)),
        "refuse": (decided, lambda by, now: lendings.refuse(pk, answer, by=by, now=now)),
        "withdraw": (proposed, lambda by, now: lendings.withdraw(pk, by=by, now=now)),
        "end": (access.lendings_ended_by, lambda by, now: lendings.end(pk, by=by, now=now)),
    }


@require_POST
@staff_only
def lending_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    found = seen(request, pk)
    allowed, act = deeds(found, request)[doing]
    load(access.lendings_visible_to(request.user), allowed(request.user), pk=pk)
    form = ReasonForm(request.POST)
    form.is_valid()
    if attempt(form, lambda: act(request.user, timezone.now())) is None:
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
    else:
        messages.success(request, DONE[doing])
    return back_to(request, "lending", pk)


DONE = {
    "give": gettext_lazy("Your yes is noted."),
    "take": gettext_lazy("Your yes is noted."),
    "refuse": gettext_lazy("Both communities and who proposed it are told."),
    "withdraw": gettext_lazy("Both communities are told."),
    "end": gettext_lazy("It is over; seats given to lent staff that begin later are open again."),
}
