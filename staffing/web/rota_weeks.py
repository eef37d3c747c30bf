"""The people of a rota: their week, the table of it, and their days off."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from tablib import Dataset

from communities.models import Site
from communities.numbers import number_in
from staffing import access
from staffing.actions import rotas as actions
from staffing.models import Rota, RotaDayOff, RotaMember
from staffing.queries import rotas as queries
from staffing.rules.rota_patterns import OFF
from staffing.rules.rotas import Turn
from staffing.web import rota_words as words
from staffing.web.calls_desk import form_page, page_and_post
from staffing.web.pages import attempt, back_to, customs, rights, show, staff_only
from staffing.web.plan_sheet import KINDS
from staffing.web.rota_forms import DayOffForm
from staffing.web.rotas_desk import WEEK, day_asked, load

MOST_DAYS, PER_PAGE = 31, 40


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
    asked = number_in(request.GET.get("days"))
    number = 2 * WEEK if asked is None else min(MOST_DAYS, max(1, asked))
    sheet = queries.sheet(found, day_asked(request, found, today), number, today, zone)
    names, guests = queries.names_of((t.hand for t in sheet.turns), (t.hand for t in sheet.guests))
    table = Dataset(*words.lines(found, sheet, names, guests), headers=[str(word) for word in words.HEAD])
    table.title = "rota"
    content = table.export(ending)
    body = content.encode("utf-8-sig") if isinstance(content, str) else content
    answer = HttpResponse(body, content_type=KINDS[ending])
    answer["Content-Disposition"] = f'attachment; filename="rota-{sheet.days[0]}.{ending}"'
    return answer


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
