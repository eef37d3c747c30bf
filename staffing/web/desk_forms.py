"""What the desk's forms share: clock times, days, leaders, numbers of seats, a reason."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import User
from communities.rules.words import clean_clock
from communities.web.days import NearDayField


class ClockField(forms.CharField):
    """A clock time as typed: 530, 5:30, 05:30, full-width."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "numeric", "maxlength": 7, "autocomplete": "off", "class": "short"})
        super().__init__(**{"widget": widget} | options)

    def clean(self, value: Any) -> time | None:
        text = super().clean(value)
        found = clean_clock(text) if text else None
        if text and found is None:
            raise forms.ValidationError(_("Write a clock time such as 05:30."))
        return found

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time | datetime) else value


class DayField(NearDayField):
    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput({"type": "date", "class": "short"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, "input_formats": ["%Y-%m-%d"]} | options)


def hours(day: date, start: time, end: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants; an end not after the start is on the next day."""
    first = datetime.combine(day, start, tzinfo=zone)
    last = datetime.combine(day if end > start else day + timedelta(days=1), end, tzinfo=zone)
    return first, last


def area_text(rows: int = 3) -> forms.Textarea:
    return forms.Textarea({"rows": rows, "class": "low"})


class LeaderField(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return user.name or f"#{user.pk}"


class SeatsField(forms.IntegerField):
    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "numeric", "maxlength": 3, "class": "short", "autocomplete": "off"})
        super().__init__(**{"min_value": 0, "max_value": 500, "widget": widget} | options)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Stays in the history."))


class ShortReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=30, help_text=_("Stays in the history."))
