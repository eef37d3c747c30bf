"""What a zone, a proposal, an answer and a pass are written on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.signing import Signer
from django.utils.translation import gettext_lazy as _

from communities.actions.proposals import Wish
from communities.actions.zones import Decree, Target
from communities.models.zones import ZONE_REASONS
from communities.states import ZoneReason
from staffing.web.desk_forms import ClockField, DayField
from volunteers.actions.passes import PassPlan

Levels = Sequence[tuple[str, str]]


class Foreseen(forms.Form):
    """A form whose consequences are looked at first: `seen` is what it said when they were shown."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def print(self) -> str:
        """The same for the same words."""
        said = [str(self.cleaned_data.get(name, "")) for name in self.fields if name != "seen"]
        return Signer(salt="foreseen").signature("\0".join(said))

    @property
    def was_seen(self) -> bool:
        return bool(self.cleaned_data["seen"] == self.print())


class WishForm(Foreseen):
    level = forms.ChoiceField(label=_("Level"), widget=forms.RadioSelect)
    day = DayField(label=_("From which day"))
    clock = ClockField(label=_("At"))
    reason = forms.ChoiceField(label=_("Why"), choices=list(ZONE_REASONS.items()), initial=ZoneReason.NOTICE)
    group = forms.CharField(
        label=_("Zone group"),
        max_length=40,
        required=False,
        help_text=_("Compounds of one district with the same word form one zone."),
    )

    def __init__(self, *args: Any, zone: ZoneInfo, levels: Levels, overlay: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["level"].choices = levels
        if overlay:
            del self.fields["group"]

    def since(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"], tzinfo=self.zone)

    def wish(self) -> Wish:
        found = self.cleaned_data
        return Wish(found["level"], self.since(), found.get("group", ""), found["reason"])

    def decree(self) -> Decree:
        """To see what it would do."""
        wish = self.wish()
        return Decree(wish.level, wish.since, "-", "-", wish.group, reason=wish.reason)


class ZoneForm(WishForm):
    issuer = forms.CharField(label=_("Issued by"), max_length=120)
    notice_no = forms.CharField(label=_("Notice number"), max_length=60)
    release_day = DayField(
        label=_("Release not before"),
        required=False,
        help_text=_("Left empty: as the level says. On that day somebody looks; nothing is released by itself."),
    )

    field_order = ["level", "day", "clock", "issuer", "notice_no", "reason", "group", "release_day"]

    def decree(self) -> Decree:
        found, wish = self.cleaned_data, self.wish()
        day = found["release_day"]
        release = datetime.combine(day, found["clock"], tzinfo=self.zone) if day else None
        return Decree(
            wish.level, wish.since, found["issuer"], found["notice_no"], wish.group, release, reason=wish.reason
        )


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Why not"), max_length=200, help_text=_("The community reads it."))


class PassForm(forms.Form):
    """For one person whom the reader may see: named by the number on their card, or chosen on another page."""

    volunteer = forms.ChoiceField(label=_("Who"))
    place = forms.ChoiceField(label=_("Through which fence"))
    day = DayField(label=_("From which day"))
    clock = ClockField(label=_("At"))
    end_day = DayField(label=_("Until which day"))
    end_clock = ClockField(label=_("Until"))
    reason = forms.CharField(label=_("What for"), max_length=200, help_text=_("About the work, never about health."))
    closed_loop = forms.BooleanField(
        label=_("Closed loop: own transport and lodging, no other way in or out"), required=False
    )

    def __init__(
        self,
        *args: Any,
        zone: ZoneInfo,
        people: Sequence[tuple[int, str]],
        places: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["volunteer"].choices = people
        self.fields["place"].choices = places

    def plan(self) -> PassPlan:
        found = self.cleaned_data
        kind, _colon, pk = found["place"].partition(":")
        return PassPlan(
            volunteer=int(found["volunteer"]),
            target=Target(**{kind: int(pk)}),
            start=datetime.combine(found["day"], found["clock"], tzinfo=self.zone),
            end=datetime.combine(found["end_day"], found["end_clock"], tzinfo=self.zone),
            reason=found["reason"],
            closed_loop=found["closed_loop"],
        )
