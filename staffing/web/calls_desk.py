"""What a lead does with a call: write it, publish, close, cancel and share it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import May, areas
from communities.messages.rendering import clock
from communities.models import Area, Grant, User
from communities.web.forms import status_of
from staffing.access import calls_run_by, calls_visible_to, load
from staffing.actions import calls, callups, copies, waves
from staffing.actions.callups import Called
from staffing.models import CallUp
from staffing.queries.plans import standbys_wanted, still_wanted
from staffing.web.call_forms import CallForm, again, of_call
from staffing.web.desk_forms import ReasonForm
from staffing.web.links import chat_text, public_link
from staffing.web.pages import attempt, back_to, chosen_area, customs, rights, show, staff_only
from staffing.web.shift_forms import CopyDayForm

page_and_post = require_http_methods(["GET", "HEAD", "POST"])
DOINGS = {
    "publish": calls.publish,
    "close": calls.close,
    "reopen": calls.reopen,
    "ask": callups.call,
    "ask-again": callups.call_again,
}


def run(request: HttpRequest, pk: int) -> CallUp:
    """The call, if the reader may run it."""
    visible = calls_visible_to(request.user).select_related("community")
    return load(visible, calls_run_by(request.user), pk=pk)


def done(doing: str, call: CallUp, result: object, now: datetime) -> str:
    if isinstance(result, Called):
        return asked_sentence(call, result.people, now)
    return {
        "publish": _("The call is open. Send the link to the group."),
        "close": _("Sign-up is closed. Those in line still move up."),
        "reopen": _("Sign-up is open again."),
    }[doing]


def asked_sentence(call: CallUp, people: int, now: datetime) -> str:
    """In quiet hours nothing has been sent yet, except of an urgent call."""
    leaves_at, _agreed = waves.hours(call, now)
    if leaves_at <= now:
        return ngettext("Sent to %(n)d person.", "Sent to %(n)d people.", people) % {"n": people}
    text = ngettext(
        "It is quiet now: %(n)d person is asked at %(at)s.",
        "It is quiet now: %(n)d people are asked at %(at)s.",
        people,
    )
    return text % {"n": people, "at": clock(leaves_at, customs(call.community).zone)}


def leaders(area: Area) -> Sequence[User]:
    """Who holds a role here or above: people who can lead a point or be the contact of a call."""
    here = Grant.objects.in_force(timezone.now()).filter(area__in=area.ancestor_ids) | Grant.objects.in_force(
        timezone.now()
    ).filter(area__path__startswith=area.path)
    return list(User.objects.filter(grants__in=here, is_active=True).distinct().order_by("pk")[:100])


@page_and_post
@staff_only
def call_new(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.RUN)
    if not area:
        raise Http404
    zone, now = customs(area).zone, timezone.now()
    last = CallUp.objects.filter(community=area).order_by("-pk").first()
    form = CallForm(request.POST or None, zone=zone, contacts=leaders(area), initial=again(last, zone, now))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: calls.create(area.pk, form.plan(), by=request.user, now=now))
        if made:
            return redirect("shifts_new", made.pk)
    places = list(areas(request.user, May.RUN).order_by("path")[:100])
    return form_page(request, "desk/call_form.html", area, form, places=places, heading=_("New call"))


@page_and_post
@staff_only
def call_edit(request: HttpRequest, pk: int) -> HttpResponse:
    call = run(request, pk)
    zone = customs(call.community).zone
    form = CallForm(request.POST or None, zone=zone, contacts=leaders(call.community), initial=of_call(call, zone))
    if request.method == "POST" and form.is_valid():
        plan = keep(form, call)
        if attempt(form, lambda: calls.edit(call.pk, plan, by=request.user, now=timezone.now())):
            messages.success(request, _("Saved."))
            return back_to(request, "call_desk", call.pk)
    return form_page(request, "desk/call_form.html", call.community, form, call=call, heading=_("Edit the call"))


def keep(form: CallForm, call: CallUp) -> calls.CallPlan:
    """The plan of the form, with what the form does not ask for left as it is."""
    kept = ("text", "text_en", "bring_en", "sign_up_until", "issuer")
    return replace(form.plan(), **{name: getattr(call, name) for name in kept})


def form_page(
    request: HttpRequest, template: str, area: Area, form: Any, *, current: str = "desk", **context: Any
) -> HttpResponse:
    return show(request, template, area, current=current, status=status_of(form), form=form, **context)


@require_POST
@staff_only
def call_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    call = run(request, pk)
    now = timezone.now()
    result = DOINGS[doing](call.pk, by=request.user, now=now)
    messages.success(request, done(doing, call, result, now))
    return back_to(request, "call_desk", call.pk)


@page_and_post
@staff_only
def call_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """What it would do in numbers, then the same in the button."""
    call = run(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = attempt(
            form,
            lambda: calls.cancel(call.pk, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"]),
        )
        if told:
            messages.success(request, told_sentence(told.told))
            return back_to(request, "call_desk", call.pk)
    effect = calls.cancelling(call)
    verb = ngettext("Cancel the call, tell %(n)d person", "Cancel the call, tell %(n)d people", effect.told) % {
        "n": effect.told
    }
    context = {
        "question": _("Cancel the whole call?"),
        "effect": effect,
        "verb": verb,
        "back": reverse("call_desk", args=[call.pk]),
        "thing": call,
    }
    return form_page(request, "desk/cancel.html", call.community, form, **context)


def told_sentence(people: int) -> str:
    return ngettext("Cancelled. %(n)d person is told.", "Cancelled. %(n)d people are told.", people) % {"n": people}


@require_safe
@staff_only
def call_share(request: HttpRequest, pk: int) -> HttpResponse:
    """The link, its code and the words for the chat, in both languages."""
    call = load(calls_visible_to(request.user).select_related("community"), calls_visible_to(request.user), pk=pk)
    now = timezone.now()
    missing, standbys = still_wanted(call, now), standbys_wanted(call, now)
    texts = [(code, name, chat_text(call, missing, code, to_stand_by=standbys)) for code, name in LANGUAGES]
    context = {"call": call, "link": public_link(call), "texts": texts, "rights": rights(request.user, call.community)}
    return show(request, "desk/share.html", call.community, current="desk", **context)


LANGUAGES = [("zh-hans", "中文"), ("en", "English")]


@page_and_post
@staff_only
def call_copy_day(request: HttpRequest, pk: int) -> HttpResponse:
    """All shifts of one day of the call again on other days."""
    call = run(request, pk)
    zone, now = customs(call.community).zone, timezone.now()
    form = CopyDayForm(request.POST or None, initial={"day": call.starts_at.astimezone(zone).date()})
    if request.method == "POST" and form.is_valid():
        day, days = form.cleaned_data["day"], form.cleaned_data["days"]
        sites = list(call.shifts.values_list("site_id", flat=True).distinct())
        made = attempt(form, lambda: copies.copy_day(sites, day, days, zone=zone, by=request.user, now=now))
        if made is not None:
            n = len(made)
            messages.success(request, ngettext("%(n)d draft shift made.", "%(n)d draft shifts made.", n) % {"n": n})
            return back_to(request, "call_desk", call.pk)
    return form_page(request, "desk/copy_day.html", call.community, form, call=call)
