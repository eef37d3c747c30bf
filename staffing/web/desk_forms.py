"""The desk's forms: words into values. What the values may be, the actions decide."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.models import Area, Compound, Organisation, Site, User
from communities.rules.words import clean_clock, clean_name, clean_phone
from communities.states import RoleName
from staffing.actions.calls import CallPlan
from staffing.actions.decisions import DECLINE_REASONS
from staffing.actions.newcomers import Newcomer
from staffing.actions.shifts import PostPlan, ShiftPlan
from staffing.models import CallUp, Post, Role, Shift
from staffing.phrases import field_error
from staffing.web.words import REASONS
from volunteers.models.people import PERSON_KINDS, WEEKDAYS
from volunteers.states import PersonKind


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


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput({"type": "date", "class": "short"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, "input_formats": ["%Y-%m-%d"]} | options)


OFFICERS = (RoleName.ORG_HR, RoleName.AGENCY_LEAD)  # who can answer for an organisation


def lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def hours(day: date, start: time, end: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants; an end not after the start is on the next day."""
    first = datetime.combine(day, start, tzinfo=zone)
    last = datetime.combine(day if end > start else day + timedelta(days=1), end, tzinfo=zone)
    return first, last


def area_text(rows: int = 3) -> forms.Textarea:
    return forms.Textarea({"rows": rows, "class": "low"})


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


class LeaderField(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return user.name or f"#{user.pk}"


class SeatsField(forms.IntegerField):
    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "numeric", "maxlength": 3, "class": "short", "autocomplete": "off"})
        super().__init__(**{"min_value": 0, "max_value": 500, "widget": widget} | options)


class ShiftsForm(forms.Form):
    """One or more blocks at one or many sites, the same posts at each."""

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
    leader = LeaderField(User.objects.none(), label=_("Point leader"), required=False, empty_label=_("nobody yet"))
    deputy = LeaderField(User.objects.none(), label=_("Stands in"), required=False, empty_label=_("nobody yet"))
    briefing = forms.CharField(label=_("Safety briefing"), widget=area_text(), required=False)
    briefing_en = forms.CharField(label=_("Safety briefing in English"), widget=area_text(), required=False)
    override_reason = forms.CharField(label=_("Longer than a block may be, because"), max_length=200, required=False)

    def __init__(
        self, *args: Any, zone: ZoneInfo, sites: Any, roles: Iterable[Role], leaders: Sequence[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["sites"].queryset = sites
        known = User.objects.filter(pk__in=[user.pk for user in leaders])
        self.fields["leader"].queryset = self.fields["deputy"].queryset = known
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
    try:
        return [date.fromisoformat(word.replace("/", "-")) for word in words]
    except ValueError as error:
        raise forms.ValidationError(_("Write days such as 2026-04-05.")) from error


class PersonForm(forms.Form):
    """Somebody whom staff enter: a name, a phone, and that they agreed."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    phone = forms.CharField(
        label=_("Phone"), widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off"})
    )

    def __init__(self, *args: Any, community: Area | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "residence" in self.fields and community:
            self.fields["residence"].queryset = Compound.objects.filter(community__path__startswith=community.path)

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if name is None:
            raise forms.ValidationError(field_error("bad_name"))
        return name

    def clean_phone(self) -> str:
        phone = clean_phone(self.cleaned_data["phone"], demo=settings.DEMO)
        if phone is None:
            raise forms.ValidationError(field_error("bad_phone"))
        return phone

    def newcomer(self) -> Newcomer:
        found = self.cleaned_data
        residence = found.get("residence")
        return Newcomer(
            name=found["name"],
            phone=found["phone"],
            consented=found.get("consent", True),
            residence=residence.pk if residence else None,
            is_adult=found.get("is_adult", True),
            kind=PersonKind(found.get("kind") or PersonKind.VOLUNTEER),
        )


class OnBehalfForm(PersonForm):
    residence = forms.ModelChoiceField(
        Compound.objects.none(), label=_("Lives in"), required=False, empty_label=_("elsewhere")
    )
    is_adult = forms.BooleanField(label=_("Is 18 or over"))
    consent = forms.BooleanField(label=_("Agreed, when asked, to being entered and called for service"))


class AddForm(OnBehalfForm):
    override_reason = forms.CharField(
        label=_("Set the rest rules aside, because"),
        max_length=200,
        required=False,
        help_text=_("Stays in the history with your name."),
    )


class EnrolForm(OnBehalfForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=list(PERSON_KINDS.items()), initial=PersonKind.VOLUNTEER)


class WalkInForm(PersonForm):
    """Five seconds: name, phone, done."""

    post = forms.TypedChoiceField(label=_("What for"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, posts: Sequence[Post] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [(post.pk, str(post.role)) for post in posts]


class NamedForm(OnBehalfForm):
    pass


class PledgeForm(forms.Form):
    organisation = forms.ModelChoiceField(Organisation.objects.all(), label=_("Organisation"), empty_label=None)
    seats = SeatsField(label=_("How many people"), min_value=1)
    day = DayField(label=_("Names by"))
    clock = ClockField(label=_("At"))

    def __init__(self, *args: Any, zone: ZoneInfo, organisations: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        if organisations is not None:
            self.fields["organisation"].queryset = organisations

    def due_at(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"], tzinfo=self.zone)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Stays in the history."))


class ShortReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=30, help_text=_("Stays in the history."))


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
