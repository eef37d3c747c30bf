"""My data: what is kept and agreed to, the copy to take away, and being forgotten."""

import csv
import json
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.errors import Refused
from communities.limits import Limit, spend
from communities.phrases import say
from communities.rules.cells import harmless
from staffing.actions import erasing
from staffing.queries.closeouts import announced_to
from staffing.queries.exports import PARTS, export_of, in_cell
from staffing.queries.leaving import ties_of
from staffing.rules.leaving import refusals
from volunteers.actions import consents
from volunteers.models import Volunteer
from volunteers.models.people import PURPOSES
from volunteers.queries.consents import in_force
from volunteers.states import Purpose

COPIES = Limit("copies of one's data", 10, 3600)
MEANING = {
    Purpose.SERVICE: gettext_lazy("You can be scheduled, and get messages about calls and your shifts."),
    Purpose.STAYING: gettext_lazy("When an incident is closed out, your name stays for the next call."),
    Purpose.URGENT_CALLS: gettext_lazy("You may be woken at night when people are needed urgently."),
    Purpose.SKILLS: gettext_lazy("What you say you can is kept, so that you are asked for fitting posts."),
    Purpose.PUBLICITY: gettext_lazy("You may be in photos and reports. Without this you never are."),
}  # what is asked for on this page, in this order


class ForgetForm(forms.Form):
    sure = forms.BooleanField(label=gettext_lazy("I know that this cannot be undone"))


@require_safe
@login_required
def my_data(request: HttpRequest) -> HttpResponse:
    person = Volunteer.objects.filter(user=request.user).first()
    given = in_force(person.pk) if person else {}
    context = {
        "person": person,
        "consents": [(purpose, PURPOSES[purpose], words, given.get(purpose)) for purpose, words in MEANING.items()],
        "closing": announced_to(request.user, timezone.now()),
        "stays": Purpose.STAYING in given,
    }
    return render(request, "staffing/my_data.html", context)


@require_POST
@login_required
def consent(request: HttpRequest, purpose: str, doing: str) -> HttpResponse:
    """One purpose, given or taken back. Taking back consent to being scheduled asks first."""
    person = Volunteer.objects.filter(user=request.user).first()
    if not person or purpose not in MEANING:
        raise Http404
    if (purpose, doing) == (Purpose.SERVICE, "withdraw"):
        return redirect("leave")
    act = consents.give if doing == "give" else consents.withdraw
    act(person.pk, Purpose(purpose), now=timezone.now())
    messages.success(request, _("Saved.") if doing == "give" else _("Taken back. It counts from now on."))
    return redirect("my_data")


@require_safe
@login_required
def my_copy(request: HttpRequest) -> HttpResponse:
    """Everything about the person: data.json, and each list of it as CSV (UTF-8 with its mark)."""
    spend((COPIES, str(request.user.pk)))
    answer = HttpResponse(packed(export_of(request.user, timezone.now())), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    return answer


def packed(found: dict[str, Any]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(found, ensure_ascii=False, indent=2))
        for part in PARTS:
            if rows := found[part.name]:
                archive.writestr(f"{part.name}.csv", as_csv(rows).encode("utf-8-sig"))
    return file.getvalue()


def as_csv(rows: list[dict[str, Any]]) -> str:
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(rows[0])
    writer.writerows([[harmless(in_cell(value)) for value in row.values()] for row in rows])
    return file.getvalue()


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def forget_me(request: HttpRequest) -> HttpResponse:
    """What goes, what stays, what has to end first; then, once ticked, it is done, and nobody is signed in any more."""
    now = timezone.now()
    ties = ties_of(request.user, now)
    form, reasons = ForgetForm(request.POST if request.method == "POST" else None), refusals(ties)
    if request.method == "POST" and form.is_valid():
        try:
            erasing.erase(request.user.pk, now=now)
        except Refused as refused:
            reasons = refused.reasons
        else:
            logout(request)
            return render(request, "staffing/forgotten.html")
    status = 409 if request.method == "POST" and reasons else 400 if form.errors else 200
    context = {"form": form, "seats": ties.seats, "reasons": [say(reason) for reason in reasons]}
    return render(request, "staffing/forget_me.html", context, status=status)
