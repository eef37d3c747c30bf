"""A round of doors at the desk: begun, dealt, given out, watched by entrance, decided where two differ, and closed."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from communities.access import May
from communities.errors import Invalid
from communities.models import Area, Compound, User
from communities.numbers import number_in
from staffing import access
from staffing.actions import beats, door_visits
from staffing.actions import door_rounds as actions
from staffing.actions.door_rounds import RoundPlan
from staffing.models import Beat, BeatHolding, DoorRound, RoundDoor, Shift
from staffing.queries import door_rounds as queries
from staffing.queries.beats import seats_for, with_holders
from staffing.rules.beats import Stairs, load
from staffing.rules.doors import TRIES
from staffing.states import DoorOutcome, Need
from staffing.web.calls_desk import form_page, leaders, page_and_post
from staffing.web.desk_forms import ClockField, DayField, area_text, hours
from staffing.web.door_words import LOOKS, NEED_ICONS
from staffing.web.doors import TAPS
from staffing.web.pages import attempt, back_to, chosen_area, customs, rights, show, staff_only

PER_PAGE = 20


class RoundForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("What for"), max_length=120)
    title_en = forms.CharField(label=gettext_lazy("What for, in English"), max_length=120, required=False)
    buildings = forms.MultipleChoiceField(label=gettext_lazy("Which buildings"), widget=forms.CheckboxSelectMultiple)
    day = DayField(label=gettext_lazy("Day"))
    start = ClockField(label=gettext_lazy("From"))
    end = ClockField(label=gettext_lazy("Until"), help_text=gettext_lazy("Earlier than the start means the next day."))
    shift = forms.ModelChoiceField(Shift.objects.none(), label=gettext_lazy("Shift of those who knock"), required=False)
    owner = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who takes the needs"), empty_label=None)
    script = forms.CharField(label=gettext_lazy("What to say at the door"), widget=area_text(), required=False)
    script_en = forms.CharField(label=gettext_lazy("What to say, in English"), widget=area_text(), required=False)

    def __init__(self, *args: Any, area: Area, by: User, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.entrances = list(queries.with_doors(area.pk))
        self.fields["buildings"].choices = list(building_choices(self.entrances))
        upcoming = Shift.objects.upcoming(timezone.now()).filter(site__area__path__startswith=area.path)
        self.fields["shift"].queryset = upcoming.select_related("site")
        people = [by.pk, *(user.pk for user in leaders(area))]
        self.fields["owner"].queryset = User.objects.filter(pk__in=people)
        self.fields["owner"].initial = by.pk

    def plan(self) -> RoundPlan:
        found = self.cleaned_data
        start, end = hours(found["day"], found["start"], found["end"], self.zone)
        wanted = set(found["buildings"])
        return RoundPlan(
            title=found["title"],
            title_en=found["title_en"],
            entrances=[one.pk for one in self.entrances if str(one.building_id) in wanted],
            begins_at=start,
            ends_at=end,
            script=found["script"],
            script_en=found["script_en"],
            shift_id=found["shift"].pk if found["shift"] else None,
            owner_id=found["owner"].pk,
        )


def building_choices(entrances: Sequence[Any]) -> list[tuple[int, str]]:
    """5号院 4号楼 (36), each building once."""
    doors: dict[int, int] = {}
    names: dict[int, str] = {}
    for one in entrances:
        doors[one.building_id] = doors.get(one.building_id, 0) + one.count
        names[one.building_id] = f"{one.building.compound} {one.building.no}"
    return [(pk, f"{names[pk]} ({count})") for pk, count in doors.items()]


@require_safe
@staff_only
def door_rounds(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request)
    if not area:
        raise Http404
    visible = access.door_rounds_visible_to(request.user).filter(area__path__startswith=area.path)
    grid = access.door_rounds_visible_to(request.user).filter(entrances__entrance__building__grid=area)
    page = Paginator((visible | grid).distinct().select_related("area"), PER_PAGE).get_page(request.GET.get("page"))
    figures = queries.totals(page.object_list)
    context = {
        "page": page,
        "rows": [(one, figures.get(one.pk, queries.Figures())) for one in page.object_list],
        "compounds": Compound.objects.filter(community__path__startswith=area.path).order_by("pk")[:50],
        "rights": rights(request.user, area),
    }
    return show(request, "desk/door_rounds.html", area, current="door_rounds", **context)


@page_and_post
@staff_only
def door_round_new(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.RUN)
    if not area:
        raise Http404
    zone, now = customs(area).zone, timezone.now()
    form = RoundForm(
        request.POST or None, area=area, by=request.user, zone=zone, initial={"day": now.astimezone(zone).date()}
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.begin(area.pk, form.plan(), by=request.user, now=now))
        if made:
            return back_to(request, "door_round", made.pk)
    compounds = Compound.objects.filter(community=area).order_by("pk")
    return form_page(request, "desk/door_round_form.html", area, form, current="door_rounds", compounds=compounds)


def seen(request: HttpRequest, pk: int) -> DoorRound:
    visible = access.door_rounds_visible_to(request.user).select_related("area", "owner", "shift__site", "closed_by")
    return get_object_or_404(visible, pk=pk)


@require_safe
@staff_only
def door_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Counts for whoever sees the place; doors for its community and grid alone."""
    found = seen(request, pk)
    rows = list(queries.entrances_of([found]).filter(pk__in=access.round_entrances_visible_to(request.user)))
    dealt, seats = beats_of(request.user, found, rows), list(seats_for(found)[:300]) if not found.closed_at else []
    context = {
        "round": found,
        "figures": queries.total(rows),
        "grounds": queries.grounds(rows),
        "beats": dealt,
        "suggested": len(dealt) or len(seats) or 1,
        "words": [
            (row, [LOOKS[DoorOutcome(word)][2] for word in row.said]) for row in open_questions(request.user, found)
        ],
        "can_deal": not BeatHolding.objects.filter(beat__round=found).exists(),
        "outcomes": [(outcome, *LOOKS[outcome]) for outcome in TAPS if outcome is not DoorOutcome.HOME_SERVICE],
        "needs": [(need, icon, word) for need, (icon, word) in NEED_ICONS.items()],
        "seats": seats,
        "rights": rights(request.user, found.area),
        "people": leaders(found.area) if rights(request.user, found.area).run else [],
        "homes": access.homes_visible_to(request.user).filter(door__stairs__round=found).count(),
    }
    return show(request, "desk/door_round.html", found.area, current="door_rounds", **context)


def beats_of(user: User, found: DoorRound, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Each beat with its entrances, its work, how far it is, and who holds it, where the reader may know."""
    work = {one.entrance: one for one in queries.stairs_of(found)}
    mine = set(access.beats_given_by(user).filter(round=found).values_list("pk", flat=True))
    names = rights(user, found.area).names
    held: dict[int, list[BeatHolding]] = {}
    for holding in with_holders([found]):
        held.setdefault(holding.beat_id, []).append(holding)
    inside: dict[int, list[Any]] = {}
    for row in rows:
        inside.setdefault(row.beat_id or 0, []).append(row)
    return [
        {
            "beat": beat,
            "rows": inside[beat.pk],
            "figures": queries.total(inside[beat.pk]),
            "minutes": load(minutes_of(inside[beat.pk], work)),
            "holdings": held.get(beat.pk, []),
            "mine": beat.pk in mine,
            "names": names or beat.pk in mine,
        }
        for beat in found.beats.all()
        if beat.pk in inside
    ]


def minutes_of(rows: Sequence[Any], work: dict[int, Stairs]) -> list[Stairs]:
    return [work[row.entrance_id] for row in rows]


def open_questions(user: User, found: DoorRound) -> list[RoundDoor]:
    """Doors about which the desk has to say something: told differently, or not answered on any try."""
    doors = access.round_doors_decided_by(user).filter(stairs__round=found)
    asked = doors.filter(said__len__gt=1) | doors.filter(outcome=DoorOutcome.NO_ANSWER, tries__gte=TRIES)
    return list(asked.select_related("door__entrance__building").order_by("stairs", "pk")[:100])


def run(request: HttpRequest, pk: int) -> DoorRound:
    visible = access.door_rounds_visible_to(request.user)
    return access.load(visible, access.door_rounds_run_by(request.user), pk=pk)


@require_POST
@staff_only
def door_round_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    found, now = run(request, pk), timezone.now()
    if doing == "deal":
        made = beats.deal(found.pk, number_in(request.POST.get("beats")) or 0, by=request.user, now=now)
        told = ngettext("%(n)d beat.", "%(n)d beats.", len(made)) % {"n": len(made)}
    elif doing == "owner":
        owner = next((user for user in leaders(found.area) if str(user.pk) == request.POST.get("owner")), None)
        if not owner:
            raise Invalid(owner=_("Choose one."))
        actions.hand_over(found.pk, owner.pk, by=request.user, now=now)
        told = _("Needs go to %(who)s from now on.") % {"who": owner.name}
    else:
        given = beats.hand_out(found.pk, by=request.user, now=now)
        told = ngettext("%(n)d beat given out.", "%(n)d beats given out.", len(given)) % {"n": len(given)}
    messages.success(request, told)
    return back_to(request, "door_round", found.pk)


@page_and_post
@staff_only
def door_round_close(request: HttpRequest, pk: int) -> HttpResponse:
    found = run(request, pk)
    left = queries.total(queries.entrances_of([found]))
    form = WaiverForm(request.POST or None, needed=bool(left.pending or left.disputed))
    if request.method == "POST" and form.is_valid():
        actions.close(found.pk, by=request.user, now=timezone.now(), waiver=form.cleaned_data["waiver"])
        messages.success(request, _("Closed. The doors are forgotten in 14 days; the counts stay."))
        return back_to(request, "door_round", found.pk)
    return form_page(
        request, "desk/door_round_close.html", found.area, form, current="door_rounds", round=found, figures=left
    )


class WaiverForm(forms.Form):
    waiver = forms.CharField(
        label=gettext_lazy("Why it ends with open doors"),
        max_length=200,
        help_text=gettext_lazy("Stays with the round."),
    )

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["waiver"].required = needed


@require_POST
@staff_only
def beat_give(request: HttpRequest, pk: int) -> HttpResponse:
    beat: Beat = access.load(access.beats_visible_to(request.user), access.beats_given_by(request.user), pk=pk)
    seat = get_object_or_404(seats_for(beat.round), pk=number_in(request.POST.get("seat")))
    beats.give(beat.pk, seat.pk, by=request.user, now=timezone.now())
    return back_to(request, "door_round", beat.round_id, anchor="#beats")


@require_POST
@staff_only
def beat_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    visible = BeatHolding.objects.filter(beat__in=access.beats_visible_to(request.user))
    holding = access.load(visible, access.holdings_given_by(request.user), pk=pk)
    beats.take_back(holding.pk, by=request.user, now=timezone.now())
    return back_to(request, "door_round", holding.beat.round_id, anchor="#beats")


@require_POST
@staff_only
def door_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk's word about one door."""
    door = access.load(
        access.round_doors_visible_to(request.user).select_related("stairs"),
        access.round_doors_decided_by(request.user),
        pk=pk,
    )
    outcome, need = request.POST.get("outcome", ""), request.POST.get("need", "")
    if need in {*Need}:
        outcome = DoorOutcome.HOME_SERVICE
    if outcome not in TAPS or (outcome == DoorOutcome.HOME_SERVICE) != bool(need):
        raise Invalid(outcome=_("Choose one."))
    door_visits.decide(door.pk, DoorOutcome(outcome), Need(need) if need else None, by=request.user, now=timezone.now())
    messages.success(request, _("Decided."))
    return back_to(request, "door_round", door.stairs.round_id, anchor="#words")
