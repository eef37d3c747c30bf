"""The sign-up form: one page, also with the people somebody brings along."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import Compound, User
from communities.rules.words import clean_name, clean_phone
from staffing.actions.parties import Companion, Wish
from staffing.queries.call_pages import OpenCall, add_up
from staffing.queries.people import Known
from volunteers.actions.people import Profile
from volunteers.models import Qualification

MOST_COMPANIONS = 4
ANY = "any"
ELSEWHERE = "0"
BAD_NAME = gettext_lazy("Write the name with letters.")
BAD_PHONE = gettext_lazy("This is not a mobile number. Look at the digits again.")


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from on this call."""

    page: OpenCall
    homes: Sequence[Compound]
    skills: Sequence[Qualification]


class Name(forms.CharField):
    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=120, error_messages={"required": _("Write the name.")}, **more)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        if not (name := clean_name(text)):
            raise forms.ValidationError(BAD_NAME)
        return name


class Phone(forms.CharField):
    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=40, error_messages={"required": _("Write your mobile number.")}, **more)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        if not (phone := clean_phone(text, demo=settings.DEMO)):
            raise forms.ValidationError(BAD_PHONE)
        return phone


def cards(label: str, choices: list[tuple[str, str]], *, several: bool = False, **more: Any) -> forms.ChoiceField:
    kind = forms.MultipleChoiceField if several else forms.ChoiceField
    widget = forms.CheckboxSelectMultiple if several else forms.RadioSelect
    return kind(label=label, choices=choices, widget=widget, **more)


class SignUpForm(forms.Form):
    """Fields that are answered already are left out: the account's name and phone, consent given before."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    others = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST_COMPANIONS)

    def __init__(
        self, data: Any, choices: Choices, user: User | None, known: Known | None, *, others: int, **more: Any
    ):
        super().__init__(data, **more)
        self.choices, self.user, self.known_person, self.companions_asked = choices, user, known, others
        self.ask_who()
        self.ask_where_and_what()
        for index in range(1, others + 1):
            self.ask_of_companion(f"p{index}")
        self.ask_to_agree()

    def ask_who(self) -> None:
        name = forms.TextInput(attrs={"autocomplete": "name", "autocapitalize": "words"})
        if not self.user or not self.user.name:
            hint = _("Your real name: it stands on your pass and in your service record.")
            self.fields["name"] = Name(label=_("Name"), help_text=hint, widget=name)
        if not self.user:
            self.fields["phone"] = Phone(
                label=_("Mobile number"),
                help_text=_("Only to tell you about your shift and to know it is you. Other volunteers do not see it."),
            )
            code = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 6}
            missing = {"required": _("Type the code from the text message.")}
            self.fields["code"] = forms.CharField(
                label=_("Code from the text message"),
                max_length=6,
                widget=forms.TextInput(attrs=code),
                error_messages=missing,
            )

    def ask_where_and_what(self) -> None:
        page, known = self.choices.page, self.known_person
        if self.choices.homes:
            homes = [(str(home.pk), str(home)) for home in self.choices.homes] + [(ELSEWHERE, _("Somewhere else"))]
            self.fields["home"] = cards(
                _("Which compound do you live in now?"),
                homes,
                help_text=_("It is sealed: only people who live inside can serve there.") if page.seals else "",
                error_messages={"required": _("Choose the compound you live in now.")},
                initial=str(known.residence or ELSEWHERE) if known else None,
            )
        if self.choices.skills:
            hint = _("Choose as many as you like; it helps us find the right place for you.")
            self.fields["skills"] = self.skill_cards(
                _("I can"), help_text=hint, initial=known.skills if known else None
            )
        self.ask_wish(page)

    def skill_cards(self, label: str, **more: Any) -> forms.ChoiceField:
        words = [(skill.slug, str(skill)) for skill in self.choices.skills]
        return cards(label, words, several=True, required=False, **more)

    def ask_wish(self, page: OpenCall) -> None:
        roles = [(line.role.slug, str(line.role)) for line in page.role_lines]
        self.fields["role"] = cards(
            _("What would you like to do?"), [(ANY, _("Wherever people are needed")), *roles], initial=ANY
        )
        blocks = [(block.key, block.key) for block in page.blocks]
        self.fields["blocks"] = cards(
            _("When?"), blocks, several=True, error_messages={"required": _("Choose at least one time.")}
        )

    def ask_of_companion(self, prefix: str) -> None:
        self.fields[f"{prefix}_name"] = Name(label=_("Name"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
        self.fields[f"{prefix}_phone"] = Phone(
            label=_("Their mobile number"), required=False, help_text=_("If they want to be reminded themselves.")
        )
        if self.choices.skills:
            self.fields[f"{prefix}_skills"] = self.skill_cards(_("They can"))
        self.fields[f"{prefix}_agreed"] = forms.BooleanField(
            label=_("This person is 18 or over, lives with me or in the same compound, and wants me to sign them up."),
            error_messages={"required": _("Ask the person first, then tick.")},
        )

    def ask_to_agree(self) -> None:
        seen = {"required": _("Read the risks and protection, then tick.")}
        if self.known_person and self.known_person.settled:
            text = _("I have seen the risks and the protection, and I feel well today.")
            self.fields["ready"] = forms.BooleanField(label=text, error_messages=seen)
            return
        adult = {"required": _("You have to be 18 or over, and well today. If not, thank you all the same.")}
        text = _("I am 18 or over and feel well today.")
        self.fields["fit"] = forms.BooleanField(label=text, error_messages=adult)
        text = _(
            "I have seen the risks and the protection, and agree that this is used to plan this service. "
            "My number is deleted 30 days after it ends; I can withdraw at any time."
        )
        self.fields["consent"] = forms.BooleanField(label=text, error_messages=seen)

    def quiet(self) -> None:
        """Show what was typed, without a word about what is still missing."""
        self._errors, self.cleaned_data = ErrorDict(), {}

    @property
    def guests(self) -> Iterator[dict[str, BoundField]]:
        for index in range(1, self.companions_asked + 1):
            names = ("name", "phone", "skills", "agreed")
            yield {name: self[f"p{index}_{name}"] for name in names if f"p{index}_{name}" in self.fields}

    @property
    def line(self) -> int:
        """How many wait where the line is shortest, of the role and the times that are chosen now."""
        page, role, blocks = self.choices.page, self["role"].value(), self["blocks"].value() or []
        shifts = {shift for block in page.blocks if block.key in blocks for shift in block.shifts}
        posts = [post for post in page.on_offer if not shifts or post.shift in shifts]
        return add_up(post for post in posts if role in (ANY, page.roles[post.role].slug)).line

    @property
    def people(self) -> int:
        return 1 + self.companions_asked

    # What was said, in the words of the action

    def profile(self) -> Profile | None:
        """What is new about the person; None if nothing is."""
        said, known = self.cleaned_data, self.known_person
        home, skills = int(said.get("home") or 0) or None, tuple(said.get("skills") or ())
        same_home = "home" not in self.fields or (known and home == known.residence)
        if known and known.settled and known.enrolled and same_home and set(skills) <= set(known.skills):
            return None
        return Profile(residence=home, is_adult=True, skills=skills)

    def companions(self) -> list[Companion]:
        said = self.cleaned_data
        prefixes = [f"p{index}" for index in range(1, self.companions_asked + 1)]
        return [
            Companion(said[f"{p}_name"], said[f"{p}_phone"] or None, tuple(said.get(f"{p}_skills") or ()))
            for p in prefixes
        ]

    def wish(self, *, waitlist: bool) -> Wish:
        said, page = self.cleaned_data, self.choices.page
        role = next((role.pk for role in page.roles.values() if role.slug == said["role"]), None)
        blocks = [block.shifts for block in page.blocks if block.key in said["blocks"]]
        return Wish(blocks, role, waitlist=waitlist)

    @property
    def idempotency_key(self) -> UUID:
        key: UUID = self.cleaned_data["key"]
        return key
