"""What all desk pages share: whom they are for, the way around, the area's clock, and what the reader may see."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from communities.access import May, Visitor, area_paths, areas, has_grant, may, organisation_paths
from communities.errors import Forbidden, Invalid
from communities.models import Area
from communities.queries.customs import customs_in
from communities.rules.customs import Customs
from staffing.models import Shift

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
    """By the roles on the area; who leads the shift knows its people by name."""
    found = {name: may(user, May(name), area) for name in Rights.__dataclass_fields__}
    if shift and shift.leader_id and shift.leader_id == user.pk:
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
        context = {"area": area, "now": timezone.now(), "nav": nav(request, area, current), **context}
        return render(request, f"staffing/{template}", context, status=status)


MENU = [
    ("command", "grid", gettext_lazy("Command board"), May.COMMAND),
    ("desk", "horn", gettext_lazy("Calls"), May.SEE),
    ("plan_new", "plan", pgettext_lazy("noun", "Plan"), May.PLAN),
    ("proposals", "magic", gettext_lazy("Fill seats"), May.NAMES),
    ("boards", "there", gettext_lazy("Check-in"), May.CHECK_IN),
    ("people", "users", gettext_lazy("People"), May.NAMES),
    ("teams", "shield", gettext_lazy("Teams"), May.NAMES),
    ("zones", "lock", gettext_lazy("Zones"), May.SEE),
    ("supplies_desk", "box", gettext_lazy("Supplies"), May.SEE),
    ("on_calls", "phone", gettext_lazy("On call"), May.SEE),
    ("rotas", "calendar", gettext_lazy("Rotas"), May.SEE),
    ("rides_desk", "car", gettext_lazy("Rides"), May.SEE),
    ("door_rounds", "door", gettext_lazy("Doors"), May.SEE),
    ("reports", "chart", gettext_lazy("Reports"), May.SEE),
    ("task_forces", "flag", gettext_lazy("Task forces"), May.SEE),
]


def nav(request: HttpRequest, area: Area | None, current: str) -> Iterable[dict[str, Any]]:
    """The desk's menu, as far as the reader's roles go."""
    user, query = request.user, f"?area={area.pk}" if area else ""
    for name, icon, label, capability in MENU:
        if areas_held(user, capability):
            yield {"href": reverse(name) + query, "icon": icon, "label": label, "current": name == current}
    if areas_held(user, May.RUN):
        yield {
            "href": reverse("secondments") + query,
            "icon": "inbox",
            "label": _("Secondments"),
            "current": current == "secondments",
        }
    if areas_held(user, May.SEE):
        yield {
            "href": reverse("broadcasts") + query,
            "icon": "bell",
            "label": pgettext("to many", "Notices"),
            "current": current == "broadcasts",
        }
    if areas_held(user, May.RUN) or areas_held(user, May.SHARE):
        yield {"href": reverse("lendings"), "icon": "swap", "label": _("Lending"), "current": current == "lendings"}
    if organisation_paths(user, May.PLEDGE) and not areas_held(user, May.SEE):
        yield {"href": reverse("on_calls"), "icon": "phone", "label": _("On call"), "current": current == "on_calls"}
    if organisation_paths(user, May.LEND):
        yield {"href": reverse("lent"), "icon": "users", "label": _("Our people"), "current": current == "lent"}
    if organisation_paths(user, May.PLEDGE) or areas_held(user, May.RUN):
        yield {
            "href": reverse("joint_posts"),
            "icon": "gate",
            "label": _("Joint posts"),
            "current": current == "joint",
        }
        yield {"href": reverse("pledges"), "icon": "flag", "label": _("Pledges"), "current": current == "pledges"}


def areas_held(user: Visitor, capability: May) -> bool:
    return bool(area_paths(user, capability))


def chosen_area(request: HttpRequest, capability: May = May.SEE) -> Area | None:
    """The area asked for in the address, if the reader may see it; else the one nearest the top of their reach."""
    found = areas(request.user, capability)
    asked = request.GET.get("area", "")
    if asked.isdigit():
        area = found.filter(pk=int(asked)).first()
        if not area:
            raise Http404
        return area
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
