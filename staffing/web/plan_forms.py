"""What a lead fills in for a plan: words into the values that the plan is reckoned with. All works while typing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.models import Compound
from communities.numbers import number_in
from communities.rules.words import clean_name
from staffing.models import NormProfile
from staffing.phrases import field_error
from staffing.rules.demand import Place, Window
from staffing.rules.norms import Norm, changed
from staffing.rules.steps import Override, Step
from staffing.states import Basis, Crewing
from staffing.web.desk_forms import ClockField, DayField, hours

QUARTER = timedelta(minutes=15)
NEW_ROWS = 2
MOST = 1_000_000
COUNTS = ("residents", "households", "entrances")
PERCENT = ("home_share", "standby_share")
FIRST_KNOBS = ("lane_rate", "home_share", "block_hours")
MORE_KNOBS = ("day_hours", "break_hours", "standby_share", "household_size")


def digits(**attrs: Any) -> forms.TextInput:
    return forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "class": "input"} | attrs)


def count(label: Any, **options: Any) -> forms.IntegerField:
    bounds = {"min_value": 0, "max_value": MOST, "required": False}
    return forms.IntegerField(label=label, widget=digits(), **bounds | options)


class PlaceForm(forms.Form):
    """A compound that is there: whether it takes part, and its counts."""

    on = forms.BooleanField(required=False)
    residents = count(_("Residents"))
    households = count(_("Households"))
    entrances = count(_("Entrances"))

    def __init__(self, *args: Any, compound: Compound | None = None, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.compound = compound
        for name in COUNTS:
            facts = {"what": self.fields[name].label, "place": compound or gettext("another compound")}
            self.fields[name].widget.attrs["aria-label"] = gettext("%(what)s, %(place)s") % facts

    @property
    def taken(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data["on"] and self.cleaned_data["residents"])

    def place(self, key: int) -> Place:
        found = self.cleaned_data
        return Place(key, found["residents"], found["households"] or None, found["entrances"] or 0)


class NewPlaceForm(PlaceForm):
    """A compound that is not in the list yet. A name makes it one."""

    name = forms.CharField(
        label=_("Another compound"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"class": "input", "autocomplete": "off", "aria-label": _("Another compound")}),
    )

    @property
    def taken(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data["name"] and self.cleaned_data["residents"])

    def clean_name(self) -> str:
        text = self.cleaned_data["name"]
        if text and clean_name(text) is None:
            raise forms.ValidationError(field_error("bad_name"))
        return clean_name(text) or ""


class PlanForm(forms.Form):
    """The work, the window and the knobs of the norm. A knob left empty stands as in the norm."""

    norm = forms.TypedChoiceField(label=_("Norm"), coerce=int, widget=forms.Select({"class": "input"}))
    norm_was = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.CharField(label=_("What for"), max_length=60, widget=forms.TextInput({"class": "input"}))
    day = DayField(label=_("Day"))
    start = ClockField(label=_("From"), required=False)
    end = ClockField(label=_("Until"))
    available = count(_("Staff you have"), max_value=10_000)
    crewing = forms.ChoiceField(choices=[(str(one), one) for one in Crewing], required=False)
    reason = forms.CharField(
        label=_("Why nobody can be relieved"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: Any,
        zone: ZoneInfo,
        now: datetime,
        profiles: Iterable[NormProfile],
        norm: Norm,
        roles: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.zone, self.now, self.base = zone, now, norm
        self.profiles = {one.pk: one for one in profiles}
        self.fields["norm"].choices = [(pk, str(one)) for pk, one in self.profiles.items()]  # type: ignore[attr-defined]
        for name in ("day", "start", "end"):
            self.fields[name].widget.attrs |= {"class": "input", "aria-label": self.fields[name].label}
        for name, value in knobs(norm):
            self.fields[name] = knob(name, value, roles)

    @property
    def profile(self) -> NormProfile:
        return self.profiles[self.cleaned_data["norm"]]

    def window(self) -> Window:
        """The hours given; without a beginning, from the next quarter of an hour up to the deadline."""
        found = self.cleaned_data
        if found["start"]:
            return Window(*hours(found["day"], found["start"], found["end"], self.zone))
        end = datetime.combine(found["day"], found["end"], tzinfo=self.zone)
        return Window(self.now + (datetime.min.replace(tzinfo=self.now.tzinfo) - self.now) % QUARTER, end)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors and self.window().hours <= 0:
            self.add_error("end", gettext("This deadline is over."))
        return found

    def norm_said(self) -> Norm:
        """The norm with what was typed in its place."""
        typed = {name: self.cleaned_data.get(name) for name, _value in knobs(self.base)}
        said = {name: value / 100 if name in PERCENT else value for name, value in typed.items() if value is not None}
        return changed(self.base, said)


def knobs(norm: Norm) -> Iterator[tuple[str, Fraction]]:
    """What of the norm may be other tonight, in the units people write: those on top, then the households one calls on."""
    lanes = norm.lane_rate is not None
    for name in (*FIRST_KNOBS, *MORE_KNOBS):
        if lanes or name not in ("lane_rate", "home_share"):
            yield name, Fraction(getattr(norm, name)) * (100 if name in PERCENT else 1)
    for rule in norm.rules:
        if rule.basis is Basis.HOUSEHOLD:
            yield f"per.{rule.role}", Fraction(rule.per)


def knob(name: str, value: Fraction, roles: Mapping[str, str]) -> forms.Field:
    if name.startswith("per."):
        role = roles.get(name.removeprefix("per."), name)
        return count(gettext("One %(role)s for") % {"role": role}, min_value=1, initial=int(value))
    low = Decimal(0) if name in (*PERCENT, "break_hours") else Decimal("0.01")
    widget = digits(inputmode="decimal")
    most = 99 if name in PERCENT else 99_999
    return forms.DecimalField(
        label=KNOBS[name], min_value=low, max_value=most, required=False, initial=plain(value), widget=widget
    )


def plain(value: Fraction) -> str:
    """A number as people write it: 75, 6.5, 2.325."""
    return f"{Decimal(value.numerator) / Decimal(value.denominator):.4f}".rstrip("0").rstrip(".")


KNOBS = {
    "lane_rate": _("Each lane an hour"),
    "home_share": _("Served at home"),
    "block_hours": _("At most in one go"),
    "day_hours": _("At most a day"),
    "break_hours": _("Break"),
    "standby_share": _("Standby"),
    "household_size": _("People in a household"),
}
UNITS = {
    "lane_rate": pgettext_lazy("after a number", "people"),
    "home_share": "%",
    "block_hours": _("h"),
    "day_hours": _("h"),
    "break_hours": _("h"),
    "standby_share": "%",
    "household_size": "",
}


@dataclass(slots=True)
class Said:
    """What was typed in the place of computed numbers: read by the keys of the steps, since only they can be said."""

    typed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    overrides: Sequence[Override] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


def read_said(data: Mapping[str, Any], steps: Iterable[Step]) -> Said:
    typed = {
        step.key: (str(data.get(f"o-{step.key}", "")).strip(), str(data.get(f"r-{step.key}", "")).strip()[:200])
        for step in steps
        if step.open
    }
    errors = {key: error for key, (value, reason) in typed.items() if (error := trouble(value, reason))}
    good = [
        Override(key, int(value), reason)
        for key, (value, reason) in typed.items()
        if value and reason and key not in errors
    ]
    return Said(typed, good, errors)


def trouble(value: str, reason: str) -> str:
    typed = number_in(value)
    if value and (typed is None or typed > MOST):
        return gettext("Write a whole number.")
    if value and not reason:
        return gettext("Say why; the reason stays with the plan.")
    if reason and not value:
        return gettext("Write the number that counts instead.")
    return ""


def usual(now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Tomorrow morning, as long as nobody says otherwise."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return {"day": tomorrow, "start": time(5, 30), "end": time(12, 0)}
