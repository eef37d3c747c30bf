"""Certificates that wait for the community's word, and those it has given."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import May
from staffing.access import load
from staffing.web.calls_desk import form_page, page_and_post
from staffing.web.desk_forms import ShortReasonForm
from staffing.web.pages import attempt, back_to, chosen_area, rights, show, staff_only
from volunteers import access
from volunteers.actions import certificates
from volunteers.models import Certificate
from volunteers.queries.certificates import certificates as all_certificates
from volunteers.rules.certificates import grouped
from volunteers.web.certificates import CHIPS

PER_PAGE = 50
WITH_REASON: dict[str, Callable[..., Any]] = {"refuse": certificates.refuse, "revoke": certificates.revoke}


@require_safe
@staff_only
def certificates_list(request: HttpRequest) -> HttpResponse:
    """Those that wait first."""
    area = chosen_area(request, May.RUN)
    if not area:
        raise Http404
    here = access.certificates_decided_by(request.user).filter(community__path__startswith=area.path)
    found = all_certificates().filter(pk__in=here.values("pk")).order_by("decided_at", "-asked_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        (one, grouped(one.number), (*CHIPS[one.status], one.get_status_display()), own(request, one)) for one in page
    ]
    context = {"page": page, "rows": rows, "rights": rights(request.user, area)}
    return show(request, "desk/certificates.html", area, current="people", **context)


def own(request: HttpRequest, one: Certificate) -> bool:
    """Asked for by the reader, or about them: somebody else has to give it."""
    return request.user.pk in (one.asked_by_id, one.volunteer.user_id)


def decided(request: HttpRequest, pk: int) -> Certificate:
    found = access.certificates_visible_to(request.user).select_related("community", "volunteer__user")
    return load(found, access.certificates_decided_by(request.user), pk=pk)


@require_POST
@staff_only
def certificate_issue(request: HttpRequest, pk: int) -> HttpResponse:
    one = decided(request, pk)
    certificates.issue(one.pk, by=request.user, now=timezone.now())
    messages.success(request, _("The certificate is given."))
    return back_to(request, "certificates")


@page_and_post
@staff_only
def certificate_end(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    """Refuse what was asked for, or revoke what was given, with a reason."""
    one = decided(request, pk)
    form = ShortReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act, reason = WITH_REASON[doing], form.cleaned_data["reason"]
        if attempt(form, lambda: act(one.pk, reason, by=request.user, now=timezone.now())):
            messages.success(request, _("Refused.") if doing == "refuse" else _("Revoked."))
            return back_to(request, "certificates")
    context = {"one": one, "doing": doing}
    return form_page(request, "desk/certificate_end.html", one.community, form, current="people", **context)
