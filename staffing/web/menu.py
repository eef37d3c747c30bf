"""The desk's menu: what there is to open, in groups, each for the roles that it is for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.access import May, Visitor, area_paths, organisation_paths
from communities.models import Area

type Opens = Callable[[Visitor], bool]


def on_areas(*capabilities: May) -> Opens:
    return lambda user: any(area_paths(user, capability) for capability in capabilities)


def of_units(capability: May) -> Opens:
    return lambda user: bool(organisation_paths(user, capability))


def either(one: Opens, other: Opens) -> Opens:
    return lambda user: one(user) or other(user)


@dataclass(frozen=True, slots=True)
class Entry:
    page: str
    icon: str
    label: Promise
    opens: Opens
    group: Promise | str = ""


FILL, OTHERS, GROUND, WORD = (
    pgettext_lazy("menu", "Staffing"),
    pgettext_lazy("menu", "From elsewhere"),
    pgettext_lazy("menu", "On the ground"),
    pgettext_lazy("menu", "Notices and reports"),
)
MENU = (
    Entry("command", "grid", _("Command board"), on_areas(May.COMMAND)),
    Entry("desk", "horn", _("Calls"), on_areas(May.SEE)),
    Entry("boards", "there", _("Check-in"), on_areas(May.CHECK_IN)),
    Entry("plan_new", "plan", pgettext_lazy("noun", "Plan"), on_areas(May.PLAN), FILL),
    Entry("proposals", "magic", _("Fill seats"), on_areas(May.NAMES), FILL),
    Entry("people", "users", _("People"), on_areas(May.NAMES), FILL),
    Entry("teams", "shield", _("Teams"), on_areas(May.NAMES), FILL),
    Entry("rotas", "calendar", _("Rotas"), on_areas(May.SEE), FILL),
    Entry("task_forces", "flag", _("Task forces"), on_areas(May.SEE), FILL),
    Entry("secondments", "inbox", _("Secondments"), on_areas(May.RUN), OTHERS),
    Entry("lendings", "swap", _("Lending"), on_areas(May.RUN, May.SHARE), OTHERS),
    Entry("lent", "users", _("Our people"), of_units(May.LEND), OTHERS),
    Entry("joint_posts", "gate", _("Joint posts"), either(of_units(May.PLEDGE), on_areas(May.RUN)), OTHERS),
    Entry("pledges", "flag", _("Pledges"), either(of_units(May.PLEDGE), on_areas(May.RUN)), OTHERS),
    Entry("on_calls", "phone", _("On call"), either(of_units(May.PLEDGE), on_areas(May.SEE)), OTHERS),
    Entry("zones", "lock", _("Zones"), on_areas(May.SEE), GROUND),
    Entry("door_rounds", "door", _("Doors"), on_areas(May.SEE), GROUND),
    Entry("rides_desk", "car", _("Rides"), on_areas(May.SEE), GROUND),
    Entry("supplies_desk", "box", _("Supplies"), on_areas(May.SEE), GROUND),
    Entry("equipment", "vest", pgettext_lazy("report", "Equipment"), on_areas(May.SEE), GROUND),
    Entry("broadcasts", "bell", pgettext_lazy("to many", "Notices"), on_areas(May.SEE), WORD),
    Entry("reports", "chart", _("Reports"), on_areas(May.SEE), WORD),
    Entry("webhooks", "share", _("Webhooks"), on_areas(May.ADMINISTER), WORD),
)
EVERYWHERE = {"lendings", "lent", "joint_posts", "pledges", "webhooks"}  # their pages are of no one area


def menu(user: Visitor, area: Area | None, current: str) -> Iterator[tuple[Promise | str, list[dict[str, Any]]]]:
    """Group by group, as far as the reader's roles go."""
    query = f"?area={area.pk}" if area else ""
    mine = (entry for entry in MENU if entry.opens(user))
    for group, entries in groupby(mine, key=lambda entry: entry.group):
        yield group, [shown(entry, query, current=entry.page == current) for entry in entries]


def shown(entry: Entry, query: str, *, current: bool) -> dict[str, Any]:
    address = reverse(entry.page) + ("" if entry.page in EVERYWHERE else query)
    return {"href": address, "icon": entry.icon, "label": entry.label, "current": current}
