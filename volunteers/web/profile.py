"""Me: what is known of the person, and how they change it. One form, one action per request."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communities import history
from communities.actions import codes, optouts
from communities.channels.push import vapid
from communities.errors import Refused, TooMany
from communities.models import User
from communities.models.ways import TOPICS
from communities.numbers import number_in
from communities.phrases import say
from communities.web.accounts import ip_of
from volunteers.actions import profile
from volunteers.models import Volunteer
from volunteers.queries import selves
from volunteers.web.profile_forms import AwayForm, EmailForm, FreeForm, ProfileForm

HISTORY = 30


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def me(request: HttpRequest) -> HttpResponse:
    now, person = timezone.now(), selves.myself(request.user)
    if request.method != "POST":
        return as_page(request, person, now)
    match request.POST.get("do"):
        case "profile":
            return describe(request, person, now)
        case "code":
            return with_code(request, person, now)
        case "email":
            return email(request, person, now)
        case "topics":
            optouts.choose(request.user, request.POST.getlist("topic"), now=now)
            return done(request, _("Saved."))
    if not person:
        raise Http404
    return of_a_volunteer(request, person, now)


def of_a_volunteer(request: HttpRequest, person: Volunteer, now: datetime) -> HttpResponse:
    match request.POST.get("do"):
        case "free":
            return free(request, person, now)
        case "not_free":
            profile.no_longer_free(person, number_in(request.POST.get("id")) or 0)
        case "away":
            return away(request, person, now)
        case "back":
            profile.back_again(person, number_in(request.POST.get("id")) or 0)
        case "feed":
            profile.renew_feed(person)
            messages.success(request, _("The calendar has a new address. The old one no longer works."))
        case _:
            raise Http404
    return redirect("me")


def done(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("me")


def describe(request: HttpRequest, person: Volunteer | None, now: datetime) -> HttpResponse:
    form = profile_form(request, person, request.POST)
    if not form.is_valid():
        return as_page(request, person, now, status=400, form=form)
    profile.describe(request.user, form.told(), now=now)
    return done(request, _("Saved."))


def with_code(request: HttpRequest, person: Volunteer | None, now: datetime) -> HttpResponse:
    form = EmailForm(request.POST)
    errors, address = form.errors.get("email"), form.cleaned_data.get("email", "")
    form.errors.clear()
    if errors:
        form.add_error("email", errors)
        return as_page(request, person, now, status=400, email_form=form)
    try:
        codes.send_code(address, codes.Purpose.SIGN_UP, ip_of(request), now)
    except TooMany as error:
        form.add_error("email", _("A code was sent a moment ago. Ask again in %s seconds.") % error.retry_after)
        return as_page(request, person, now, status=429, email_form=form, wait=error.retry_after)
    except Refused as refused:
        form.add_error("email", say(refused.reasons[0]))
        return as_page(request, person, now, status=409, email_form=form)
    return as_page(request, person, now, email_form=form, sent_to=address, wait=codes.SOON.seconds)


def email(request: HttpRequest, person: Volunteer | None, now: datetime) -> HttpResponse:
    form = EmailForm(request.POST)
    if not form.is_valid():
        return as_page(request, person, now, status=400, email_form=form)
    said = form.cleaned_data
    try:
        codes.check_code(said["email"], said["code"], codes.Purpose.SIGN_UP, now)
        profile.set_email(request.user, said["email"])
    except Refused as refused:
        form.add_error("email" if refused.code == "email_taken" else "code", say(refused.reasons[0]))
        return as_page(request, person, now, status=refused.status, email_form=form)
    return done(request, _("Saved."))


def free(request: HttpRequest, person: Volunteer, now: datetime) -> HttpResponse:
    form = FreeForm(request.POST)
    if not form.is_valid():
        return as_page(request, person, now, status=400, free_form=form)
    profile.be_free(person, **form.cleaned_data)
    return done(request, _("Saved."))


def away(request: HttpRequest, person: Volunteer, now: datetime) -> HttpResponse:
    form = AwayForm(request.POST)
    if form.is_valid():
        try:
            profile.be_away(person, *form.period(selves.zone_of(person)))
            return done(request, _("Saved. You are not asked for those days."))
        except Refused as refused:
            form.add_error("first", say(refused.reasons[0]))
    return as_page(request, person, now, status=400, away_form=form)


def profile_form(request: HttpRequest, person: Volunteer | None, data: Any = None) -> ProfileForm:
    user = request.user
    told = {"name": user.name, "language": user.language, "urgent_calls": user.urgent_calls}
    if person:
        told |= {"home": str(person.residence_id or ""), "skills": person.skills}
    homes, skills = (selves.homes_for(person), selves.skills()) if person else ([], [])
    form = ProfileForm(data, homes, skills, initial=told)
    if not person:
        form.fields["home"].widget, form.fields["skills"].widget = forms.HiddenInput(), forms.MultipleHiddenInput()
    return form


def as_page(
    request: HttpRequest, person: Volunteer | None, now: datetime, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "person": person,
        "zone": selves.zone_of(person),
        "form": profile_form(request, person) if "form" not in more else more.pop("form"),
        "email_form": EmailForm(initial={"email": request.user.email}),
        "free_form": FreeForm(),
        "away_form": AwayForm(),
        "availabilities": person.availabilities.order_by("weekday", "from_time") if person else [],
        "absences": selves.absences(person, now) if person else [],
        "consents": selves.consents(person) if person else [],
        "feed": feed_address(person) if person else "",
        "topics": topics(request.user),
        "push_key": vapid.public_key(settings.VAPID_PRIVATE_KEY) if settings.VAPID_PRIVATE_KEY else "",
    }
    return render(request, "volunteers/me.html", context | more, status=status)


def topics(user: User) -> list[tuple[str, str, bool]]:
    """Name, word, and whether the person wants to hear of it."""
    unwanted = set(user.opt_outs.values_list("topic", flat=True))
    return [(topic, str(word), topic not in unwanted) for topic, word in TOPICS.items()]


def feed_address(person: Volunteer) -> str:
    return f"{settings.PUBLIC_URL}{reverse('feed', args=[profile.feed_of(person).key])}"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def leave(request: HttpRequest) -> HttpResponse:
    """Withdrawing consent: what it does in one sentence, and one button."""
    person = selves.myself(request.user)
    if not person:
        raise Http404
    if request.method == "POST":
        profile.withdraw_consent(person, now=timezone.now())
        return done(request, _("Your consent is withdrawn. Nobody schedules you any more."))
    words = {
        "question": _("Withdraw your consent?"),
        "consequence": _("All your coming shifts and places in line are given back, and you get no more calls."),
        "remark": _("Hours you have served stay in your record. You can sign up again at any time."),
        "action": request.path,
        "back": reverse("me"),
        "verb": _("Withdraw, and give my shifts back"),
        "keep": _("Keep everything"),
    }
    return render(request, "confirm.html", words)


@require_safe
@login_required
def my_history(request: HttpRequest) -> HttpResponse:
    """Who changed what is known of the person, and when."""
    person, account = selves.myself(request.user), User.objects.get(pk=request.user.pk)
    zone = selves.zone_of(person)
    with timezone.override(zone):
        entries = history.log(account) + (history.log(person) if person else [])
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return render(request, "volunteers/history.html", {"entries": entries[:HISTORY], "zone": zone})
