"""What communities ask of units: the unit chooses people for it, and either side closes it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from communities.numbers import numbers_in
from communities.phrases import say
from staffing.access import load, staff_requests_of_unit, staff_requests_visible_to
from staffing.actions import staff_requests
from staffing.actions.secondments import Outcome
from staffing.queries.secondments import free_for, offered
from staffing.web.calls_desk import page_and_post
from staffing.web.pages import back_to, show, staff_only

MOST = 500


@page_and_post
@staff_only
def staff_request(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit's people who are free for it, as many of them ticked as are still wanted."""
    visible = staff_requests_visible_to(request.user).annotate(offered=offered())
    found = load(visible.select_related("area", "role", "organisation"), staff_requests_of_unit(request.user), pk=pk)
    free = free_for(found)
    if request.method == "POST":
        ids = numbers_in(request.POST.getlist("p"))[:MOST]
        names = dict(free.filter(volunteer__in=ids).values_list("volunteer", "name"))
        told(request, names, staff_requests.answer(found.pk, names, by=request.user, now=timezone.now()))
        return back_to(request, "lent")
    context = {"found": found, "wanted": max(0, found.people - found.offered), "free": free[:MOST]}
    return show(request, "desk/staff_request.html", None, current="lent", **context)


def told(request: HttpRequest, names: dict[int, str], outcome: Outcome) -> None:
    if number := len(outcome.done):
        messages.success(
            request, ngettext("%(n)d person is offered.", "%(n)d people are offered.", number) % {"n": number}
        )
    for person, reasons in list(outcome.stayed.items())[:10]:
        why = " ".join(say(reason) for reason in reasons)
        messages.warning(request, _("%(who)s stays as before: %(why)s") % {"who": names[person], "why": why})
    if not outcome.done and not outcome.stayed:
        messages.warning(request, _("Tick somebody first."))


@require_POST
@staff_only
def staff_request_close(request: HttpRequest, pk: int) -> HttpResponse:
    """By the community that asked, or by the unit."""
    visible = staff_requests_visible_to(request.user)
    staff_requests.close(load(visible, visible, pk=pk).pk, now=timezone.now())
    messages.success(request, _("The request is closed."))
    return back_to(request, "desk")
