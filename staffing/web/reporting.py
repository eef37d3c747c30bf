"""The person's own pages: agreeing to a secondment by a link, and reporting in on the spot (报到)."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communities.errors import Gone, Refused
from communities.messages import links
from communities.messages.links import Purpose
from communities.models import Area, Organisation, User
from communities.queries.customs import customs_of
from communities.rules.names import first_name
from communities.rules.words import clean_name
from communities.web.forms import status_of
from staffing.actions import secondments
from staffing.models import Secondment
from staffing.phrases import field_error
from staffing.rules.secondments import LONGEST
from staffing.states import SecondmentStatus
from staffing.web.desk_forms import DayField
from staffing.web.refusals import why_not
from staffing.web.secondments_desk import days
from volunteers.models import Volunteer

get_and_post = require_http_methods(["GET", "HEAD", "POST"])
ASKED = {SecondmentStatus.ACCEPTED, SecondmentStatus.APPROVED, SecondmentStatus.PROPOSED}
ABOUT = ("volunteer__user", "organisation", "area", "role")


@never_cache
@get_and_post
def duty_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The link only opens the page; the answer is a POST."""
    now, link = timezone.now(), links.opened(token)
    found = Secondment.objects.select_related(*ABOUT).filter(pk=link.id).first()
    if link.purpose != Purpose.SECONDMENT or not found:
        raise Http404
    if now >= link.expires:
        raise Gone("expired")
    if request.method != "POST":
        return page_of(request, found)
    try:
        answered(request, found)
    except Refused as refused:
        newest = Secondment.objects.select_related(*ABOUT).get(pk=found.pk)
        return page_of(request, newest, status=refused.status, reasons=why_not(refused.reasons))
    return HttpResponseRedirect(request.path, status=303)


def answered(request: HttpRequest, found: Secondment) -> None:
    if request.POST.get("answer") == "agree":
        secondments.acknowledge(found.pk, now=timezone.now())
    else:
        secondments.decline(found.pk, now=timezone.now())


def page_of(request: HttpRequest, found: Secondment, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "found": found,
        "zone": customs_of([found.area_id])[found.area_id].zone,
        "first_name": first_name(found.volunteer.user.name),
        "asked": not found.acknowledged_at and found.status in ASKED,
        "agreed": bool(found.acknowledged_at) and found.status not in {"ended", "recalled", "rejected", "withdrawn"},
    }
    return render(request, "staffing/duty.html", context | more, status=status)


class ReportForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    organisation = forms.ModelChoiceField(Organisation.objects.order_by("path"), label=_("My unit"), empty_label=None)
    last = DayField(label=_("I can stay until"), help_text=_("At most 14 days at a time; it can be renewed."))
    is_adult = forms.BooleanField(label=_("I am 18 or over"))

    def __init__(self, *args: Any, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "is_adult") if known else ():
            del self.fields[name]

    def clean_name(self) -> str:
        if not (name := clean_name(self.cleaned_data["name"])):
            raise forms.ValidationError(field_error("bad_name"))
        return name


@never_cache
@get_and_post
@login_required
def report_in(request: HttpRequest, pk: int) -> HttpResponse:
    """What the code at the door opens: my unit, and how long I stay."""
    area, now = get_object_or_404(Area, pk=pk), timezone.now()
    zone = customs_of([area.pk])[area.pk].zone
    person = Volunteer.objects.filter(user=request.user).first()
    waiting = Secondment.objects.open().filter(volunteer=person, area=area).select_related(*ABOUT).first()
    last = now.astimezone(zone).date() + timedelta(days=13)
    known = bool(person and request.user.name)
    form = ReportForm(request.POST or None, known=known, initial={"last": last, "name": request.user.name})
    context = {"area": area, "form": form, "zone": zone, "found": waiting}
    if request.method != "POST" or not form.is_valid():
        return render(request, "staffing/report_in.html", context, status=status_of(form))
    try:
        report(request.user, area, form.cleaned_data, now)
    except Refused as refused:
        context |= {"reasons": why_not(refused.reasons)}
        return render(request, "staffing/report_in.html", context, status=refused.status)
    return HttpResponseRedirect(request.path, status=303)


def report(user: User, area: Area, said: dict[str, Any], now: datetime) -> Secondment:
    """Until the end of the last day, a fortnight at most."""
    zone = customs_of([area.pk])[area.pk].zone
    end = min(days(said["last"], said["last"], zone)[1], now + LONGEST)
    return secondments.report_in(said["organisation"].pk, area.pk, end, by=user, name=said.get("name", ""), now=now)
