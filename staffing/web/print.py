"""Sheets for paper: the poster of a call, and the gate sheets, one A4 per point."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities.access import May, within
from staffing.access import calls_visible_to, load
from staffing.models import CallUp
from staffing.queries.plans import still_wanted
from staffing.queries.sheets import sheets
from staffing.web import words
from staffing.web.links import public_link
from staffing.web.pages import show, staff_only


@require_safe
@staff_only
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    visible = calls_visible_to(request.user).select_related("community", "contact")
    call = load(visible, visible, pk=pk)
    context = {
        "call": call,
        "title": words.local(call, "title"),
        "activity": words.local(call, "activity"),
        "risks": words.local(call, "risks").splitlines(),
        "protection": words.local(call, "protection").splitlines(),
        "missing": still_wanted(call, timezone.now()),
        "link": public_link(call),
    }
    return show(request, "desk/poster.html", call.community, **context)


@require_safe
@staff_only
def gate_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Names to tick off at the gate, so for those who may see names; of the phone the last four digits."""
    named = CallUp.objects.filter(within(request.user, May.NAMES, "community"))
    call = load(calls_visible_to(request.user).select_related("community"), named, pk=pk)
    title = _("Gate sheets: %(activity)s") % {"activity": words.local(call, "activity")}
    return show(request, "desk/gate_sheet.html", call.community, call=call, sheets=sheets(call), title=title)
