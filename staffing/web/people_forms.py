"""People whom staff enter, and people whom an organisation owes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from communities.models import Area, Compound, Organisation
from communities.rules.words import clean_name, clean_phone
from staffing.actions.newcomers import Newcomer
from staffing.models import Post
from staffing.phrases import field_error
from staffing.web.desk_forms import ClockField, DayField, SeatsField
from volunteers.models.people import PERSON_KINDS
from volunteers.states import PersonKind


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
