"""Who could see this on that day: asked by those who may read the history, answered from it."""

from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from communities.access import May
from communities.models.grants import ROLES
from staffing.access import areas_whose_past_is_known_to
from staffing.queries.rights import insight
from staffing.web.desk_forms import DayField
from staffing.web.pages import chosen_area, customs, show, staff_only

ABOUT = {
    May.NAMES: gettext_lazy("names: who stands where, who is lent"),
    May.PHONES: gettext_lazy("phone numbers"),
    May.SEE: gettext_lazy("boards and figures"),
    May.DOORS: gettext_lazy("what was found at doors"),
    May.HISTORY: gettext_lazy("the history"),
}


@require_safe
@staff_only
def who_could_see(request: HttpRequest) -> HttpResponse:
    area = chosen_area(request, May.HISTORY)
    if not area:
        raise Http404
    zone = customs(area).zone
    today = timezone.now().astimezone(zone).date()
    day, what = asked_day(request) or today, request.GET.get("what", May.NAMES)
    if what not in {str(one) for one in ABOUT}:
        raise Http404
    start = datetime.combine(day, time(), zone)
    found = insight(area, May(what), start, start + timedelta(days=1))
    context = {
        "day": day,
        "what": what,
        "about": [(str(one), words) for one, words in ABOUT.items()],
        "found": found,
        "rows": [(right, ROLES[right.role], posting) for right, posting in found.rights],
        "start": start,
        "end": start + timedelta(days=1),
        "places": list(areas_whose_past_is_known_to(request.user).order_by("path")[:200]),
    }
    return show(request, "desk/who_could_see.html", area, current="", **context)


def asked_day(request: HttpRequest) -> date | None:
    text = request.GET.get("day", "")
    if not text:
        return None
    try:
        found: date = DayField().clean(text)
    except ValidationError as error:
        raise Http404 from error
    return found
