"""How a number of a plan came about, in words: its formula, and what went into it."""

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staffing.models.norms import BASES
from staffing.rules.steps import Step
from staffing.web.plan_forms import plain

FORMULAS = {
    "lanes": _("residents × (1 − share served at home) ÷ (people an hour × window), rounded up, at least 1"),
    "points": _("lanes ÷ lanes at one point, rounded up"),
    "per_lane": _("people × lanes ÷ for every, rounded up"),
    "per_point": _("people × points ÷ for every, rounded up"),
    "per_compound": _("people in each compound"),
    "per_household": _("people × households ÷ for every, rounded up"),
    "per_resident": _("people × residents ÷ for every, rounded up"),
    "per_entrance": _("people × entrances ÷ for every, rounded up"),
    "per_fixed": _("people, once"),
    "blocks": _("window ÷ longest block, rounded up"),
    "relief": _("posts × window ÷ (window − break), rounded up, less the posts"),
    "standby": _("posts × standby share, rounded up"),
    "headcount": _("posts × window ÷ the shorter of window and most hours a day, rounded up"),
    "available": _("as given"),
    "gap": _("posts − staff"),
    "seats": _("posts × blocks"),
    "person_hours": _("posts × window"),
    "share": _("volunteers ÷ posts"),
    "share_of_all": _("volunteers ÷ (posts + posts of others)"),
    "sum_of_posts": _("all posts added up"),
    "sum_of_outside": _("all posts of others added up"),
    "sum_of_places": _("all places added up"),
}
INPUTS = {
    "residents": pgettext_lazy("plan", "residents"),
    "home_share": _("served at home"),
    "rate": _("people an hour"),
    "window": _("window in hours"),
    "lanes": pgettext_lazy("plan", "lanes"),
    "per": _("for every"),
    "many": _("there are"),
    "quantity": _("people"),
    "block": _("longest block in hours"),
    "posts": _("posts"),
    "pause": _("break in hours"),
    "share": _("share"),
    "day": _("most hours a day"),
    "available": _("staff"),
    "blocks": pgettext_lazy("plan", "blocks"),
    "gap": _("volunteers"),
    "outside": _("posts of others"),
}
SHARES = {"home_share", "share"}


def formula(step: Step) -> str:
    return str(FORMULAS.get(step.formula, step.formula))


def inputs(step: Step) -> Sequence[tuple[str, str]]:
    return [(str(INPUTS.get(name, name)), said(name, value)) for name, value in step.inputs.items() if name != "basis"]


def said(name: str, value: int | Fraction | str) -> str:
    if isinstance(value, str):
        return str(BASES.get(value, value))  # type: ignore[call-overload]
    if name in SHARES:
        return f"{plain(Fraction(value) * 100)}%"
    return plain(Fraction(value))
