"""One's service record, and certificates: asked for, printed, and checked by anybody who holds one."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from communities.errors import Invalid, Refused
from communities.limits import Limit, spend
from communities.models import Area
from communities.phrases import say
from communities.rules.cells import harmless
from communities.web.accounts import ip_of
from communities.web.days import NearDayField
from communities.web.forms import status_of
from volunteers.access import certificates_visible_to
from volunteers.actions import certificates
from volunteers.actions.certificates import Wish
from volunteers.models import Certificate, ServiceRecord, Volunteer
from volunteers.queries import certificates as queries
from volunteers.rules.certificates import grouped, hidden, tidy
from volunteers.states import LENGTH, CertificateStatus

PER_PAGE = 50
CHECKS = Limit("certificate", 60, 3600)
CHIPS = {
    CertificateStatus.ASKED: ("warn", "half"),
    CertificateStatus.ISSUED: ("ok", "check"),
    CertificateStatus.REFUSED: ("off", "ban"),
    CertificateStatus.REVOKED: ("off", "ban"),
}
COLUMNS = ("started_at", "ended_at", "minutes", "served_as", "activity", "place", "community", "confirmed")
LANGUAGES = {"zh": "zh-hans", "en": "en"}
page_and_post = require_http_methods(["GET", "HEAD", "POST"])


class WishForm(forms.Form):
    area = forms.ModelChoiceField(Area.objects.none(), label=gettext_lazy("Served for"), empty_label=None)
    first = NearDayField(
        label=gettext_lazy("First day"), widget=forms.DateInput({"type": "date", "class": "short"}, format="%Y-%m-%d")
    )
    last = NearDayField(
        label=gettext_lazy("Last day"), widget=forms.DateInput({"type": "date", "class": "short"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any, records: Iterable[ServiceRecord]) -> None:
        days = [timezone.localtime(row.started_at).date() for row in records]
        initial = {"first": min(days), "last": max(days)} if days else {}
        super().__init__(data, initial=initial)
        areas = Area.objects.filter(pk__in={row.community_id for row in records})
        self.fields["area"].queryset = areas.order_by("path")


@page_and_post
@login_required
def record(request: HttpRequest) -> HttpResponse:
    """All hours of the person, given freely apart from those on duty, and their certificates."""
    person = get_object_or_404(Volunteer, user=request.user)
    rows = list(queries.records_of(person.pk))
    form = WishForm(request.POST if request.method == "POST" else None, rows)
    if request.method == "POST" and form.is_valid() and asked(request, form, person):
        messages.success(request, _("The community is asked. You find the paper here when it is given."))
        return redirect("my_record")
    return as_page(request, person, rows, form)


def asked(request: HttpRequest, form: WishForm, person: Volunteer) -> bool:
    said = form.cleaned_data
    wish = Wish(person.pk, said["area"].pk, said["first"], said["last"])
    try:
        certificates.ask(wish, by=request.user, now=timezone.now())
    except Invalid as error:
        for name, texts in error.fields.items():
            form.add_error(name, texts)
        return False
    except Refused as refused:
        form.add_error(None, [say(reason) for reason in refused.reasons])
        return False
    return True


def as_page(request: HttpRequest, person: Volunteer, rows: list[ServiceRecord], form: WishForm) -> HttpResponse:
    own = queries.certificates().filter(volunteer=person)
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "totals": queries.totals(rows),
        "form": form,
        "certificates": [(one, grouped(one.number), (*CHIPS[one.status], one.get_status_display())) for one in own],
    }
    return render(request, "volunteers/record.html", context, status=status_of(form))


@require_safe
@login_required
def record_file(request: HttpRequest, ending: str) -> HttpResponse:
    """The whole record as CSV (UTF-8 with its mark) or JSON, one object for each block served."""
    if ending not in ("csv", "json"):
        raise Http404
    person = get_object_or_404(Volunteer, user=request.user)
    rows = [as_row(row) for row in queries.records_of(person.pk)]
    if ending == "json":
        answer: HttpResponse = JsonResponse(
            {"volunteer": person.number, "records": rows}, json_dumps_params={"ensure_ascii": False}
        )
    else:
        answer = HttpResponse(as_csv(rows).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="record.{ending}"'
    return answer


def as_row(row: ServiceRecord) -> dict[str, Any]:
    values = (
        row.started_at.isoformat(),
        row.ended_at.isoformat(),
        row.minutes,
        row.kind,
        row.what,
        row.where,
        row.community.name,
        not row.needs_confirmation,
    )
    return dict(zip(COLUMNS, values, strict=True))


def as_csv(rows: list[dict[str, Any]]) -> str:
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows([[harmless(value) for value in row.values()] for row in rows])
    return file.getvalue()


@require_safe
@login_required
def certificate_paper(request: HttpRequest, number: str, language: str) -> HttpResponse:
    """The PDF, for the person and for whoever decides about certificates there."""
    from volunteers.web.papers import pdf

    if language not in LANGUAGES:
        raise Http404
    given = certificates_visible_to(request.user).filter(status=CertificateStatus.ISSUED)
    found = get_object_or_404(given.select_related("community", "volunteer"), number=number)
    answer = HttpResponse(pdf(found, LANGUAGES[language]), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="certificate-{number}-{language}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def certificate_check(request: HttpRequest, number: str = "") -> HttpResponse:
    """Whether a certificate counts, for anybody with its number; no more than the paper says, and less of the name."""
    typed = number or request.GET.get("number", "")
    if not typed:
        return render(request, "volunteers/certificate.html", {})
    spend((CHECKS, ip_of(request)))
    found = queries.shown_to_all(typed) if len(tidy(typed)) == LENGTH else None
    context = {"typed": typed[:40], "found": found, **(shown(found) if found else {})}
    return render(request, "volunteers/certificate.html", context, status=200 if found else 404)


def shown(found: Certificate) -> dict[str, Any]:
    counts = found.status == CertificateStatus.ISSUED
    return {"counts": counts, "name": hidden(found.name), "number": grouped(found.number)}
