"""The dispatcher's pages: rides of the area, a new one, those of a roster, and the drivers."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from communities.access import May
from communities.models import Area, Site
from staffing import access
from staffing.actions import rides as actions
from staffing.actions.rides import RidePlan
from staffing.models import Driver
from staffing.models.rides import VEHICLE_CLASSES
from staffing.queries import rides as queries
from staffing.states import VehicleClass
from staffing.web.calls_desk import form_page, page_and_post
from staffing.web.desk_forms import ClockField, DayField, ReasonForm, hours
from staffing.web.pages import attempt, back_to, chosen_area, customs, rights, show, staff_only


class RideForm(forms.Form):
    origin = forms.CharField(label=gettext_lazy("Pick up at"), max_length=120)
    origin_en = forms.CharField(label=gettext_lazy("Pick up at, in English"), max_length=120, required=False)
    origin_note = forms.CharField(label=gettext_lazy("Where exactly"), max_length=120, required=False)
    destination = forms.ModelChoiceField(Site.objects.none(), label=gettext_lazy("Take to"))
    day = DayField(label=gettext_lazy("Day"))
    pick_up = ClockField(label=gettext_lazy("Pick up before"))
    arrive = ClockField(label=gettext_lazy("Arrive by"))
    passengers = forms.IntegerField(label=gettext_lazy("Passengers"), min_value=1, max_value=60, initial=4)
    vehicle_class = forms.ChoiceField(label=gettext_lazy("Vehicle"), choices=VEHICLE_CLASSES.items())

    def __init__(self, *args: Any, area: Area, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["destination"].queryset = Site.objects.filter(area__path__startswith=area.path)

    def plan(self) -> RidePlan:
        found = self.cleaned_data
        start, end = hours(found["day"], found["pick_up"], found["arrive"], self.zone)
        return RidePlan(
            origin=found["origin"],
            origin_en=found["origin_en"],
            origin_note=found["origin_note"],
            destination_id=found["destination"].pk,
            pick_up_at=start,
            arrive_by=end,
            passengers=found["passengers"],
            vehicle_class=VehicleClass(found["vehicle_class"]),
        )


@require_safe
@staff_only
def rides(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request)
    if not area:
        raise Http404
    now = timezone.now()
    around = queries.around(area, now)
    listed = around.select_related("destination", "driver__volunteer__user").order_by("pick_up_at", "pk")
    drivers = Driver.objects.filter(area__path__startswith=area.path).select_related("volunteer__user", "fleet")
    context = {
        "page": Paginator(listed, 50).get_page(request.GET.get("page")),
        "tally": queries.tally(around),
        "drivers": drivers.order_by(F("on_duty_until").desc(nulls_last=True), "pk")[:200],
        "rights": rights(request.user, area),
    }
    return show(request, "desk/rides.html", area, current="rides_desk", **context)


@page_and_post
@staff_only
def ride_new(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.RUN)
    if not area:
        raise Http404
    zone, now = customs(area).zone, timezone.now()
    form = RideForm(request.POST or None, area=area, zone=zone, initial={"day": now.astimezone(zone).date()})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.post(area.pk, form.plan(), by=request.user, now=now))
        if made:
            messages.success(request, _("The ride is on offer. Drivers on duty are told."))
            return back_to(request, "rides_desk")
    return form_page(request, "desk/ride_form.html", area, form)


@page_and_post
@staff_only
def ride_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    ride = access.load(access.rides_visible_to(request.user), access.rides_run_by(request.user), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.cancel(ride.pk, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("Cancelled. The driver is told."))
        return back_to(request, "rides_desk")
    return form_page(request, "desk/ride_cancel.html", ride.area, form, ride=ride)


@require_POST
@staff_only
def shift_rides(request: HttpRequest, pk: int) -> HttpResponse:
    """Rides for everybody of the shift who lives elsewhere."""
    shifts = access.shifts_visible_to(request.user)
    shift = access.load(shifts, access.shifts_run_by(request.user), pk=pk)
    made = actions.post_for_roster(shift.pk, by=request.user, now=timezone.now())
    n = len(made)
    told = ngettext("%(n)d ride is on offer.", "%(n)d rides are on offer.", n) % {"n": n}
    messages.success(request, told if made else _("Everybody lives here or has a ride."))
    return back_to(request, "roster", shift.pk)


@require_POST
@staff_only
def driver_verify(request: HttpRequest, pk: int) -> HttpResponse:
    driver = access.load(access.drivers_visible_to(request.user), access.drivers_run_by(request.user), pk=pk)
    actions.verify(driver.pk, by=request.user, now=timezone.now())
    messages.success(request, _("Checked. The driver may claim rides."))
    return back_to(request, "rides_desk")
