"""Who changed what on a call, a shift, a sign-up, a lending, a notice, a task force or a board taken over."""

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities import history
from communities.access import May, Visitor, within
from communities.models import Area
from staffing.access import (
    broadcasts_visible_to,
    calls_visible_to,
    lendings_visible_to,
    load,
    shifts_visible_to,
    signups_visible_to,
    takeovers_visible_to,
    task_forces_visible_to,
)
from staffing.models import Broadcast, CallUp, Lending, Shift, SignUp, Takeover, TaskForce
from staffing.web.pages import customs, show, staff_only


def sources(user: Visitor, kind: str) -> tuple[QuerySet, QuerySet]:
    """What the reader may see of this kind, and what they may read the history of."""
    match kind:
        case "call":
            rows = CallUp.objects.select_related("community")
            return calls_visible_to(user).select_related("community"), rows.filter(
                within(user, May.HISTORY, "community")
            )
        case "shift":
            about = ("site__area", "call_up")
            rows = Shift.objects.filter(within(user, May.HISTORY, "site__area"))
            return shifts_visible_to(user).select_related(*about), rows
        case "sign-up":
            about = ("shift__site__area", "volunteer__user", "post__role")
            rows = SignUp.objects.filter(within(user, May.HISTORY, "shift__site__area"))
            return (signups_visible_to(user) | rows).select_related(*about), rows
        case "broadcast":
            found = broadcasts_visible_to(user).select_related("area")
            return found, found.filter(within(user, May.HISTORY, "area"))
        case "task-force":
            found = task_forces_visible_to(user).select_related("area")
            return found, found.filter(within(user, May.HISTORY, "area"))
        case "takeover":
            found = takeovers_visible_to(user).select_related("area", "user")
            return found, found.filter(within(user, May.HISTORY, "area"))
        case "lending":
            rows = Lending.objects.filter(within(user, May.HISTORY, "giver") | within(user, May.HISTORY, "taker"))
            return (lendings_visible_to(user) | rows).select_related("giver", "taker"), rows
    raise Http404


def place(thing: Model) -> Area:
    match thing:
        case CallUp():
            return thing.community
        case Shift():
            return thing.site.area
        case SignUp():
            return thing.shift.site.area
        case Takeover() | Broadcast() | TaskForce():
            return thing.area
        case Lending():
            return thing.taker
    raise Http404


@require_safe
@staff_only
def history_page(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    visible, allowed = sources(request.user, kind)
    thing = load(visible, allowed, pk=pk)
    area = place(thing)
    with timezone.override(customs(area).zone):
        page = Paginator(history.log(thing), 30).get_page(request.GET.get("page"))
    names = {
        "call": _("Call"),
        "shift": _("Shift"),
        "sign-up": _("Sign-up"),
        "takeover": _("Board taken over"),
        "task-force": _("Task force"),
        "lending": _("Lending"),
        "broadcast": _("Notice"),
    }
    return show(request, "desk/history.html", area, current="desk", page=page, kind=names[kind], thing=thing)
