"""Who I come with: asking somebody by their number, saying yes or no, ending it; and the page behind a one-tap link."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communities.errors import Invalid, Refused
from communities.phrases import say
from communities.rules.names import first_name
from volunteers.actions import companions
from volunteers.models import Companionship, Volunteer
from volunteers.queries import selves
from volunteers.queries.companions import by_link, companions_of
from volunteers.rules.companions import MOST


class NumberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Their volunteer number"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("Ten digits. They find it under Me and tell you; there is no other way to find people."),
    )

    def clean_number(self) -> str:
        return "".join(str(self.cleaned_data["number"]).split())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def my_companions(request: HttpRequest) -> HttpResponse:
    now, person = timezone.now(), selves.myself(request.user)
    if not person:
        raise Http404
    if request.method != "POST":
        return as_page(request, person, now, NumberForm())
    match request.POST.get("do"):
        case "ask":
            return ask(request, person, now)
        case "agree" | "end" as said:
            return answer(request, person, said, now)
    raise Http404


def ask(request: HttpRequest, person: Volunteer, now: datetime) -> HttpResponse:
    form = NumberForm(request.POST)
    if form.is_valid():
        try:
            companions.ask(person.pk, form.cleaned_data["number"], now=now)
            messages.success(
                request, _("If somebody has this number, they are asked now. You see it here when they agree.")
            )
            return redirect("my_companions")
        except Invalid as invalid:
            form.add_error("number", invalid.fields["number"])
        except Refused as refused:
            form.add_error(None, say(refused.reasons[0]))
            return as_page(request, person, now, form, status=refused.status)
    return as_page(request, person, now, form, status=400)


def answer(request: HttpRequest, person: Volunteer, said: str, now: datetime) -> HttpResponse:
    wanted = request.POST.get("id", "")
    shown = Companionship.objects.shown_to(person.pk, now)
    found = shown.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 16 else None
    if not found:
        return redirect("my_companions")  # it was over a moment ago
    try:
        if said == "agree":
            companions.agree(found.pk, by=person.pk, now=now)
            messages.success(request, _("You come together from now on."))
        else:
            companions.end(found.pk, by=person.pk, now=now)
            messages.success(request, _("That is over. Nobody is told."))
    except Refused as refused:
        messages.error(request, say(refused.reasons[0]))
    return redirect("my_companions")


def as_page(
    request: HttpRequest, person: Volunteer, now: datetime, form: NumberForm, status: int = 200
) -> HttpResponse:
    found = companions_of(person, now)
    context = {"person": person, "zone": selves.zone_of(person), "form": form, "found": found}
    return render(
        request,
        "volunteers/companions.html",
        context | {"full": len(found.together) >= MOST, "most": MOST},
        status=status,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def companion_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The link only opens the page; the answer is a POST."""
    now = timezone.now()
    found = by_link(token, now)
    if request.method != "POST":
        return question(request, found, now)
    assert found.asked_id
    act = companions.agree if request.POST.get("answer") == "agree" else companions.end
    try:
        act(found.pk, by=found.asked_id, now=now)
    except Refused as refused:
        return question(request, by_link(token, now), now, status=refused.status, reasons=map(say, refused.reasons))
    return HttpResponseRedirect(request.path, status=303)


def question(request: HttpRequest, found: Companionship, now: datetime, status: int = 200, **more: Any) -> HttpResponse:
    assert found.asked
    over = found.over_at is not None and found.over_at <= now
    context = {
        "other": found.asker.name,
        "first_name": first_name(found.asked.name),
        "over": over,
        "said_no": not over and found.declined_at is not None,
        "together": found.together,
    }
    return render(request, "volunteers/companion_answer.html", context | more, status=status)
