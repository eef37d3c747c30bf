"""Seats of a call that may stay empty: whose holder does not answer, and who could be asked instead."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from communities.access import May, within
from communities.models.messages import CHANNELS
from staffing.access import calls_visible_to, load
from staffing.models import CallUp
from staffing.queries import risks
from staffing.queries.reserves import in_reserve
from staffing.rules.escalation import Risk
from staffing.web import words
from staffing.web.pages import rights, show, staff_only

WHY = {
    Risk.SILENT: gettext_lazy("no answer"),
    Risk.UNREACHABLE: gettext_lazy("not reached"),
}


@require_safe
@staff_only
def call_risks(request: HttpRequest, pk: int) -> HttpResponse:
    """With names, so for those who may see them."""
    named = CallUp.objects.filter(within(request.user, May.NAMES, "community"))
    call = load(calls_visible_to(request.user).select_related("community"), named, pk=pk)
    found = risks.at_risk(call, timezone.now())
    context = {
        "call": call,
        "title": words.local(call, "activity"),
        "rows": [(one, WHY[one.risk], [CHANNELS[way] for way in one.ways]) for one in found],
        "reserves": in_reserve(call.pk),
        "rights": rights(request.user, call.community),
    }
    return show(request, "desk/risks.html", call.community, current="desk", **context)
