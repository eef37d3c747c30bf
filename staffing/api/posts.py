from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import Visitor
from communities.api.filters import Filters, FlagFilter, described, of, under
from communities.api.resources import Readable, Resource, deed, load, made, says
from communities.api.rows import Plain, Ref, Row
from communities.api.words import Choice, Flag, Id, Nothing, Said, Seats, Several, Text
from communities.errors import Invalid
from communities.models import Organisation, User
from communities.phrases import reasons
from staffing import access
from staffing.actions import attendance, decisions, shifts
from staffing.actions.newcomers import community_of
from staffing.actions.shifts import PostPlan
from staffing.api.people import SomebodySaid, somebody, themselves
from staffing.api.roles import RoleRow
from staffing.api.signup_rows import NEW_OR_OLD, SignUpRow
from staffing.models import Post, Role
from staffing.phrases import field_error
from staffing.queries.facts import gather
from staffing.rules.signups import refusals
from volunteers.states import PersonKind


class PostRow(Row):
    """Seats of one role on one shift. `room` is how many a newcomer could take now: none while others wait."""

    model = Post
    computed = {"room": Case(When(waiting=0, then=F("seats") - F("pledged") - F("taken")), default=Value(0))}

    id = serializers.IntegerField()
    shift = Ref("staffing.api.shifts.ShiftRow")
    role = Ref(RoleRow)
    agency = serializers.IntegerField(allow_null=True, help_text="Seats of this organisation's people only.")
    seats = serializers.IntegerField()
    taken = serializers.IntegerField()
    pledged = serializers.IntegerField(help_text="Kept for people an organisation will name.")
    waiting = serializers.IntegerField()
    room = serializers.IntegerField()
    person_kinds = serializers.ListField(child=Choice(PersonKind), help_text="Empty: open to all.")
    auto_confirm = serializers.BooleanField()

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.posts_read_by(user)


class WithRoom(FlagFilter):
    def filter(self, queryset: Any, value: str) -> Any:
        room = Q(waiting=0, taken__lt=F("seats") - F("pledged"))
        return queryset.filter(room if value == "true" else ~room) if value else queryset


class AsksMe(FlagFilter):
    def filter(self, queryset: Any, value: str) -> Any:
        asking = access.posts_asking(self.parent.request.user).values("pk")
        return queryset.filter(pk__in=asking) if value == "true" else queryset


class PostFilters(Filters):
    shift = of("shift")
    call_up = of("shift__call_up")
    site = of("shift__site")
    under = under("shift__site__area__path")
    role = of("role")
    agency = of("agency")
    asks_me = described(AsksMe(), {"type": "boolean"}, "Asks an organisation for people that you answer for.")
    with_room = described(WithRoom(), {"type": "boolean"}, "Has a free seat and nobody waiting.")


class NewPost(Said):
    shift = Id()
    role = Id()
    seats = Seats()
    agency = Id(required=False, allow_null=True, help_text="Seats of this organisation's people only.")
    person_kinds = Several(Choice(PersonKind), required=False, help_text="Empty: open to all.")
    auto_confirm = Flag(required=False, help_text="false: each sign-up waits for the lead's word.")


class PostChange(Said):
    seats = Seats()


class Inviting(Said):
    volunteer = Id()


class Assigning(Said):
    volunteer = Id()
    override_reason = Text(max_length=200, required=False)


class ReasonRow(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()


class WelcomeRow(serializers.Serializer):
    welcome = serializers.BooleanField()
    reasons = ReasonRow(many=True)


class Posts(Readable, Resource):
    row = PostRow
    noun = "posts"
    orderings = ("id", "seats", "taken")
    filterset_class = PostFilters

    @says(NewPost)
    def create(self, request: Request) -> Response:
        """Add a post to a shift."""
        said = NewPost.read(request.data)
        shift = load(access.shifts_read_by(request.user), access.shifts_run_by(request.user), said.pop("shift"))
        plan = plan_of(said)
        return made(PostRow, shifts.add_post(shift.pk, plan, by=request.user, now=timezone.now()), request.user)

    @says(PostChange)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the number of seats.

        More go to those in line first. Fewer than are held is refused, saying how many.
        """
        post = self.load(pk, access.posts_run_by)
        said = PostChange.read(request.data)
        shifts.set_seats(post.pk, said["seats"], by=request.user, now=timezone.now())
        return Response(PostRow.one(post.pk, request.user))

    @says(Nothing)
    def destroy(self, request: Request, pk: str) -> Response:
        """Remove a post that nobody ever signed up to."""
        post = self.load(pk, access.posts_run_by)
        shifts.remove_post(post.pk, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @deed(allowed=access.posts_read_by, methods=("get",), gives=WelcomeRow)
    def reasons(self, post: Post, *, by: User, now: datetime) -> Response:
        """Say why I could not sign up here now; an empty list means welcome."""
        found = refusals(gather(post.pk, themselves(by), now))
        return Response({"welcome": not found, "reasons": reasons(found)})

    @deed(allowed=access.boards_with, takes=Inviting, gives=NEW_OR_OLD, scope="sign-ups")
    def invite(self, post: Post, volunteer: int, *, by: User, now: datetime) -> Response:
        """Keep a seat for a volunteer until they answer."""
        person = somebody({"volunteer": volunteer}, community_of(post), by=by, now=now)
        return SignUpRow.told(decisions.invite(post.pk, person, by=by, now=now), by, now)

    @deed(allowed=access.posts_run_by, takes=Assigning, gives=NEW_OR_OLD, scope="sign-ups")
    def assign(self, post: Post, volunteer: int, override_reason: str = "", *, by: User, now: datetime) -> Response:
        """Put staff or seconded people on a post directly; volunteers are asked, never assigned."""
        person = somebody({"volunteer": volunteer}, community_of(post), by=by, now=now)
        done = decisions.assign(post.pk, person, by=by, now=now, override_reason=override_reason)
        return SignUpRow.told(done, by, now)

    @deed("walk-in", allowed=access.boards_with, takes=SomebodySaid, gives=NEW_OR_OLD, scope="sign-ups")
    def walk_in(self, post: Post, *, by: User, now: datetime, **said: Any) -> Response:
        """Sign up and check in somebody who stands there, if a seat is free."""
        person = somebody(said, community_of(post), by=by, now=now)
        return SignUpRow.told(attendance.walk_in(post.pk, person, by=by, now=now), by, now)


def plan_of(said: Plain) -> PostPlan:
    """Raises Invalid for a role or an agency that does not exist."""
    if not Role.objects.filter(pk=said["role"]).exists():
        raise Invalid(role=field_error("unknown_role"))
    if said.get("agency") and not Organisation.objects.filter(pk=said["agency"]).exists():
        raise Invalid(agency=field_error("unknown_organisation"))
    return PostPlan(**said | {"person_kinds": tuple(said.get("person_kinds", ()))})
