"""What a lead does with shifts and posts: add, brief, publish, close, copy, move, cancel; seats up and down."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from communities.errors import Invalid
from communities.models import Area, Site
from staffing.access import calls_run_by, calls_visible_to, load, shifts_run_by, shifts_visible_to
from staffing.actions import copies, rounds, shift_moves, shifts
from staffing.models import CallUp, Post, Role, Shift, SignUp
from staffing.queries.deputies import candidates
from staffing.web.calls_desk import form_page, leaders, page_and_post, told_sentence
from staffing.web.desk_forms import ReasonForm
from staffing.web.pages import attempt, back_to, customs, show, staff_only
from staffing.web.shift_forms import BriefForm, CopyForm, MoveForm, PostForm, SeatsForm, ShiftsForm, of_shift

BLOCK, DAY = timedelta(hours=4), timedelta(hours=24)
DOINGS = {
    "publish": shifts.publish,
    "close": shifts.close,
    "reopen": shifts.reopen,
    "start": shifts.start,
    "finish": shifts.finish,
}


def run(request: HttpRequest, pk: int) -> Shift:
    """The shift, if the reader may run it."""
    visible = shifts_visible_to(request.user).select_related("site__area", "call_up")
    return load(visible, shifts_run_by(request.user), pk=pk)


def run_post(request: HttpRequest, pk: int) -> Post:
    visible = Post.objects.filter(shift__in=shifts_visible_to(request.user))
    allowed = Post.objects.filter(shift__in=shifts_run_by(request.user))
    return load(visible.select_related("role", "shift__site__area", "shift__call_up"), allowed, pk=pk)


def sites_of(area: Area) -> QuerySet[Site]:
    return Site.objects.filter(area__path__startswith=area.path).select_related("compound")


@page_and_post
@staff_only
def shifts_new(request: HttpRequest, pk: int) -> HttpResponse:
    """One block at many sites. All sampling points are ticked to begin with: that is the usual night."""
    call = load(calls_visible_to(request.user).select_related("community"), calls_run_by(request.user), pk=pk)
    area, zone, now = call.community, customs(call.community).zone, timezone.now()
    sites = sites_of(area)
    form = ShiftsForm(
        request.POST or None,
        zone=zone,
        sites=sites,
        roles=Role.objects.filter(counted=True),
        leaders=leaders(area),
        initial=first_values(call, sites, zone),
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: rounds.create_all(form.plans(call.pk), by=request.user, now=now))
        if made:
            n = len(made)
            messages.success(request, ngettext("%(n)d shift added.", "%(n)d shifts added.", n) % {"n": n})
            return back_to(request, "call_desk", call.pk)
    return form_page(request, "desk/shifts_form.html", area, form, call=call)


def first_values(call: CallUp, sites: QuerySet[Site], zone: Any) -> dict[str, Any]:
    start, end = call.starts_at.astimezone(zone), call.ends_at.astimezone(zone)
    last = call.shifts.order_by("-pk").first() or Shift.objects.filter(site__in=sites).order_by("-pk").first()
    taken = set(call.shifts.values_list("site_id", flat=True))
    points = [site.pk for site in sites if site.kind == "sampling_point" and site.pk not in taken]
    blocks = max(1, min(6, -(-(end - start) // BLOCK))) if end - start <= DAY else 1
    said = {"briefing": last.briefing, "briefing_en": last.briefing_en} if last else {}
    return {"sites": points, "day": start.date(), "start": start.time(), "end": end.time(), "blocks": blocks, **said}


@require_POST
@staff_only
def shift_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    shift = run(request, pk)
    DOINGS[doing](shift.pk, by=request.user, now=timezone.now())
    messages.success(request, _("Done."))
    return back_to(request, "roster", shift.pk)


@page_and_post
@staff_only
def shift_brief(request: HttpRequest, pk: int) -> HttpResponse:
    shift = run(request, pk)
    words = {name: getattr(shift, name) for name in ("briefing", "briefing_en", "override_reason")}
    form = BriefForm(
        request.POST or None,
        leaders=[*leaders(shift.site.area), *candidates(shift)],
        initial={"leader": shift.leader_id, "deputy": shift.deputy_id, **words},
    )
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        heads = {name: found[name].pk if found[name] else None for name in ("leader", "deputy")}
        brief = rounds.Brief(**found | heads)
        if attempt(form, lambda: rounds.brief(shift.pk, brief, by=request.user, now=timezone.now())):
            messages.success(request, _("Saved."))
            return back_to(request, "roster", shift.pk)
    return form_page(request, "desk/brief.html", shift.site.area, form, shift=shift)


@page_and_post
@staff_only
def shift_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    shift = run(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        told = attempt(form, lambda: shifts.cancel([shift.pk], by=request.user, now=timezone.now(), reason=reason))
        if told:
            messages.success(request, told_sentence(told.told))
            return back_to(request, "roster", shift.pk)
    effect = shifts.consequences([shift.pk])
    verb = ngettext("Cancel this shift, tell %(n)d person", "Cancel this shift, tell %(n)d people", effect.told)
    context = {
        "question": _("Cancel this shift?"),
        "effect": effect,
        "verb": verb % {"n": effect.told},
        "back": reverse("roster", args=[shift.pk]),
        "shift": shift,
    }
    return form_page(request, "desk/cancel.html", shift.site.area, form, **context)


@page_and_post
@staff_only
def shift_move(request: HttpRequest, pk: int) -> HttpResponse:
    """The new time and place; then who is asked again and who cannot be in both places; then the move."""
    shift = run(request, pk)
    area, now = shift.site.area, timezone.now()
    zone = customs(area).zone
    form = MoveForm(request.POST or None, zone=zone, sites=sites_of(area), initial=of_shift(shift, zone))
    if request.method == "POST" and form.is_valid():
        start, end = form.interval()
        plan = {"starts_at": start, "ends_at": end, "site": form.cleaned_data["site"].pk}
        if attempt(form, lambda: [shifts.check(start, end, now)]):
            if "sure" in request.POST:
                shift_moves.move(shift.pk, **plan, by=request.user, now=now)
                messages.success(request, _("Moved. Everybody is told the old and the new."))
                return back_to(request, "roster", shift.pk)
            return show(request, "desk/foresee.html", area, current="desk", form=form, **foreseen(shift, plan))
    return form_page(request, "desk/move.html", area, form, shift=shift)


def foreseen(shift: Shift, plan: dict[str, Any]) -> dict[str, Any]:
    effect = shift_moves.foresee(shift, plan["starts_at"], plan["ends_at"], plan["site"])
    people = SignUp.objects.filter(pk__in=effect.conflict).select_related("volunteer__user", "post__role")
    asked = len(effect.ask)
    verb = ngettext("Move it, ask %(n)d person again", "Move it, ask %(n)d people again", asked) % {"n": asked}
    return {
        "shift": shift,
        "new": plan,
        "site": Site.objects.get(pk=plan["site"]),
        "effect": effect,
        "conflicts": list(people.order_by("pk")),
        "verb": verb if asked else _("Move it"),
    }


@page_and_post
@staff_only
def shift_copy(request: HttpRequest, pk: int) -> HttpResponse:
    shift = run(request, pk)
    form = CopyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: copied(request, shift, form.cleaned_data))
        if made is not None:
            n = len(made)
            messages.success(request, ngettext("%(n)d draft shift made.", "%(n)d draft shifts made.", n) % {"n": n})
            return back_to(request, "roster", shift.pk)
    return form_page(request, "desk/copy.html", shift.site.area, form, shift=shift)


def copied(request: HttpRequest, shift: Shift, found: dict[str, Any]) -> list[Shift]:
    how = {"zone": customs(shift.site.area).zone, "by": request.user, "now": timezone.now()}
    if found["days"]:
        return copies.copy([shift.pk], found["days"], **how)
    return copies.repeat_weekly(shift.pk, found["until"], set(found["weekdays"]), **how)


@page_and_post
@staff_only
def post_new(request: HttpRequest, pk: int) -> HttpResponse:
    shift = run(request, pk)
    form = PostForm(request.POST or None, initial={"auto_confirm": True})
    if request.method == "POST" and form.is_valid():
        shifts.add_post(shift.pk, form.plan(), by=request.user, now=timezone.now())
        messages.success(request, _("Post added."))
        return back_to(request, "roster", shift.pk)
    return form_page(request, "desk/post_form.html", shift.site.area, form, shift=shift)


@require_POST
@staff_only
def post_seats(request: HttpRequest, pk: int) -> HttpResponse:
    """More or fewer seats. Fewer than are held is refused with the names of those who hold them."""
    post = run_post(request, pk)
    form = SeatsForm(request.POST)
    if not form.is_valid():
        raise Invalid(seats=form.errors["seats"][0])
    shifts.set_seats(post.pk, form.cleaned_data["seats"], by=request.user, now=timezone.now())
    messages.success(request, _("Saved."))
    return back_to(request, "roster", post.shift_id)


@require_POST
@staff_only
def post_remove(request: HttpRequest, pk: int) -> HttpResponse:
    post = run_post(request, pk)
    shifts.remove_post(post.pk, by=request.user, now=timezone.now())
    messages.success(request, _("Post taken away."))
    return back_to(request, "roster", post.shift_id)
