"""The small forms of one's own page."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import Compound
from communities.rules.words import clean_clock, clean_name
from communities.web.days import NearDayField
from volunteers.actions.profile import Self
from volunteers.models import Qualification
from volunteers.models.people import WEEKDAYS


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Messages in"), choices=[("zh-hans", "中文"), ("en", "English")], widget=forms.RadioSelect
    )
    home = forms.ChoiceField(label=gettext_lazy("Where you live now"), required=False)
    skills = forms.MultipleChoiceField(label=gettext_lazy("I can"), required=False, widget=forms.CheckboxSelectMultiple)
    urgent_calls = forms.BooleanField(
        label=gettext_lazy("You may wake me at night when people are needed urgently."), required=False
    )

    def __init__(self, data: Any, homes: list[Compound], skills: list[Qualification], **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["home"].choices = [("", _("Somewhere else")), *((str(home.pk), str(home)) for home in homes)]
        self.fields["skills"].choices = [(skill.slug, str(skill)) for skill in skills]

    def clean_name(self) -> str:
        if not (name := clean_name(self.cleaned_data["name"])):
            raise forms.ValidationError(_("Write the name with letters."))
        return name

    def told(self) -> Self:
        said = self.cleaned_data
        home = int(said["home"]) if said["home"] else None
        return Self(said["name"], said["language"], said["urgent_calls"], home, tuple(said["skills"]))


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    code = forms.CharField(
        label=gettext_lazy("Code from the e-mail"),
        max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class Clock(forms.CharField):
    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=8, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **more)

    def clean(self, value: Any) -> time:
        if (clock := clean_clock(super().clean(value))) is None:
            raise forms.ValidationError(_("Write a time such as 05:30."))
        return clock


class FreeForm(forms.Form):
    weekday = forms.TypedChoiceField(label=gettext_lazy("Weekday"), choices=WEEKDAYS, coerce=int)
    from_time = Clock(label=gettext_lazy("From"))
    to_time = Clock(label=gettext_lazy("Until"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "from_time" in said and "to_time" in said and said["to_time"] <= said["from_time"]:
            self.add_error("to_time", _("The end has to be after the start."))
        return said


class AwayForm(forms.Form):
    first = NearDayField(label=gettext_lazy("Away from"), widget=forms.DateInput(attrs={"type": "date"}))
    last = NearDayField(label=gettext_lazy("Up to and with"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "first" in said and "last" in said and said["last"] < said["first"]:
            self.add_error("last", _("The end has to be after the start."))
        return said

    def period(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Whole days, half-open."""
        first, last = self.cleaned_data["first"], self.cleaned_data["last"] + timedelta(days=1)
        return datetime.combine(first, time(), tzinfo=zone), datetime.combine(last, time(), tzinfo=zone)
