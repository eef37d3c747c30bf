"""Supplies at the desk: what has to be brought, to which door, by whom, and how the need has changed."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from communities.access import May, may
from communities.models import Area, Compound
from staffing import access
from staffing.actions import supplies as actions
from staffing.actions.supplies import MOST_PARCELS, Wish
from staffing.models import SupplyRequest
from staffing.models.supplies import SUPPLY_NEEDS
from staffing.queries import supplies as queries
from staffing.states import SUPPLY_OVER, SupplyNeed
from staffing.web.calls_desk import form_page, page_and_post
from staffing.web.desk_forms import ClockField, DayField, ReasonForm, hours
from staffing.web.pages import attempt, back_to, chosen_area, customs, show, staff_only
from volunteers.models import Volunteer


class NeedForm(forms.Form):
    need = forms.ChoiceField(label=gettext_lazy("What"), choices=SUPPLY_NEEDS.items())
    parcels = forms.IntegerField(label=gettext_lazy("Parcels"), min_value=1, max_value=MOST_PARCELS, initial=1)
    day = DayField(label=gettext_lazy("Day"))
    due = ClockField(label=gettext_lazy("By when"))

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def said(self) -> dict[str, Any]:
        found = self.cleaned_data
        due, _end = hours(found["day"], found["due"], found["due"], self.zone)
        return {"need": SupplyNeed(found["need"]), "parcels": found["parcels"], "due_at": due}


class WishForm(NeedForm):
    compound = forms.ModelChoiceField(Compound.objects.none(), label=gettext_lazy("Compound"))
    place = forms.CharField(
        label=gettext_lazy("House, stairwell, flat"),
        max_length=60,
        help_text=gettext_lazy("Only where. No name, no phone, nothing about anybody's health."),
    )
    field_order = ("compound", "place")

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Compound.objects.filter(community__path__startswith=area.path)
        self.fields["compound"].queryset = here.select_related("community").order_by("pk")


class CarrierForm(forms.Form):
    carrier = forms.ModelChoiceField(Volunteer.objects.none(), label=gettext_lazy("Who brings it"), empty_label=None)


def keeps(request: HttpRequest, area: Area) -> bool:
    return may(request.user, May.DOORS, area) or may(request.user, May.RUN, area)


@require_safe
@staff_only
def supplies(request: HttpRequest) -> HttpResponse:
    area, now = chosen_area(request), timezone.now()
    if not area:
        raise Http404
    around = queries.around(area, now)
    listed = around.select_related("compound", "carrier__user").prefetch_related("changes").order_by("due_at", "pk")
    page = Paginator(listed, 50).get_page(request.GET.get("page"))
    doors = queries.doors(page.object_list, request.user)
    context = {
        "page": page,
        "rows": [
            (
                one,
                doors.get(one.pk, ""),
                list(one.changes.all())[:-1],
                one.due_at < now and one.status not in SUPPLY_OVER,
            )
            for one in page.object_list
        ],
        "tally": queries.tally(around, now),
        "keeps": keeps(request, area),
        "names": may(request.user, May.NAMES, area),
        "carriers": queries.carriers(area, now).count(),
    }
    return show(request, "desk/supplies.html", area, current="supplies_desk", **context)


@page_and_post
@staff_only
def supply_new(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.DOORS) or chosen_area(request, May.RUN)
    if not area:
        raise Http404
    zone, now = customs(area).zone, timezone.now()
    form = WishForm(request.POST or None, area=area, zone=zone, initial={"day": now.astimezone(zone).date()})
    if request.method == "POST" and form.is_valid():
        compound = form.cleaned_data["compound"]
        wish = Wish(compound_id=compound.pk, place=form.cleaned_data["place"], **form.said())
        if attempt(form, lambda: actions.ask(compound.community_id, wish, by=request.user, now=now)):
            messages.success(request, _("Written down. Those at the supply station see it."))
            return back_to(request, "supplies_desk")
    return form_page(request, "desk/supply_form.html", area, form, current="supplies_desk")


def load(request: HttpRequest, pk: int) -> SupplyRequest:
    visible = access.supplies_visible_to(request.user).select_related("area", "compound")
    return access.load(visible, access.supplies_run_by(request.user), pk=pk)


@page_and_post
@staff_only
def supply_change(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = load(request, pk), timezone.now()
    zone = customs(found.area).zone
    local = found.due_at.astimezone(zone)
    first = {"need": found.need, "parcels": found.parcels, "day": local.date(), "due": local.time()}
    form = NeedForm(request.POST or None, zone=zone, initial=first)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: actions.change(found.pk, **form.said(), by=request.user, now=now))
        if done:
            messages.success(request, _("Changed. Whoever brings it is told."))
            return back_to(request, "supplies_desk")
    return form_page(request, "desk/supply_change.html", found.area, form, current="supplies_desk", supply=found)


@page_and_post
@staff_only
def supply_hand(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to somebody at the station."""
    found, now = load(request, pk), timezone.now()
    form = CarrierForm(request.POST or None)
    form.fields["carrier"].queryset = queries.carriers(found.area, now)
    if request.method == "POST" and form.is_valid():
        actions.hand(found.pk, form.cleaned_data["carrier"].pk, by=request.user, now=now)
        messages.success(request, _("They are told."))
        return back_to(request, "supplies_desk")
    return form_page(request, "desk/supply_hand.html", found.area, form, current="supplies_desk", supply=found)


@page_and_post
@staff_only
def supply_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = load(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.cancel(found.pk, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("Cancelled. Whoever was to bring it is told."))
        return back_to(request, "supplies_desk")
    return form_page(request, "desk/supply_cancel.html", found.area, form, current="supplies_desk", supply=found)
