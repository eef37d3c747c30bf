"""What one says and changes about oneself."""

from typing import Any

from django.conf import settings
from django.db.models import DateTimeField, F, Func, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import Visitor
from communities.api.resources import Resource, made, says
from communities.api.rows import Plain, Row
from communities.api.words import Choice, Clock, Flag, Id, Instant, Integer, Name, Nothing, Said, Several, Text
from communities.errors import Invalid, Refused
from communities.models import User
from volunteers.actions import consents, profile
from volunteers.actions.profile import Self
from volunteers.models import Absence, Availability, Consent, Volunteer
from volunteers.queries import selves
from volunteers.states import Channel, Purpose

LANGUAGES = ("zh-hans", "en")


def myself(user: User) -> Volunteer:
    """Raises Refused(not_enrolled) for an account that is no volunteer."""
    if not (found := Volunteer.objects.filter(user=user).first()):
        raise Refused("not_enrolled")
    return found


class MeRow(Row):
    """Yourself: the account, and, once you are checked in with a community, the volunteer.

    Phone and e-mail change by a code on your own page.
    """

    model = User
    filled = frozenset({"phone", "volunteer", "residence", "skills"})
    hidden = {"_phone": "phone_cipher"}

    id = serializers.IntegerField()
    name = serializers.CharField()
    phone = serializers.CharField(allow_null=True)
    email = serializers.CharField(allow_null=True)
    language = Choice(LANGUAGES, name="Language", help_text="Of your messages.")
    urgent_calls = serializers.BooleanField(help_text="You may be woken at night when people are needed urgently.")
    volunteer = serializers.IntegerField(allow_null=True)
    residence = serializers.IntegerField(allow_null=True, help_text="Your home compound.")
    skills = serializers.ListField(
        child=serializers.CharField(), help_text="Slugs of what your own word is enough for."
    )

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return User.objects.filter(pk=user.pk)

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        for row in rows:
            row["phone"], person = row.pop("_phone"), selves.myself(user)
            row["volunteer"] = person.pk if person else None
            row["residence"] = person.residence_id if person else None
            row["skills"] = sorted(person.skills) if person else []  # type: ignore[attr-defined]
        return rows


class Describing(Said):
    """What is left out stays as it is."""

    name = Name(required=False)
    language = Choice(LANGUAGES, name="Language", required=False)
    urgent_calls = Flag(required=False)
    residence = Id(required=False, allow_null=True, help_text="A compound of your communities; null for elsewhere.")
    skills = Several(Text(max_length=50), required=False, help_text="All that you say you can; others are taken back.")


class Mine(Resource):
    """A resource of one's own: its tokens need the scope `me`. `many` is what the documentation calls its rows."""

    noun = "me"
    many = ""


class Me(Mine):
    row = MeRow

    def show(self, request: Request) -> Response:
        """Show yourself."""
        return Response(MeRow.one(request.user.pk, request.user))

    @says(Describing)
    def change(self, request: Request) -> Response:
        """Change what is known of you.

        Home and skills need a volunteer: check in with a community first.
        """
        said, user = Describing.read(request.data), request.user
        person = selves.myself(user)
        if not person and said.keys() & {"residence", "skills"}:
            raise Refused("not_enrolled")
        profile.describe(user, told(said, user, person), now=timezone.now())
        return self.show(request)


def told(said: Plain, user: User, person: Volunteer | None) -> Self:
    """All of the profile: what is said, and for the rest what is known. Raises Invalid for a home that is not near."""
    known = {"name": user.name, "language": user.language, "urgent_calls": user.urgent_calls}
    if person:
        known |= {"residence": person.residence_id, "skills": person.skills}  # type: ignore[attr-defined]
        home = said.get("residence")
        if home and home not in {compound.pk for compound in selves.homes_for(person)}:
            raise Invalid(residence=_("There is no such compound in your communities."))
        if unknown := set(said.get("skills", ())) - {skill.slug for skill in selves.skills()}:
            raise Invalid(skills=_("Unknown: %s.") % ", ".join(sorted(unknown)))
    whole = known | said
    return Self(**whole | {"skills": tuple(whole.get("skills", ()))})


class AvailabilityRow(Row):
    """When you are usually free, by the clock of your community."""

    model = Availability
    id = serializers.IntegerField()
    weekday = serializers.IntegerField(help_text="0 is Monday.")
    from_time = serializers.TimeField()
    to_time = serializers.TimeField()

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return Availability.objects.filter(volunteer__user=user.pk)


class BeingFree(Said):
    weekday = Integer(min_value=0, max_value=6, help_text="0 is Monday.")
    from_time = Clock()
    to_time = Clock()


class Removable(Mine):
    """List, add, and remove by id; what is gone already stays gone."""

    def list(self, request: Request) -> Response:
        return self.read_list(request)

    def destroy(self, request: Request, pk: str) -> Response:
        """Take it back."""
        if not (found := self.get_queryset().filter(pk=pk).first()):
            raise Http404
        self.remove(found)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Availabilities(Removable):
    many = "times when you are free"
    row = AvailabilityRow

    @says(BeingFree)
    def create(self, request: Request) -> Response:
        """Say when you are usually free.

        Said again with another end, the newest counts.
        """
        said, person = BeingFree.read(request.data), myself(request.user)
        if said["to_time"] <= said["from_time"]:
            raise Invalid(to_time=_("The end has to be after the start."))
        new = not Availability.objects.filter(
            volunteer=person, weekday=said["weekday"], from_time=said["from_time"]
        ).exists()
        return made(AvailabilityRow, profile.be_free(person, **said), request.user, new=new)

    def remove(self, found: Availability) -> None:
        profile.no_longer_free(found.volunteer, found.pk)


class AbsenceRow(Row):
    """When you are away; nobody asks why."""

    model = Absence
    computed = {
        "starts_at": Func(F("period"), function="lower", output_field=DateTimeField()),
        "ends_at": Func(F("period"), function="upper", output_field=DateTimeField()),
    }

    id = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return Absence.objects.filter(volunteer__user=user.pk)


class Leaving(Said):
    starts_at = Instant()
    ends_at = Instant()


class Absences(Removable):
    many = "times when you are away"
    row = AbsenceRow

    @says(Leaving)
    def create(self, request: Request) -> Response:
        """Say that you are away for some time; no reason is asked.

        The same again is the absence that is there; one that only touches it is refused (already_away).
        """
        said, person = Leaving.read(request.data), myself(request.user)
        start, end = said["starts_at"], said["ends_at"]
        if end <= start:
            raise Invalid(ends_at=_("The end has to be after the start."))
        same = Absence.objects.filter(volunteer=person, period=(start, end))
        new = not same.exists()
        if new:
            profile.be_away(person, start, end)
        return made(AbsenceRow, same.get(), request.user, new=new)

    def remove(self, found: Absence) -> None:
        profile.back_again(found.volunteer, found.pk)


class ConsentRow(Row):
    """What you have said yes to, and until when."""

    model = Consent
    id = serializers.IntegerField()
    purpose = Choice(Purpose, name="ConsentPurpose")
    text_version = serializers.CharField()
    channel = serializers.CharField()
    given_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return Consent.objects.filter(volunteer__user=user.pk)


class Consenting(Said):
    purpose = Choice(Purpose, name="ConsentPurpose")


class TakingBack(Said):
    purpose = Choice(Purpose, name="ConsentPurpose", default=Purpose.SERVICE)


class Consents(Mine):
    many = "consents you have given"
    row = ConsentRow

    def list(self, request: Request) -> Response:
        return self.read_list(request)

    @says(Consenting, ConsentRow(many=True))
    def give(self, request: Request) -> Response:
        """Agree to one purpose. The answer is all your consents as they are then. Again, nothing changes."""
        said = Consenting.read(request.data)
        consents.give(myself(request.user).pk, Purpose(said["purpose"]), now=timezone.now(), channel=Channel.API)
        return self.all_of(request)

    @says(TakingBack, ConsentRow(many=True))
    def withdraw(self, request: Request) -> Response:
        """Withdraw your consent to one purpose; without one, to being scheduled: what was planned ends, and you are
        told nothing more.

        The answer is all your consents as they are then. Hours served stay on record. Again, nothing changes.
        """
        said = TakingBack.read(request.data or {})
        consents.withdraw(myself(request.user).pk, Purpose(said["purpose"]), now=timezone.now())
        return self.all_of(request)

    def all_of(self, request: Request) -> Response:
        return Response(ConsentRow.read(self.get_queryset().order_by("id"), request.user))


class FeedRow(serializers.Serializer):
    """The private address of your calendar: whoever knows it can read your shifts."""

    address = serializers.CharField()


class Feed(Mine):
    row = ConsentRow

    @says(Nothing, FeedRow)
    def show(self, request: Request) -> Response:
        """Show the address of your calendar feed."""
        return addressed(profile.feed_of(myself(request.user)).key)

    @says(Nothing, FeedRow)
    def renew(self, request: Request) -> Response:
        """Give your calendar feed a new address.

        The old one ends. With an Idempotency-Key a repeat gets the same new one.
        """
        Nothing.read(request.data or {})
        return addressed(profile.renew_feed(myself(request.user)).key)


def addressed(key: str) -> Response:
    return Response({"address": f"{settings.PUBLIC_URL}{reverse('feed', args=[key])}"})
