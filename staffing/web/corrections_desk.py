"""Hours that were put right: by whom, agreed by whom, and what still waits."""

from datetime import datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from communities.access import May, may
from staffing.access import corrections_visible_to
from staffing.models import Proposal
from staffing.queries.corrections import in_state, listed, unconfirmed
from staffing.rules.attendance import lapsed, served
from staffing.web.pages import chosen_area, show, staff_only

PER_PAGE, OPEN_SHOWN = 50, 100
STATES = {
    "all": gettext_lazy("All"),
    "waiting": pgettext_lazy("hours", "Waiting"),
    "agreed": pgettext_lazy("hours", "Agreed"),
    "lapsed": pgettext_lazy("hours", "Lapsed"),
}


@require_safe
@staff_only
def corrections(request: HttpRequest) -> HttpResponse:
    area, now = chosen_area(request, May.HISTORY), timezone.now()
    if not area:
        raise Http404
    names, state = may(request.user, May.NAMES, area), request.GET.get("show", "all")
    words = in_state(corrections_visible_to(request.user), state, now)
    page = Paginator(listed(words, area, names=names), PER_PAGE).get_page(request.GET.get("page"))
    attends = may(request.user, May.CHECK_IN, area)
    for word in page.object_list:
        word.minutes = served(word.started_at, word.ended_at)
        word.chip = chip(word, now)
        word.may_agree = attends and waits(word, now) and request.user.pk not in (word.proposed_by_id, word.whose)
    context = {
        "page": page,
        "open": unconfirmed(area, names=names)[:OPEN_SHOWN],
        "may_correct": attends,
        "states": [(key, label, key == state) for key, label in STATES.items()],
    }
    return show(request, "desk/corrections.html", area, current="people", **context)


def waits(word: Proposal, now: datetime) -> bool:
    return word.agreed_at is None and not lapsed(now, word.proposed_at)


def chip(word: Proposal, now: datetime) -> tuple[str, str, str]:
    if word.agreed_at:
        return ("ok", "check", STATES["agreed"])
    if waits(word, now):
        return ("warn", "half", STATES["waiting"])
    return ("off", "dash", STATES["lapsed"])
