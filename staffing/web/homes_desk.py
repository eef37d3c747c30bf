"""Homes to be seen to: what households need, whose task it is and by when."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import May, area_paths
from communities.models import Area
from staffing import access
from staffing.actions import homes as actions
from staffing.models import HomeService
from staffing.states import HOME_LIVE, HomeStatus, Need
from staffing.web.calls_desk import form_page, leaders, page_and_post
from staffing.web.desk_forms import ReasonForm
from staffing.web.door_words import HOMES, NEED_ICONS
from staffing.web.pages import back_to, chosen_area, show, staff_only

PER_PAGE = 50
DOINGS: dict[str, Callable[..., HomeService]] = {"plan": actions.plan, "done": actions.finish}


@require_safe
@staff_only
def homes(request: HttpRequest) -> HttpResponse:
    """The open ones, the most urgent first; on the second tab those that are over."""
    area, over = chosen_area(request), "over" in request.GET
    rows = access.homes_visible_to(request.user)
    if area:
        rows = within(rows, area)
    live = rows.filter(status__in=HOME_LIVE)
    shown = (rows.exclude(status__in=HOME_LIVE) if over else live).select_related(
        "owner", "door__door__entrance__building__compound", "door__stairs__round"
    )
    page = Paginator(shown.order_by("due_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [line(home) for home in page.object_list],
        "over": over,
        "open": live.filter(status=HomeStatus.OPEN).count(),
        "late": live.filter(due_at__lt=timezone.now()).count(),
        "all": rows.count(),
        "people": leaders(area) if area and area_paths(request.user, May.NAMES) else [],
    }
    return show(request, "desk/homes.html", area, current="door_rounds", **context)


def within(rows: Any, area: Area) -> Any:
    """Of the area, or of the grid."""
    return rows.filter(door__stairs__round__area__path__startswith=area.path) | rows.filter(
        door__stairs__entrance__building__grid__path__startswith=area.path
    )


def line(home: HomeService) -> dict[str, Any]:
    shape, word = NEED_ICONS[Need(home.need)]
    return {
        "home": home,
        "shape": shape,
        "word": word,
        "chip": HOMES[HomeStatus(home.status)],
        "live": home.status in HOME_LIVE,
    }


def mine(request: HttpRequest, pk: int) -> HomeService:
    return get_object_or_404(access.homes_visible_to(request.user), pk=pk)


@require_POST
@staff_only
def home_do(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    home, now = mine(request, pk), timezone.now()
    if doing == "give":
        area = Area.objects.get(pk=home.door.stairs.round.area_id)
        owner = next((user for user in leaders(area) if str(user.pk) == request.POST.get("owner")), None)
        if owner:
            actions.give(home.pk, owner.pk, by=request.user, now=now)
    else:
        DOINGS[doing](home.pk, by=request.user, now=now)
    return back_to(request, "homes")


@page_and_post
@staff_only
def home_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    home = mine(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.cancel(home.pk, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("Called off."))
        return back_to(request, "homes")
    area = home.door.stairs.round.area
    return form_page(request, "desk/home_cancel.html", area, form, current="door_rounds", **line(home))
