"""Closing out an incident: looked at without changing anything, proposed, agreed by a second person, certified."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from communities.access import May, area_paths, areas
from communities.errors import Refused
from communities.models import Area
from communities.phrases import say
from communities.web.forms import status_of
from staffing.access import close_outs_run_by, close_outs_visible_to, load
from staffing.actions import closeouts
from staffing.actions.closeouts import Incident
from staffing.models import CloseOut
from staffing.papers import LANGUAGES, figures, kept, name_of, pdf, seats, tables
from staffing.queries.closeouts import Report, Scope, certificate, report, scope_of
from staffing.rules.closeouts import LONGEST_NOTICE, SHORTEST_NOTICE, USUAL_NOTICE, refusals
from staffing.states import CloseOutStatus
from staffing.web.calls_desk import page_and_post
from staffing.web.closeouts import holds
from staffing.web.desk_forms import DayField
from staffing.web.pages import attempt, back_to, chosen_area, customs, need, show, staff_only

PER_PAGE = 30
CHIPS = {
    CloseOutStatus.PROPOSED: ("info", "half"),
    CloseOutStatus.AGREED: ("warn", "clock"),
    CloseOutStatus.RUNNING: ("warn", "half"),
    CloseOutStatus.DONE: ("ok", "check"),
    CloseOutStatus.WITHDRAWN: ("off", "dash"),
}
ACTS = {"agree": closeouts.agree, "withdraw": closeouts.withdraw}


class CloseOutForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("What is over"), max_length=120)
    first = DayField(label=gettext_lazy("First day"))
    last = DayField(label=gettext_lazy("Last day"))
    notice_days = forms.IntegerField(
        label=gettext_lazy("Days of notice"),
        min_value=SHORTEST_NOTICE,
        max_value=LONGEST_NOTICE,
        initial=USUAL_NOTICE,
        help_text=gettext_lazy("The people are told, and have so long to take their certificates or to stay."),
    )

    def incident(self, area: Area, zone: ZoneInfo) -> Incident:
        """Both days included, by the area's clock."""
        said = self.cleaned_data
        start = datetime.combine(said["first"], datetime.min.time(), zone)
        end = datetime.combine(said["last"] + timedelta(days=1), datetime.min.time(), zone)
        return Incident(area.pk, said["title"], start, end, said["notice_days"])


def as_shown(found: Report) -> dict[str, Any]:
    """The figures in words."""
    return {
        "found": found,
        "kept": kept(found.kept),
        "rows": tables(found.rows),
        "seats": seats(found.totals),
        "reasons": [say(reason) for reason in refusals(found.open)],
    }


@require_safe
@staff_only
def close_outs(request: HttpRequest) -> HttpResponse:
    if not area_paths(request.user, May.CLOSE) and not area_paths(request.user, May.HISTORY):
        raise Http404
    area = chosen_area(request, May.SEE)
    found = close_outs_visible_to(request.user).select_related("area")
    if area:
        found = found.filter(area__path__startswith=area.path)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    for one in page.object_list:
        one.chip = (*CHIPS[one.status], one.get_status_display())
    may_close = bool(area and areas(request.user, May.CLOSE).filter(pk=area.pk).exists())
    return show(request, "desk/close_outs.html", area, current="people", page=page, may_close=may_close)


@page_and_post
@staff_only
def close_out_new(request: HttpRequest) -> HttpResponse:
    """What closing would do, at the days in the form; proposed only by the second button."""
    area, now = chosen_area(request, May.SEE), timezone.now()
    if not area:
        raise Http404
    need(request.user, May.CLOSE, area)
    zone = customs(area).zone
    form = CloseOutForm(request.POST or request.GET if "first" in (request.POST or request.GET) else None)
    foreseen = None
    if form.is_bound and form.is_valid():
        incident = form.incident(area, zone)
        foreseen = as_shown(report(Scope(area.path, incident.start, incident.end), now))
        if request.method == "POST" and (made := proposed(form, incident, request, now)):
            messages.success(request, _("Proposed. A second person has to agree."))
            return HttpResponseRedirect(reverse("close_out", args=[made.pk]), status=303)
    context = {"form": form, "foreseen": foreseen}
    return show(request, "desk/close_out_new.html", area, current="people", status=status_of(form), **context)


def proposed(form: CloseOutForm, incident: Incident, request: HttpRequest, now: datetime) -> CloseOut | None:
    try:
        return attempt(form, lambda: closeouts.propose(incident, by=request.user, now=now))
    except Refused as refused:
        form.add_error(None, [say(reason) for reason in refused.reasons])
    return None


def seen(request: HttpRequest, pk: int) -> CloseOut:
    rows = close_outs_visible_to(request.user)
    return get_object_or_404(rows.select_related("area", "proposed_by", "agreed_by", "withdrawn_by"), pk=pk)


@require_safe
@staff_only
def close_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Before: what it would do now. Afterwards: the certificate of destruction, fit to be printed."""
    one = seen(request, pk)
    done = one.status == CloseOutStatus.DONE
    runs = close_outs_run_by(request.user).filter(pk=one.pk).exists()
    open_ = one.status in (CloseOutStatus.PROPOSED, CloseOutStatus.AGREED)
    context = {
        "one": one,
        "chip": (*CHIPS[one.status], one.get_status_display()),
        "may_agree": runs and one.status == CloseOutStatus.PROPOSED and one.proposed_by_id != request.user.pk,
        "may_withdraw": runs and open_,
        **(certified(one) if done else as_shown(report(scope_of(one), timezone.now())) if open_ else {}),
    }
    return show(request, "desk/close_out.html", one.area, current="people", **context)


def certified(one: CloseOut) -> dict[str, Any]:
    return {"holds": holds(one), "people": one.counts.get("people", 0), **figures(one)}


@require_POST
@staff_only
def close_out_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    one = load(close_outs_visible_to(request.user), close_outs_run_by(request.user), pk=pk)
    ACTS[doing](one.pk, by=request.user, now=timezone.now())
    messages.success(request, _("Agreed. The people are told.") if doing == "agree" else _("Taken back."))
    return back_to(request, "close_out", one.pk)


@require_safe
@staff_only
def close_out_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate as JSON, with its digest: SHA-256 of `certificate` with keys sorted and no spaces."""
    one = seen(request, pk)
    if one.status != CloseOutStatus.DONE:
        raise Http404
    answer = JsonResponse(
        {"certificate": certificate(one), "digest": one.digest}, json_dumps_params={"ensure_ascii": False}
    )
    answer["Content-Disposition"] = f'attachment; filename="close-out-{one.pk}.json"'
    return answer


@require_safe
@staff_only
def close_out_paper(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The certificate on paper, in Chinese or English."""
    one = seen(request, pk)
    if one.status != CloseOutStatus.DONE or language not in LANGUAGES:
        raise Http404
    answer = HttpResponse(pdf(one, language), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name_of(one, language)}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
