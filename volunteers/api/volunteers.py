from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from communities import access
from communities.access import May, Visitor, area_paths, within
from communities.api.areas import CommunityRow
from communities.api.filters import Filters, IdFilter, described, text, word
from communities.api.resources import Readable, Resource, deed, get_first_or_404, load, made, says
from communities.api.rows import Plain, Row
from communities.api.words import Choice, Consent, Flag, Id, Instant, Name, Phone, Said, Several, Text
from communities.errors import Invalid
from communities.models import Compound, User
from volunteers.access import volunteers_run_by, volunteers_visible_to
from volunteers.actions import people
from volunteers.actions.entries import Contact, enter
from volunteers.actions.profile import be_away, withdraw_consent
from volunteers.models import Enrolment, HeldQualification, Volunteer
from volunteers.states import Channel, PersonKind


class HeldRow(serializers.Serializer):
    qualification = serializers.CharField(help_text="Its slug.")
    verified = serializers.BooleanField(help_text="Somebody of the community has seen the paper.")
    from_day = serializers.DateField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)


class EnrolmentRow(serializers.Serializer):
    community = serializers.IntegerField()
    since = serializers.DateTimeField()
    approved = serializers.BooleanField(help_text="May serve inside a sealed compound of this community.")


class VolunteerRow(Row):
    """A person who serves: oneself, and those checked in with a community where your role sees names.

    `phone` and `residence` are there for the person and for who may reach them; `enrolments` are those in your scope.
    """

    model = Volunteer
    hidden = {"_user": "user_id", "_phone": "user__phone_cipher"}
    filled = frozenset({"phone", "held", "enrolments"})

    id = serializers.IntegerField()
    number = serializers.CharField(help_text="Ten digits that say nothing about the person.")
    kind = Choice(PersonKind)
    name = serializers.CharField(source="user__name")
    is_adult = serializers.BooleanField()
    residence = serializers.IntegerField(required=False, allow_null=True, help_text="The home compound.")
    phone = serializers.CharField(required=False, allow_null=True)
    held = HeldRow(many=True)
    enrolments = EnrolmentRow(many=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return volunteers_visible_to(user).order_by("id")

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        ids = [row["id"] for row in rows]
        held, enrolments = held_by(ids), enrolments_of(ids)
        names, phones = area_paths(user, May.NAMES), area_paths(user, May.PHONES)
        for row in rows:
            own = row.pop("_user") == user.pk
            phone, here = row.pop("_phone"), enrolments[row["id"]]
            row["held"] = held[row["id"]]
            row["enrolments"] = [plain for path, plain in here if own or path.startswith(tuple(names))]
            if own or any(path.startswith(tuple(phones)) for path, _plain in here):
                row["phone"] = phone
            else:
                del row["residence"]
        return rows


def held_by(ids: list[int]) -> dict[int, list[Plain]]:
    found = defaultdict(list)
    rows = HeldQualification.objects.filter(volunteer__in=ids).order_by("qualification_id")
    for one in rows.values("volunteer", "qualification__slug", "verified_at", "from_day", "expires_on"):
        found[one["volunteer"]].append(
            {
                "qualification": one["qualification__slug"],
                "verified": one["verified_at"] is not None,
                "from_day": one["from_day"],
                "expires_on": one["expires_on"],
            }
        )
    return found


def enrolments_of(ids: list[int]) -> dict[int, list[tuple[str, Plain]]]:
    """With the path of each community, by which it is decided who may see it."""
    found = defaultdict(list)
    rows = Enrolment.objects.filter(volunteer__in=ids, ended_at=None).order_by("id")
    for one in rows.values("volunteer", "community", "community__path", "created_at", "approved_at"):
        plain = {
            "community": one["community"],
            "since": one["created_at"],
            "approved": one["approved_at"] is not None,
        }
        found[one["volunteer"]].append((one["community__path"], plain))
    return found


class EnrolledFilter(IdFilter):
    """People of a community, as far as the reader may see who is checked in there."""

    def filter(self, queryset: Any, value: int | None) -> Any:
        if value is None:
            return queryset
        mine = within(self.parent.request.user, May.NAMES, "community")
        here = Enrolment.objects.filter(mine, community=value, volunteer=OuterRef("pk"), ended_at=None)
        return queryset.filter(Exists(here))


class VolunteerFilters(Filters):
    kind = word("kind", PersonKind)
    community = described(EnrolledFilter(), {"type": "integer"}, "Checked in with this community.")
    qualification = text("held__qualification__slug", "Has this qualification, by its slug.")


class ProfileSaid(Said):
    residence = Id(required=False, help_text="The home compound.")
    is_adult = Flag(required=False)
    skills = Several(Text(max_length=50), required=False, help_text="Slugs of what one's own word is enough for.")


class PersonSaid(ProfileSaid):
    """Somebody entered on their behalf, who has said yes to that."""

    name = Name()
    phone = Phone()
    consent = Consent()


class NewVolunteer(ProfileSaid):
    """Without `person`: yourself. With it: somebody else, entered by staff with their recorded consent."""

    community = Id()
    person = PersonSaid(required=False)
    consent = Consent(required=False, help_text="Yours, when you enter yourself.")


class Verifying(Said):
    qualification = Text(max_length=50, help_text="Its slug.")


class BeingAway(Said):
    starts_at = Instant()
    ends_at = Instant()


def oneself(user: Visitor) -> QuerySet[Volunteer]:
    return Volunteer.objects.filter(user=user)


class Approving(Said):
    community = Id()


class Volunteers(Readable, Resource):
    row = VolunteerRow
    noun = "volunteers"
    filterset_class = VolunteerFilters

    @says(NewVolunteer)
    def create(self, request: Request) -> Response:
        """Check a person in with a community.

        Yourself, or on behalf of somebody who has said yes. Again is an update. The answer does not tell whether the
        phone number was known.
        """
        said, now = NewVolunteer.read(request.data), timezone.now()
        everywhere = CommunityRow.visible(request.user)
        if "person" in said:
            community = load(everywhere, access.areas(request.user, May.ADMIT), said["community"])
            who, told = contact(said["person"]), profile(said["person"])
            found = enter(who, community.pk, told, channel=Channel.API, by=request.user, now=now)
        else:
            if "consent" not in said:
                raise Invalid(consent=_("This needs the person's consent."))
            community = load(everywhere, everywhere, said["community"])
            found = people.enrol(request.user, community.pk, profile(said), now=now, channel=Channel.API)
        return made(VolunteerRow, found, request.user)

    @action(detail=False)
    def me(self, request: Request) -> Response:
        """Show yourself as a volunteer."""
        return Response(get_first_or_404(VolunteerRow.read(Volunteer.objects.filter(user=request.user), request.user)))

    @deed(allowed=volunteers_run_by, takes=Verifying)
    def verify(self, volunteer: Volunteer, qualification: str, *, by: User, now: datetime) -> Volunteer:
        """Say that you have seen the paper of a qualification."""
        held = HeldQualification.objects.filter(volunteer=volunteer, qualification__slug=qualification).first()
        if not held:
            raise Invalid(qualification=_("The person does not have this qualification."))
        return people.verify(held.pk, by=by, now=now).volunteer

    @deed(allowed=volunteers_run_by, takes=Approving)
    def approve(self, volunteer: Volunteer, community: int, *, by: User, now: datetime) -> Volunteer:
        """Let a person serve inside the sealed compounds of a community."""
        mine = Enrolment.objects.filter(within(by, May.RUN, "community"), volunteer=volunteer, ended_at=None)
        enrolment = mine.filter(community=community).first()
        if not enrolment:
            raise Invalid(community=_("The person is not checked in there, or it is not yours."))
        return people.approve(enrolment.pk, by=by, now=now).volunteer

    @deed(allowed=oneself, takes=BeingAway)
    def away(
        self, volunteer: Volunteer, starts_at: datetime, ends_at: datetime, *, by: User, now: datetime
    ) -> Volunteer:
        """Say that you are away for some time; no reason is asked."""
        if ends_at <= starts_at:
            raise Invalid(ends_at=_("The end has to be after the start."))
        be_away(volunteer, starts_at, ends_at)
        return volunteer

    @deed(allowed=oneself)
    def leave(self, volunteer: Volunteer, *, by: User, now: datetime) -> Volunteer:
        """Withdraw your consent: you are no longer scheduled, and what was planned ends."""
        withdraw_consent(volunteer, now=now)
        return volunteer


def profile(said: Plain) -> people.Profile:
    """Raises Invalid for a compound that does not exist."""
    residence = said.get("residence")
    if residence and not Compound.objects.filter(pk=residence).exists():
        raise Invalid(residence=_("There is no such compound."))
    return people.Profile(
        residence=residence, is_adult=said.get("is_adult", False), skills=tuple(said.get("skills", ()))
    )


def contact(person: Plain) -> Contact:
    return Contact(name=person["name"], phone=person["phone"], language=get_language() or "zh-hans")
