"""The rota at the desk: begun, seen a day by site and shift, published, mended and ended."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from communities.access import May
from communities.days import day_in
from staffing import access
from staffing.actions import rotas as actions
from staffing.models import Rota
from staffing.queries import rotas as queries
from staffing.queries.rotas import Sheet
from staffing.web import rota_words as words
from staffing.web.calls_desk import form_page, page_and_post
from staffing.web.pages import attempt, back_to, chosen_area, customs, rights, show, staff_only
from staffing.web.rota_forms import RotaForm

WEEK = 7


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
    return day_in(request.GET.get("day")) or max(rota.first_day, today)


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
    if found := day_in(request.POST.get("day")):
        return found
    raise Http404
