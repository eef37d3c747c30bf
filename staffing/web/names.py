"""Names for a promise, given by the link in a message: no account is needed, and the link is good until they are due."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communities.errors import Refused
from communities.models import User
from communities.queries.customs import customs_of
from communities.web.forms import status_of
from staffing.actions import newcomers
from staffing.models import Pledge
from staffing.queries.links import pledge_by_link
from staffing.states import PledgeStatus
from staffing.web.pages import attempt
from staffing.web.people_forms import NamedForm
from staffing.web.refusals import why_not
from staffing.web.roster import community_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    reader, pledge = pledge_by_link(token, now)
    form = NamedForm(request.POST or None, community=community_of(pledge.post.shift))
    if request.method != "POST" or not form.is_valid():
        return page_of(request, pledge, form, status=status_of(form))
    try:
        named = attempt(form, lambda: name(form, pledge, reader, now))
    except Refused as refused:
        return page_of(request, pledge, form, status=refused.status, reasons=why_not(refused.reasons))
    if not named:
        return page_of(request, pledge, form, status=400)
    messages.success(request, _("%(who)s has a seat and is told.") % {"who": form.cleaned_data["name"]})
    return HttpResponseRedirect(request.path, status=303)


def name(form: NamedForm, pledge: Pledge, reader: User, now: datetime) -> object:
    if not reader.is_active:
        raise Http404
    return newcomers.name(pledge.pk, form.newcomer(), by=reader, now=now)


def page_of(request: HttpRequest, pledge: Pledge, form: NamedForm, status: int = 200, **more: object) -> HttpResponse:
    shift = pledge.post.shift
    context = {
        "pledge": pledge,
        "shift": shift,
        "form": form if pledge.status == PledgeStatus.OPEN else None,
        "people": pledge.sign_ups.select_related("volunteer__user").order_by("pk"),
        "zone": customs_of([shift.site.area_id])[shift.site.area_id].zone,
    }
    return render(request, "staffing/names.html", context | more, status=status)
