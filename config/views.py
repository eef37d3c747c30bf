"""The living style page: every component with its states, for demo and development."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe


class SampleForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), help_text=_("Your real name: it is printed on the duty card."), initial="Demo Volunteer 07"
    )
    count = forms.IntegerField(label=_("How many people"), required=False)
    phone = forms.CharField(
        label=_("Phone number"), widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "tel"})
    )
    code = forms.CharField(
        label=_("Code from the text message"),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 6}),
    )
    block = forms.ChoiceField(
        label=_("Which time"),
        widget=forms.RadioSelect,
        choices=[("1", "05:30–08:45"), ("2", "08:45–12:00"), ("3", "19:00–21:00")],
    )
    can = forms.MultipleChoiceField(
        label=_("I can"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("stand", _("stand for long")), ("type", _("type fast on a phone"))],
    )
    consent = forms.BooleanField(label=_("I have read about risks and protection"))


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "styleguide.html", samples())


def samples() -> dict[str, Any]:
    typed = {"wrong-phone": "120 0000 0062", "wrong-code": "40817", "wrong-can": ["stand"]}
    start = datetime(2022, 4, 4, 5, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    return {
        "nav": [
            {"href": "#main", "icon": "horn", "label": _("Calls"), "current": True},
            {"href": "#main", "icon": "users", "label": _("Roster"), "count": 4},
            {"href": "#main", "icon": "inbox", "label": _("Requests"), "count": 10, "hot": True},
        ],
        "sample": SampleForm(initial={"block": "1", "can": ["type"]}),
        "failed": SampleForm(typed, prefix="wrong"),
        "notes": {"1": 3, "2": 1},
        "closed": ["3"],
        "pages": Paginator(range(93), 20).page(2),
        "start": start,
        "end": start + timedelta(hours=6, minutes=30),
        "night": start + timedelta(hours=16, minutes=30),
        "morning": start + timedelta(hours=24, minutes=30),
    }
