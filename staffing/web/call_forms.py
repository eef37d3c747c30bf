"""A call at the desk: what it says, from when until when, and the words of the last one."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation, User
from communities.states import RoleName
from staffing.actions.calls import MOST_ON_STANDBY, CallPlan
from staffing.models import CallUp
from staffing.web.desk_forms import ClockField, DayField, area_text, hours

OFFICERS = (RoleName.ORG_HR, RoleName.AGENCY_LEAD)  # who can answer for an organisation


def lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


class CallForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("The first thing people read in the chat."))
    title_en = forms.CharField(label=_("Title in English"), max_length=120, required=False)
    activity = forms.CharField(label=_("What for"), max_length=120)
    activity_en = forms.CharField(label=_("What for, in English"), max_length=120, required=False)
    day = DayField(label=_("Day"))
    start = ClockField(label=_("From"))
    end = ClockField(label=_("Until"), help_text=_("Earlier than the start means the next day."))
    days = forms.IntegerField(label=_("Number of days"), min_value=1, max_value=60, initial=1)
    risks = forms.CharField(label=_("Risks, one a line"), widget=area_text(), required=False)
    risks_en = forms.CharField(label=_("Risks in English"), widget=area_text(), required=False)
    protection = forms.CharField(label=_("Protection offered, one a line"), widget=area_text(), required=False)
    protection_en = forms.CharField(label=_("Protection in English"), widget=area_text(), required=False)
    bring = forms.CharField(label=_("What to bring"), widget=area_text(2), required=False)
    arrive_minutes = forms.IntegerField(
        label=_("Be there how many minutes before"), min_value=0, max_value=240, initial=20
    )
    standby = forms.IntegerField(
        label=_("People to stand by"),
        min_value=0,
        max_value=MOST_ON_STANDBY,
        required=False,
        help_text=_("At home, asked first when a seat falls free. They are counted apart from the seats."),
    )
    insured = forms.BooleanField(label=_("Accident insurance is taken out for everybody"), required=False)
    urgent = forms.BooleanField(label=_("Urgent: offers wait 15 minutes instead of two hours"), required=False)
    contact = forms.ModelChoiceField(
        User.objects.none(), label=_("Contact"), required=False, empty_label=_("nobody in particular")
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(grants__role__in=OFFICERS).distinct().order_by("path"),
        label=_("Ask an organisation for people too"),
        required=False,
        empty_label=_("none"),
        help_text=_("It and all below it see the call under Pledges and can promise people."),
    )
    opens_day = DayField(label=_("Sign-up opens on"), required=False)
    opens_clock = ClockField(label=_("at"), required=False)

    def __init__(self, *args: Any, zone: ZoneInfo, contacts: Sequence[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["contact"].queryset = User.objects.filter(pk__in=[user.pk for user in contacts])

    def plan(self) -> CallPlan:
        found = self.cleaned_data
        start, end = hours(found["day"], found["start"], found["end"], self.zone)
        texts = ("title", "title_en", "activity", "activity_en", "bring", "insured", "urgent", "arrive_minutes")
        lists = ("risks", "risks_en", "protection", "protection_en")
        return CallPlan(
            starts_at=start,
            ends_at=end + timedelta(days=found["days"] - 1),
            sign_up_from=self.opening(),
            standby=found["standby"] or 0,
            contact_id=found["contact"].pk if found["contact"] else None,
            organisation_id=found["organisation"].pk if found["organisation"] else None,
            **{name: found[name] for name in texts},
            **{name: lines(found[name]) for name in lists},
        )

    def opening(self) -> datetime | None:
        day, clock = self.cleaned_data["opens_day"], self.cleaned_data["opens_clock"]
        return datetime.combine(day, clock, tzinfo=self.zone) if day and clock else None

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors and bool(found["opens_day"]) != bool(found["opens_clock"]):
            self.add_error("opens_day", _("Give both the day and the time, or neither."))
        return found


def of_call(call: CallUp, zone: ZoneInfo) -> dict[str, Any]:
    """The form's first values for a call that is there."""
    start, end = call.starts_at.astimezone(zone), call.ends_at.astimezone(zone)
    days = (end - start - timedelta(seconds=1)).days + 1
    names = [name for name in CallForm.base_fields if hasattr(call, name)]
    return {name: getattr(call, name) for name in names} | {
        "day": start.date(), "start": start.time(), "end": end.time(), "days": max(1, days), "contact": call.contact_id,
        "organisation": call.organisation_id, **opening_of(call, zone),
    }  # fmt: skip


def opening_of(call: CallUp, zone: ZoneInfo) -> dict[str, Any]:
    opens = call.sign_up_from and call.sign_up_from.astimezone(zone)
    return {"opens_day": opens.date(), "opens_clock": opens.time()} if opens else {}


def again(last: CallUp | None, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """For a new call: tomorrow morning, with the words of the community's last one."""
    tomorrow = {"day": now.astimezone(zone).date() + timedelta(days=1), "start": time(5, 30), "end": time(12, 0)}
    said = ["risks", "risks_en", "protection", "protection_en", "bring", "insured", "arrive_minutes"]
    return {name: getattr(last, name) for name in said if last} | tomorrow
