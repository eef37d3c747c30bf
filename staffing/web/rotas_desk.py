"""The rota at the desk: a day by site and shift, a week by person, its table, and what a lead does with it."""

import re
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe
from tablib import Dataset

from communities.access import May
from communities.models import Area, Site
from communities.rules.words import clean_clock
from staffing import access
from staffing.actions import rotas as actions
from staffing.actions.rotas import RotaPlan
from staffing.models import CallUp, Role, Rota, RotaDayOff, RotaMember
from staffing.phrases import field_error
from staffing.queries import rotas as queries
from staffing.queries.rotas import Sheet
from staffing.rules.rota_patterns import CHANGES, OFF, STANDARD
from staffing.rules.rotas import Turn
from staffing.states import CallStatus
from staffing.web import rota_words as words
from staffing.web.calls_desk import form_page, page_and_post
from staffing.web.desk_forms import DayField, area_text
from staffing.web.pages import attempt, back_to, chosen_area, customs, rights, show, staff_only
from staffing.web.plan_sheet import KINDS

WEEK, MOST_DAYS, PER_PAGE = 7, 31, 40


class ChangesField(forms.CharField):
    """Clock times with spaces or commas between them."""

    def clean(self, value: Any) -> list[time]:
        found = [clean_clock(part) for part in re.split(r"[\s,，、]+", super().clean(value).strip())]
        if None in found:
            raise forms.ValidationError(field_error("changes_out_of_order"))
        return [clock for clock in found if clock is not None]


class RotaForm(forms.Form):
    call_up = forms.ModelChoiceField(CallUp.objects.none(), label=gettext_lazy("Call"), empty_label=None)
    role = forms.ModelChoiceField(Role.objects.all(), label=gettext_lazy("Role"))
    sites = forms.ModelMultipleChoiceField(
        Site.objects.none(), label=gettext_lazy("Where"), widget=forms.CheckboxSelectMultiple
    )
    seats = forms.IntegerField(label=gettext_lazy("Seats at each"), min_value=1, max_value=500, initial=5)
    first_day = DayField(label=gettext_lazy("First day"))
    changes = ChangesField(
        label=gettext_lazy("People change over at"), initial=" ".join(f"{clock:%H:%M}" for clock in CHANGES)
    )
    pattern = forms.CharField(
        label=gettext_lazy("Pattern, one letter a day"),
        max_length=60,
        initial=STANDARD,
        help_text=gettext_lazy("1 is the first shift of the day, 2 the second; - is a day off. Nights three in a row."),
    )
    briefing = forms.CharField(label=gettext_lazy("Safety briefing"), widget=area_text(), required=False)
    briefing_en = forms.CharField(label=gettext_lazy("Safety briefing in English"), widget=area_text(), required=False)

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = Site.objects.filter(area__path__startswith=area.path)
        points = sites.filter(kind="checkpoint")
        self.fields["sites"].queryset = (points if points.exists() else sites).order_by("no", "pk")
        calls = CallUp.objects.filter(community__path__startswith=area.path, rota=None)
        self.fields["call_up"].queryset = calls.exclude(status=CallStatus.CANCELLED).order_by("-starts_at")

    def plan(self) -> RotaPlan:
        found = self.cleaned_data
        return RotaPlan(
            call_up=found["call_up"].pk,
            role=found["role"].pk,
            seats={site.pk: found["seats"] for site in found["sites"]},
            first_day=found["first_day"],
            changes=found["changes"],
            pattern=found["pattern"],
            briefing=found["briefing"],
            briefing_en=found["briefing_en"],
        )


class DayOffForm(forms.Form):
    day = DayField(label=gettext_lazy("Day off"))
    instead = DayField(
        label=gettext_lazy("Instead of"),
        required=False,
        help_text=gettext_lazy("Their day off by the pattern on which they would serve. Only if rest allows."),
    )


@require_safe
@staff_only
def rotas(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request)
    if not area:
        raise Http404
    here = access.rotas_visible_to(request.user).filter(area__path__startswith=area.path)
    page = Paginator(here.select_related("call_up", "area", "role"), 20).get_page(request.GET.get("page"))
    return show(request, "desk/rotas.html", area, current="rotas", page=page, rights=rights(request.user, area))


@page_and_post
@staff_only
def rota_new(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.RUN)
    if not area:
        raise Http404
    now = timezone.now()
    tomorrow = now.astimezone(customs(area).zone).date() + timedelta(days=1)
    form = RotaForm(request.POST or None, area=area, initial={"first_day": tomorrow})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.begin(area.pk, form.plan(), by=request.user, now=now))
        if made:
            messages.success(request, _("The rota is there. Now take people in."))
            return back_to(request, "rota", made.pk)
    return form_page(request, "desk/rota_form.html", area, form, current="rotas")


def load(request: HttpRequest, pk: int) -> Rota:
    found = access.rotas_visible_to(request.user).select_related("area", "call_up", "role").filter(pk=pk).first()
    if not found:
        raise Http404
    return found


def run(request: HttpRequest, pk: int) -> Rota:
    return access.load(
        access.rotas_visible_to(request.user).select_related("area"), access.rotas_run_by(request.user), pk=pk
    )


def day_asked(request: HttpRequest, rota: Rota, today: date) -> date:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return max(rota.first_day, today)


@require_safe
@staff_only
def rota(request: HttpRequest, pk: int) -> HttpResponse:
    """A day by site and shift, between the days around it."""
    found, now = load(request, pk), timezone.now()
    zone = customs(found.area).zone
    today = now.astimezone(zone).date()
    day, may_see = day_asked(request, found, today), rights(request.user, found.area)
    sheet = queries.sheet(found, day, WEEK, today, zone)
    names, guests = names_in(sheet, day) if may_see.names else ({}, {})
    with timezone.override(zone):
        context = {
            "rota": found,
            "rights": may_see,
            "day": words.at_noon(day),
            "days": [day_line(sheet, each) for each in sheet.days],
            "shifts": [words.shift_name(found.changes, slot) for slot in range(len(found.changes))],
            "rows": grid(found, sheet, day, names, guests),
            "gaps": [
                (gap, words.shift_name(found.changes, gap.slot), words.why(gap)) for gap in sheet.gaps if gap.day == day
            ],
            "sites": {row.site_id: row.site for row in found.sites.select_related("site")},
            "spare": [names.get(pk, "") for pk in sheet.spare.get(day, [])],
            "next_day": queries.next_day(found, today),
            "here": day,
            "before": day - timedelta(days=WEEK),
            "after": day + timedelta(days=WEEK),
            "people": found.members.staying(today).count(),
            "waiting": queries.candidates(found, now).count() if may_see.run else 0,
        }
    return show(request, "desk/rota.html", found.area, current="rotas", **context)


def names_in(sheet: Sheet, day: date) -> tuple[dict[int, str], dict[int, str]]:
    members = {turn.hand for turn in sheet.turns if turn.day == day} | set(sheet.spare.get(day, []))
    return queries.names_of(members, {turn.hand for turn in sheet.guests if turn.day == day})


def day_line(sheet: Sheet, day: date) -> dict[str, Any]:
    """A day of the strip: filled seats of all, published or not."""
    filled = sum(turn.day == day for turn in [*sheet.turns, *sheet.guests])
    return {
        "day": day,
        "noon": words.at_noon(day),
        "filled": filled,
        "missing": sum(gap.seats for gap in sheet.gaps if gap.day == day),
        "published": sheet.published.get(day),
    }


def grid(
    rota: Rota, sheet: Sheet, day: date, names: dict[int, str], guests: dict[int, str]
) -> list[tuple[Any, int, list[dict[str, Any]]]]:
    """By site, a cell for each shift: who stands there, and how many seats are empty."""
    who: dict[tuple[int, int], list[str]] = {}
    count: dict[tuple[int, int], int] = {}
    for turns, called in ((sheet.turns, names), (sheet.guests, guests)):
        for turn in turns:
            if turn.day == day:
                spot = turn.site, turn.slot
                count[spot] = count.get(spot, 0) + 1
                who.setdefault(spot, []).append(called.get(turn.hand, ""))
    empty = {(gap.site, gap.slot): gap.seats for gap in sheet.gaps if gap.day == day}
    return [
        (row.site, row.seats, [cell((row.site_id, slot), count, empty, who) for slot in range(len(rota.changes))])
        for row in rota.sites.select_related("site")
    ]


def cell(
    spot: tuple[int, int], count: dict[tuple[int, int], int], empty: dict[tuple[int, int], int], who: dict[tuple[int, int], list[str]]
) -> dict[str, Any]:  # fmt: skip
    return {
        "filled": count.get(spot, 0),
        "empty": empty.get(spot, 0),
        "names": sorted(name for name in who.get(spot, []) if name),
    }


@require_safe
@staff_only
def rota_people(request: HttpRequest, pk: int) -> HttpResponse:
    """A week by person."""
    found = load(request, pk)
    access.load(access.rotas_visible_to(request.user), access.rotas_named_to(request.user), pk=pk)
    zone, now = customs(found.area).zone, timezone.now()
    today = now.astimezone(zone).date()
    day = day_asked(request, found, today)
    sheet = queries.sheet(found, day, WEEK, today, zone)
    people = found.members.staying(day).select_related("volunteer__user", "site").order_by("phase", "pk")
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    changed = {
        (off.member_id, off.day): off
        for off in RotaDayOff.objects.filter(
            member__in=[one.pk for one in page.object_list], day__range=(day, sheet.days[-1])
        )
    }
    turns = {(turn.hand, turn.day): turn for turn in sheet.turns}
    sites = {row.site_id: row.site for row in found.sites.select_related("site")}
    with timezone.override(zone):
        context = {
            "rota": found,
            "rights": rights(request.user, found.area),
            "page": page,
            "days": [(each, words.at_noon(each), each in sheet.published) for each in sheet.days],
            "rows": [
                (one, [week_cell(found, one, each, turns, changed, sites) for each in sheet.days])
                for one in page.object_list
            ],
            "here": day,
            "before": day - timedelta(days=WEEK),
            "after": day + timedelta(days=WEEK),
        }
    return show(request, "desk/rota_people.html", found.area, current="rotas", **context)


def week_cell(
    rota: Rota,
    member: RotaMember,
    day: date,
    turns: dict[tuple[int, date], Turn],
    changed: dict[tuple[int, date], RotaDayOff],
    sites: dict[int, Site],
) -> dict[str, Any]:
    turn = turns.get((member.pk, day))
    if turn:
        elsewhere = turn.site != member.site_id
        return {"shift": words.shift_name(rota.changes, turn.slot), "site": sites.get(turn.site) if elsewhere else None}
    letter = rota.pattern[(member.phase + (day - rota.first_day).days) % len(rota.pattern)]
    return {"off": letter == OFF, "given": changed.get((member.pk, day)), "spare": letter != OFF}


@require_safe
@staff_only
def rota_sheet(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """Some days as CSV or XLSX, a line a seat."""
    found = load(request, pk)
    access.load(access.rotas_visible_to(request.user), access.rotas_named_to(request.user), pk=pk)
    if ending not in KINDS:
        raise Http404
    zone = customs(found.area).zone
    today = timezone.now().astimezone(zone).date()
    asked = request.GET.get("days", "")
    number = min(MOST_DAYS, max(1, int(asked))) if asked.isdigit() and len(asked) < 4 else 2 * WEEK
    sheet = queries.sheet(found, day_asked(request, found, today), number, today, zone)
    names, guests = queries.names_of((t.hand for t in sheet.turns), (t.hand for t in sheet.guests))
    table = Dataset(*words.lines(found, sheet, names, guests), headers=[str(word) for word in words.HEAD])
    table.title = "rota"
    content = table.export(ending)
    body = content.encode("utf-8-sig") if isinstance(content, str) else content
    answer = HttpResponse(body, content_type=KINDS[ending])
    answer["Content-Disposition"] = f'attachment; filename="rota-{sheet.days[0]}.{ending}"'
    return answer


@require_POST
@staff_only
def rota_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    found, now = run(request, pk), timezone.now()
    zone = customs(found.area).zone
    today = now.astimezone(zone).date()
    match doing:
        case "publish":
            day = day_asked_by_post(request)
            done = actions.publish(found.pk, day, by=request.user, now=now)
            text = _("%(day)s stands: %(placed)d of %(seats)d seats have their person.")
            messages.success(request, text % {"day": day, "placed": done.placed, "seats": done.seats})
            return back_to(request, "rota", found.pk)
        case "mend":
            day = day_asked_by_post(request)
            messages.success(request, words.told(actions.mend_day(found.pk, day, by=request.user, now=now)))
            return back_to(request, "rota", found.pk)
        case "end":
            actions.end(found.pk, by=request.user, now=now)
            messages.success(request, _("The rota has ended. What is published stands."))
            return back_to(request, "rota", found.pk)
    new = actions.enlist(found.pk, None, day=today, by=request.user, now=now)
    text = ngettext("%(n)d person is in the rota now.", "%(n)d people are in the rota now.", len(new))
    messages.success(request, text % {"n": len(new)})
    return back_to(request, "rota", found.pk)


def day_asked_by_post(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        raise Http404 from None


@page_and_post
@staff_only
def rota_day_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Another day off for one person."""
    member = access.load(access.rota_members_visible_to(request.user), access.rota_members_run_by(request.user), pk=pk)
    found, now = member.rota, timezone.now()
    form = DayOffForm(request.POST or None, initial={"day": request.GET.get("day")})
    if request.method == "POST" and form.is_valid():
        say = form.cleaned_data
        made = attempt(
            form, lambda: actions.give_day_off(member.pk, say["day"], say["instead"], by=request.user, now=now)
        )
        if made:
            messages.success(
                request, _("The day off is written down. What came open by it is filled as far as rest allows.")
            )
            return back_to(request, "rota_people", found.pk)
    offs = member.days_off.filter(day__gte=now.date()).order_by("day")
    return form_page(
        request, "desk/rota_day_off.html", found.area, form, current="rotas", member=member, rota=found, offs=offs
    )


@require_POST
@staff_only
def rota_day_off_undo(request: HttpRequest, pk: int) -> HttpResponse:
    members = access.rota_members_visible_to(request.user)
    off = RotaDayOff.objects.filter(pk=pk, member__in=members).select_related("member").first()
    if not off:
        raise Http404
    access.load(members, access.rota_members_run_by(request.user), pk=off.member_id)
    actions.take_back_day_off(off.pk, by=request.user, now=timezone.now())
    messages.success(request, _("The day is again as the pattern has it."))
    return back_to(request, "rota_people", off.member.rota_id)
