"""ICS forms for paper: the rows of a report among the numbered boxes that the form has."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from communities.access import may
from communities.errors import Forbidden
from communities.numbers import number_in
from staffing.queries.reports.asked import scope_of
from staffing.queries.reports.ics import MAKERS, Hand, forms
from staffing.web.pages import staff_only
from staffing.web.reports_desk import asked, named, page

PER_PAGE = 20


@require_safe
@staff_only
def ics_form(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in MAKERS:
        raise Http404
    kind = named(slug)
    found = asked(request, kind)
    if not may(request.user, kind.needs, found.area):
        raise Forbidden
    scope = scope_of(kind, found.wish, request.user)
    start = (max(number_in(request.GET.get("page")) or 1, 1) - 1) * PER_PAGE
    pile = forms(slug, scope, Hand(request.user, timezone.now()), start=start, most=PER_PAGE)
    sheets = Paginator(range(pile.total), PER_PAGE).get_page(start // PER_PAGE + 1)
    context = {"asked": found, "form": found.form, "report": kind, "forms": pile.forms, "page": sheets}
    return page(request, "ics.html", found, **context)
