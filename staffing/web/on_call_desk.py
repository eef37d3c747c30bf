"""Outside crews at the desk: who is on call now, the days ahead, a duty with its checklist."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from communities.access import May, may, organisation_paths
from communities.models import Area, Organisation, Site
from communities.rules.words import clean_phone
from staffing import access
from staffing.actions import on_call as actions
from staffing.actions.on_call import CrewPlan
from staffing.models import Inspection, OnCall, OutsideCrew
from staffing.models.on_call import TRADES
from staffing.phrases import field_error
from staffing.queries import on_call as queries
from staffing.rules.on_call import items
from staffing.states import Trade
from staffing.web.calls_desk import form_page, page_and_post
from staffing.web.desk_forms import ClockField, DayField, ReasonForm, area_text, hours
from staffing.web.pages import attempt, back_to, chosen_area, customs, show, staff_only


class CrewForm(forms.Form):
    organisation = forms.ModelChoiceField(
        Organisation.objects.order_by("path"), label=gettext_lazy("Organisation"), empty_label=None
    )
    trade = forms.ChoiceField(label=gettext_lazy("What they keep going"), choices=TRADES.items())
    name = forms.CharField(label=gettext_lazy("Name of the crew"), max_length=120)
    contact = forms.CharField(label=gettext_lazy("Whom to ask for"), max_length=120)
    phone = forms.CharField(
        label=gettext_lazy("Phone"), max_length=30, widget=forms.TextInput({"type": "tel", "autocomplete": "off"})
    )
    checklist = forms.CharField(
        label=gettext_lazy("What they look at, one a line"), widget=area_text(4), required=False
    )

    def clean_phone(self) -> str:
        phone = clean_phone(self.cleaned_data["phone"], demo=settings.DEMO)
        if not phone:
            raise forms.ValidationError(field_error("bad_phone"))
        return phone

    def plan(self) -> CrewPlan:
        found = self.cleaned_data
        return CrewPlan(organisation=found.pop("organisation").pk, trade=Trade(found.pop("trade")), **found)


class DutyForm(forms.Form):
    crew = forms.ModelChoiceField(OutsideCrew.objects.none(), label=gettext_lazy("Crew"), empty_label=None)
    site = forms.ModelChoiceField(Site.objects.none(), label=gettext_lazy("Where"), empty_label=None)
    day = DayField(label=gettext_lazy("Day"))
    start = ClockField(label=gettext_lazy("From"))
    end = ClockField(label=gettext_lazy("Until"), help_text=gettext_lazy("Earlier than the start means the next day."))
    checklist = forms.CharField(
        label=gettext_lazy("What to look at, one a line"),
        widget=area_text(4),
        required=False,
        help_text=gettext_lazy("Left empty: what the crew always looks at."),
    )

    def __init__(self, *args: Any, area: Area, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        crews = OutsideCrew.objects.filter(area__path__startswith=area.path)
        self.fields["crew"].queryset = crews.select_related("organisation").order_by("trade", "name")
        self.fields["site"].queryset = Site.objects.filter(area__path__startswith=area.path).order_by(
            "kind", "no", "pk"
        )


@require_safe
@staff_only
def on_calls(request: HttpRequest) -> HttpResponse:
    area, now = chosen_area(request), timezone.now()
    if area:
        rows = queries.around(area, now)
    elif organisation_paths(request.user, May.PLEDGE):
        rows = queries.counted(access.on_calls_visible_to(request.user)).order_by("-period", "-pk")
    else:
        raise Http404
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    phones = queries.phones({one.crew_id for one in page.object_list}, request.user)
    context = {
        "page": page,
        "rows": [
            (one, phones.get(one.crew_id, ""), one.period.lower <= now < one.period.upper) for one in page.object_list
        ],
        "run": bool(area and may(request.user, May.RUN, area)),
        "crews": OutsideCrew.objects.filter(area__path__startswith=area.path).count() if area else 0,
    }
    return show(request, "desk/on_calls.html", area, current="on_calls", **context)


@page_and_post
@staff_only
def crew_new(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.RUN)
    if not area:
        raise Http404
    form = CrewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.register(area.pk, form.plan(), by=request.user))
        if made:
            messages.success(request, _("The crew is known now. Next: when are they on call?"))
            return back_to(request, "on_call_new")
    return form_page(request, "desk/crew_form.html", area, form, current="on_calls")


@page_and_post
@staff_only
def on_call_new(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.RUN)
    if not area:
        raise Http404
    zone, now = customs(area).zone, timezone.now()
    form = DutyForm(request.POST or None, area=area, zone=zone, initial={"day": now.astimezone(zone).date()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        start, end = hours(said["day"], said["start"], said["end"], zone)
        made = attempt(
            form,
            lambda: actions.plan(
                said["crew"].pk, said["site"].pk, start, end, items(said["checklist"]), by=request.user, now=now
            ),
        )
        if made:
            messages.success(request, _("They are on call then."))
            return back_to(request, "on_call", made.pk)
    return form_page(request, "desk/on_call_form.html", area, form, current="on_calls")


@require_safe
@staff_only
def on_call(request: HttpRequest, pk: int) -> HttpResponse:
    """A duty with its checklist."""
    duty = get_object_or_404(queries.counted(access.on_calls_visible_to(request.user)), pk=pk)
    context = {
        "duty": duty,
        "phone": queries.phones({duty.crew_id}, request.user).get(duty.crew_id, ""),
        "things": duty.inspections.select_related("done_by"),
        "ticks": access.inspected_by(request.user).filter(pk=pk).exists() and not duty.cancelled_at,
        "run": access.on_calls_run_by(request.user).filter(pk=pk).exists() and not duty.cancelled_at,
    }
    return show(request, "desk/on_call.html", duty.crew.area, current="on_calls", **context)


def thing(request: HttpRequest, pk: int) -> Inspection:
    found = get_object_or_404(Inspection, pk=pk, on_call__in=access.on_calls_visible_to(request.user))
    access.load(access.on_calls_visible_to(request.user), access.inspected_by(request.user), pk=found.on_call_id)
    return found


@require_POST
@staff_only
def inspection_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    """In order, not in order with what was found, or back to undone."""
    found, now = thing(request, pk), timezone.now()
    if doing == "undo":
        actions.untick(found.pk, by=request.user, now=now)
    elif doing == "faulty" and not request.POST.get("finding", "").strip():
        messages.error(request, field_error("finding_missing"))
    else:
        finding = request.POST.get("finding", "")
        actions.tick(found.pk, fine=doing == "fine", finding=finding, by=request.user, now=now)
    return back_to(request, "on_call", found.on_call_id, anchor=f"#i{found.pk}")


@page_and_post
@staff_only
def on_call_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    visible = access.on_calls_visible_to(request.user).select_related("crew__area", "site")
    duty: OnCall = access.load(visible, access.on_calls_run_by(request.user), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.cancel(duty.pk, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("Cancelled. Another crew may stand by then."))
        return back_to(request, "on_calls")
    return form_page(request, "desk/on_call_cancel.html", duty.crew.area, form, current="on_calls", duty=duty)
