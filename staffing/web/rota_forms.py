"""What a lead says of a rota: its pattern, its places, and days off."""

import re
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from communities.models import Area, Site
from communities.rules.words import clean_clock
from staffing.actions.rotas import RotaPlan
from staffing.models import CallUp, Role
from staffing.phrases import field_error
from staffing.rules.rota_patterns import CHANGES, STANDARD
from staffing.states import CallStatus
from staffing.web.desk_forms import DayField, area_text


class ChangesField(forms.CharField):
    """Clock times with spaces or commas between them."""

    def clean(self, value: Any) -> list[time]:
        found = [clean_clock(part) for part in re.split(r"[\s,，、]+", super().clean(value).strip())]
        if None in found:
            raise forms.ValidationError(field_error("changes_out_of_order"))
        return [clock for clock in found if clock is not None]


class RotaForm(forms.Form):
    call_up = forms.ModelChoiceField(CallUp.objects.none(), label=gettext_lazy("Call"), empty_label=None)
    role = forms.ModelChoiceField(Role.objects.all(), label=gettext_lazy("Role"))
    sites = forms.ModelMultipleChoiceField(
        Site.objects.none(), label=gettext_lazy("Where"), widget=forms.CheckboxSelectMultiple
    )
    seats = forms.IntegerField(label=gettext_lazy("Seats at each"), min_value=1, max_value=500, initial=5)
    first_day = DayField(label=gettext_lazy("First day"))
    changes = ChangesField(
        label=gettext_lazy("People change over at"), initial=" ".join(f"{clock:%H:%M}" for clock in CHANGES)
    )
    pattern = forms.CharField(
        label=gettext_lazy("Pattern, one letter a day"),
        max_length=60,
        initial=STANDARD,
        help_text=gettext_lazy("1 is the first shift of the day, 2 the second; - is a day off. Nights three in a row."),
    )
    briefing = forms.CharField(label=gettext_lazy("Safety briefing"), widget=area_text(), required=False)
    briefing_en = forms.CharField(label=gettext_lazy("Safety briefing in English"), widget=area_text(), required=False)

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = Site.objects.filter(area__path__startswith=area.path)
        points = sites.filter(kind="checkpoint")
        self.fields["sites"].queryset = (points if points.exists() else sites).order_by("no", "pk")
        calls = CallUp.objects.filter(community__path__startswith=area.path, rota=None)
        self.fields["call_up"].queryset = calls.exclude(status=CallStatus.CANCELLED).order_by("-starts_at")

    def plan(self) -> RotaPlan:
        found = self.cleaned_data
        return RotaPlan(
            call_up=found["call_up"].pk,
            role=found["role"].pk,
            seats={site.pk: found["seats"] for site in found["sites"]},
            first_day=found["first_day"],
            changes=found["changes"],
            pattern=found["pattern"],
            briefing=found["briefing"],
            briefing_en=found["briefing_en"],
        )


class DayOffForm(forms.Form):
    day = DayField(label=gettext_lazy("Day off"))
    instead = DayField(
        label=gettext_lazy("Instead of"),
        required=False,
        help_text=gettext_lazy("Their day off by the pattern on which they would serve. Only if rest allows."),
    )
