from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, organisations
from communities.api.filters import Filters, of, word
from communities.api.organisations import OrganisationRow
from communities.api.resources import Readable, Resource, deed, made, says
from communities.api.rows import Ref, Row
from communities.api.words import Choice, Id, Instant, Said, Seats
from communities.errors import Forbidden, Invalid
from communities.models import Organisation, User
from staffing import access
from staffing.actions import pledges
from staffing.actions.newcomers import community_of
from staffing.api.people import SomebodySaid, somebody
from staffing.api.signup_rows import NEW_OR_OLD, SignUpRow
from staffing.models import Pledge
from staffing.phrases import field_error
from staffing.states import PledgeStatus
from volunteers.models import Affiliation


class PledgeRow(Row):
    """Seats that an organisation keeps for people it will name by a time; unnamed ones then open again."""

    model = Pledge
    id = serializers.IntegerField()
    post = Ref("staffing.api.posts.PostRow")
    organisation = Ref(OrganisationRow)
    seats = serializers.IntegerField()
    named = serializers.IntegerField()
    due_at = serializers.DateTimeField()
    status = Choice(PledgeStatus)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.pledges_visible_to(user)


class PledgeFilters(Filters):
    post = of("post")
    organisation = of("organisation")
    status = word("status", PledgeStatus)


class Promising(Said):
    post = Id()
    organisation = Id()
    seats = Seats()
    due_at = Instant()


class RemindedRow(serializers.Serializer):
    people = serializers.IntegerField(help_text="How many people of the unit are told.")


class Pledges(Readable, Resource):
    row = PledgeRow
    noun = "pledges"
    orderings = ("id", "due_at")
    filterset_class = PledgeFilters

    @says(Promising)
    def create(self, request: Request) -> Response:
        """Promise people of an organisation for a post.

        By the organisation's officer, or by the lead of the place. Promised again, the first.
        """
        said, user, now = Promising.read(request.data), request.user, timezone.now()
        post = access.posts_read_by(user).filter(pk=said["post"]).first()
        if not post:
            raise Http404
        if not Organisation.objects.filter(pk=said["organisation"]).exists():
            raise Invalid(organisation=field_error("unknown_organisation"))
        theirs = organisations(user, May.PLEDGE).filter(pk=said["organisation"]).exists()
        if not theirs and not access.posts_run_by(user).filter(pk=post.pk).exists():
            raise Forbidden
        done = pledges.promise(post.pk, said["organisation"], said["seats"], said["due_at"], by=user, now=now)
        return made(PledgeRow, done, user, new=done.created_at >= now)

    @deed("name", allowed=access.pledges_run_by, takes=SomebodySaid, gives=NEW_OR_OLD)
    def name_person(self, pledge: Pledge, *, by: User, now: datetime, **said: Any) -> Response:
        """Put a named person on one of the kept seats."""
        person = one_of_theirs(said, pledge) or somebody(said, community_of(pledge.post), by=by, now=now)
        return SignUpRow.told(pledges.name(pledge.pk, person, by=by, now=now), by, now)

    @deed(allowed=access.pledges_owed_to, gives=RemindedRow)
    def remind(self, pledge: Pledge, *, by: User, now: datetime) -> Response:
        """Remind the unit of the names it owes, at most once an hour; the link in the message needs no account."""
        return Response({"people": pledges.ask_again(pledge.pk, by=by, now=now)})

    @deed(allowed=access.pledges_run_by)
    def release(self, pledge: Pledge, *, by: User, now: datetime) -> Pledge:
        """Give up the seats that were never named."""
        return pledges.release(pledge.pk, now=now)


def one_of_theirs(said: dict[str, Any], pledge: Pledge) -> int | None:
    """The volunteer meant, if they belong to the organisation that promised: its officer knows them."""
    theirs = Affiliation.objects.filter(organisation__path__startswith=pledge.organisation.path, to_day=None)
    found = (
        theirs.filter(volunteer=said["volunteer"]).values_list("volunteer", flat=True) if "volunteer" in said else ()
    )
    return next(iter(found), None)
