"""What all desk pages share: whom they are for, the way around, the area's clock, and what the reader may see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone

from communities.access import May, Visitor, area_paths, areas, has_grant, may
from communities.errors import Forbidden, Invalid
from communities.models import Area
from communities.numbers import number_in
from communities.queries.customs import customs_in
from communities.rules.customs import Customs
from staffing.models import Shift
from staffing.web.menu import menu

type View = Callable[..., HttpResponse]


def staff_only(view: View) -> View:
    """Signed in, and with a role somewhere; for others there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_grant(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(guarded)


@dataclass(frozen=True, slots=True)
class Rights:
    """What the reader may see and do on an area."""

    names: bool = False
    phones: bool = False
    run: bool = False
    admit: bool = False
    check_in: bool = False
    history: bool = False
    zones: bool = False
    propose: bool = False


def rights(user: Visitor, area: Area, shift: Shift | None = None) -> Rights:
    """By the roles on the area; who leads the shift, or stands in, knows its people by name."""
    found = {name: may(user, May(name), area) for name in Rights.__dataclass_fields__}
    if shift and user.pk and user.pk in (shift.leader_id, shift.deputy_id):
        found |= {"names": True, "admit": True, "check_in": True}
    return Rights(**found)


def need(user: Visitor, capability: May, area: Area) -> None:
    """Raises Forbidden, or Http404 for who may not even see the area."""
    if may(user, capability, area):
        return
    if may(user, May.SEE, area):
        raise Forbidden
    raise Http404


def customs(area: Area) -> Customs:
    """Read once for each area that was loaded."""
    if not hasattr(area, "own_customs"):
        area.own_customs = customs_in([area])[area.pk]
    return area.own_customs


def show(
    request: HttpRequest, template: str, area: Area | None, *, current: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """The page, with clocks as in the area."""
    zone = customs(area).zone if area else timezone.get_current_timezone()
    with timezone.override(zone):
        context = {"area": area, "now": timezone.now(), "menu": menu(request.user, area, current), **context}
        return render(request, f"staffing/{template}", context, status=status)


def areas_held(user: Visitor, capability: May) -> bool:
    return bool(area_paths(user, capability))


def chosen_area(request: HttpRequest, capability: May = May.SEE) -> Area | None:
    """The area asked for in the address, if the reader may see it; else the one nearest the top of their reach."""
    found = areas(request.user, capability)
    asked = number_in(request.GET.get("area"))
    if asked is not None:
        return get_object_or_404(found, pk=asked)
    return found.order_by("path").first()


def busiest(counts: Mapping[str, int]) -> str:
    """The tab to open unless one is asked for: the first with something in it, else the first."""
    return next((name for name, count in counts.items() if count), next(iter(counts)))


def back_to(request: HttpRequest, name: str, *args: Any, anchor: str = "") -> HttpResponse:
    """After a post: see other (303), to the page asked for by a hidden field if it is one of our own."""
    to = request.POST.get("back", "")
    safe = to.startswith(("/desk/", "/p/")) and "//" not in to
    return HttpResponseRedirect((to if safe else resolve_url(name, *args)) + anchor, status=303)


def attempt[Result](form: Form, act: Callable[[], Result]) -> Result | None:
    """What the action returns; None after putting what it could not read beside the form's fields."""
    try:
        return act()
    except Invalid as error:
        for name, texts in error.fields.items():
            form.add_error(name if name in form.fields else None, texts)
        return None
