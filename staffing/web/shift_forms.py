"""Shifts and their posts at the desk: made, briefed, moved, copied."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.days import day_in
from communities.models import Organisation, Site, User
from staffing.actions.shifts import PostPlan, ShiftPlan
from staffing.models import Role, Shift
from staffing.web.desk_forms import ClockField, DayField, LeaderField, SeatsField, area_text, hours
from volunteers.models.people import WEEKDAYS


class BriefForm(forms.Form):
    leader = LeaderField(User.objects.none(), label=_("Point leader"), required=False, empty_label=_("nobody yet"))
    deputy = LeaderField(User.objects.none(), label=_("Stands in"), required=False, empty_label=_("nobody yet"))
    briefing = forms.CharField(label=_("Safety briefing"), widget=area_text(), required=False)
    briefing_en = forms.CharField(label=_("Safety briefing in English"), widget=area_text(), required=False)
    override_reason = forms.CharField(label=_("Longer than a block may be, because"), max_length=200, required=False)

    def __init__(self, *args: Any, leaders: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = User.objects.filter(pk__in=[user.pk for user in leaders])
        self.fields["leader"].queryset = self.fields["deputy"].queryset = known


class ShiftsForm(BriefForm):
    """One or more blocks at one or many sites, the same posts at each."""

    field_order = ("sites", "day", "start", "end", "blocks")

    sites = forms.ModelMultipleChoiceField(Site.objects.none(), label=_("Where"), widget=forms.CheckboxSelectMultiple)
    day = DayField(label=_("Day"))
    start = ClockField(label=_("From"))
    end = ClockField(label=_("Until"), help_text=_("Earlier than the start means the next day."))
    blocks = forms.IntegerField(
        label=_("In how many shifts one after another"),
        min_value=1,
        max_value=6,
        initial=1,
        help_text=_("People rotate: no longer than four hours in one go."),
    )

    def __init__(
        self, *args: Any, zone: ZoneInfo, sites: Any, roles: Iterable[Role], leaders: Sequence[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, leaders=leaders, **kwargs)
        self.zone = zone
        self.fields["sites"].queryset = sites
        self.roles = list(roles)
        for role in self.roles:
            self.fields[f"seats_{role.pk}"] = SeatsField(label=str(role), required=False)

    @property
    def seats(self) -> list[forms.BoundField]:
        return [self[f"seats_{role.pk}"] for role in self.roles]

    def plans(self, call_up: int) -> list[ShiftPlan]:
        found = self.cleaned_data
        posts = [PostPlan(role.pk, seats) for role in self.roles if (seats := found.get(f"seats_{role.pk}"))]
        return [
            ShiftPlan(
                site=site.pk,
                starts_at=start,
                ends_at=end,
                call_up=call_up,
                briefing=found["briefing"],
                briefing_en=found["briefing_en"],
                leader=found["leader"].pk if found["leader"] else None,
                deputy=found["deputy"].pk if found["deputy"] else None,
                override_reason=found["override_reason"],
                posts=posts,
            )
            for start, end in self.intervals()
            for site in found["sites"]
        ]

    def intervals(self) -> list[tuple[datetime, datetime]]:
        """The time in equal parts, to the minute."""
        found = self.cleaned_data
        start, end = hours(found["day"], found["start"], found["end"], self.zone)
        cuts = [start + (end - start) * part / found["blocks"] for part in range(found["blocks"] + 1)]
        return list(pairwise(cut.replace(second=0, microsecond=0) for cut in cuts))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not any(found.get(f"seats_{role.pk}") for role in self.roles) and not self.errors:
            raise forms.ValidationError(_("Give at least one post a number of seats."))
        return found


class MoveForm(forms.Form):
    site = forms.ModelChoiceField(Site.objects.none(), label=_("Where"), empty_label=None)
    day = DayField(label=_("Day"))
    start = ClockField(label=_("From"))
    end = ClockField(label=_("Until"), help_text=_("Earlier than the start means the next day."))

    def __init__(self, *args: Any, zone: ZoneInfo, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["site"].queryset = sites

    def interval(self) -> tuple[datetime, datetime]:
        found = self.cleaned_data
        return hours(found["day"], found["start"], found["end"], self.zone)


def of_shift(shift: Shift, zone: ZoneInfo) -> dict[str, Any]:
    start, end = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    return {"site": shift.site_id, "day": start.date(), "start": start.time(), "end": end.time()}


class PostForm(forms.Form):
    role = forms.ModelChoiceField(Role.objects.all(), label=_("Role"), empty_label=None)
    seats = SeatsField(label=_("Seats"), min_value=1)
    agency = forms.ModelChoiceField(
        Organisation.objects.all(), label=_("Only for people of"), required=False, empty_label=_("anybody")
    )
    auto_confirm = forms.BooleanField(label=_("Confirm at once"), required=False, initial=True)

    def plan(self) -> PostPlan:
        found = self.cleaned_data
        agency = found["agency"].pk if found["agency"] else None
        return PostPlan(found["role"].pk, found["seats"], agency, auto_confirm=found["auto_confirm"])


class SeatsForm(forms.Form):
    seats = SeatsField(label=_("Seats"), min_value=1)


class CopyForm(forms.Form):
    """To other days, or every week up to a day."""

    days = forms.CharField(
        label=_("To these days"),
        required=False,
        help_text=_("One or more, such as 2026-04-05, 2026-04-06."),
    )
    until = DayField(label=_("Or every week, up to and with"), required=False)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these weekdays"), choices=WEEKDAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean_days(self) -> list[date]:
        return read_days(self.cleaned_data["days"])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors and not found["days"] and not (found["until"] and found["weekdays"]):
            raise forms.ValidationError(_("Give days, or weekdays and a last day."))
        return found


class CopyDayForm(forms.Form):
    day = DayField(label=_("Copy all shifts of"))
    days = forms.CharField(label=_("To these days"), help_text=_("One or more, such as 2026-04-05, 2026-04-06."))

    def clean_days(self) -> list[date]:
        return read_days(self.cleaned_data["days"])


def read_days(text: str) -> list[date]:
    """Days as typed, apart by spaces or commas of any width."""
    words = text.replace("，", " ").replace(",", " ").replace("、", " ").split()
    found = [day_in(word.replace("/", "-")) for word in words]
    if None in found:
        raise forms.ValidationError(_("Write days such as 2026-04-05."))
    return [day for day in found if day]
