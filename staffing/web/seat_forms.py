"""What a lead decides about somebody's seat: hours put right, a no, another post."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from staffing.actions.decisions import DECLINE_REASONS
from staffing.models import Post, Shift
from staffing.web.desk_forms import ClockField
from staffing.web.words import REASONS


class CorrectForm(forms.Form):
    """From when until when somebody was there after all, as clock times around the shift."""

    start = ClockField(label=_("Came at"))
    end = ClockField(label=_("Left at"))

    def __init__(self, *args: Any, shift: Shift, zone: ZoneInfo, **kwargs: Any) -> None:
        self.first, last = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
        super().__init__(*args, initial={"start": self.first.time(), "end": last.time()}, **kwargs)

    def times(self) -> dict[str, datetime]:
        start = nearest(self.cleaned_data["start"], self.first)
        end = datetime.combine(start.date(), self.cleaned_data["end"], tzinfo=start.tzinfo)
        return {"started_at": start, "ended_at": end if end > start else end + timedelta(days=1)}


def nearest(clock: time, instant: datetime) -> datetime:
    """The moment closest to the instant at which its clocks say so."""
    days = [instant.date() + timedelta(days=shift) for shift in (-1, 0, 1)]
    return min((datetime.combine(day, clock, tzinfo=instant.tzinfo) for day in days), key=lambda at: abs(at - instant))


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason"), choices=[(code, REASONS[code]) for code in DECLINE_REASONS], widget=forms.RadioSelect
    )


class TargetForm(forms.Form):
    """Another post to move somebody to."""

    post = forms.TypedChoiceField(label=_("To which post"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, posts: Sequence[Post] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [(post.pk, where(post)) for post in posts]


def where(post: Post) -> str:
    return gettext("%(place)s, %(role)s") % {"place": post.shift.site, "role": post.role}
