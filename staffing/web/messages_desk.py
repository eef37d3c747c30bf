"""Messages that did not arrive: what, to whom, why, and sending them again."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from communities.access import May
from communities.actions import repeats
from communities.models import Area, Message
from communities.models.messages import CHANNELS
from communities.numbers import number_in
from staffing.access import broadcasts_run_by, calls_run_by, shifts_run_by, signups_run_by
from staffing.models import CallUp, Shift, SignUp
from staffing.phrases import MESSAGES
from staffing.queries import undelivered
from staffing.web.pages import areas_held, back_to, show, staff_only

PER_PAGE = 50
WHY = {
    "": gettext_lazy("no number and no address to send it to"),
    "no address": gettext_lazy("no number and no address to send it to"),
    "not delivered": gettext_lazy("the provider says that it did not arrive"),
    "no browser": gettext_lazy("no browser shows it any more"),
    "too many attempts": gettext_lazy("tried too often"),
    "unreadable": gettext_lazy("a mistake of this system; its operator has to mend it"),
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which of the reader's messages a page is about: all, those of a call, or those of a shift."""

    which: Q
    call: CallUp | None = None
    shift: Shift | None = None

    @property
    def area(self) -> Area | None:
        return self.call.community if self.call else self.shift.site.area if self.shift else None


def narrowed(request: HttpRequest, asked: QueryDict) -> Narrowed:
    """Raises Http404 for what the reader does not run."""
    user, call, shift = request.user, number_in(asked.get("call")), number_in(asked.get("shift"))
    if not areas_held(user, May.RUN):
        raise Http404
    if call:
        found = get_object_or_404(calls_run_by(user).select_related("community"), pk=call)
        return Narrowed(undelivered.of_call(found), call=found)
    if shift:
        one = get_object_or_404(shifts_run_by(user).select_related("site__area"), pk=shift)
        return Narrowed(undelivered.about(SignUp.objects.filter(shift=one), CallUp.objects.none()), shift=one)
    notices = undelivered.of_notices(broadcasts_run_by(user))
    return Narrowed(undelivered.about(signups_run_by(user), calls_run_by(user)) | notices)


@require_safe
@staff_only
def failed(request: HttpRequest) -> HttpResponse:
    to, now = narrowed(request, request.GET), timezone.now()
    page = Paginator(undelivered.undelivered(to.which, now), PER_PAGE).get_page(request.GET.get("page"))
    places = undelivered.places(page.object_list)
    rows = [line(message, places.get(message.target)) for message in page.object_list]
    context = {"rows": rows, "page": page, "call": to.call, "shift": to.shift}
    return show(request, "desk/messages.html", to.area, current="desk", **context)


def line(message: Any, signup: SignUp | None) -> dict[str, Any]:
    return {
        "message": message,
        "what": MESSAGES.get(message.kind, message.kind),
        "who": message.robot or message.reader.name,
        "signup": signup,
        "why": WHY.get(message.why or "", message.why),
        "channel": CHANNELS.get(message.last_channel or "", ""),
    }


@require_POST
@staff_only
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    mine = narrowed(request, QueryDict())
    message = get_object_or_404(Message.objects.filter(mine.which), pk=pk)
    repeats.try_again(message.pk, now=timezone.now())
    messages.success(request, _("It goes out again now."))
    return back_to(request, "failed_messages")


@require_POST
@staff_only
def retry_all(request: HttpRequest) -> HttpResponse:
    to, now = narrowed(request, request.POST), timezone.now()
    ids = list(undelivered.undelivered(to.which, now).values_list("pk", flat=True))
    done = repeats.try_all_again(ids, now=now)
    messages.success(
        request, ngettext("%(n)d message goes out again.", "%(n)d messages go out again.", done) % {"n": done}
    )
    return back_to(request, "failed_messages")
