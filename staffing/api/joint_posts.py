from datetime import datetime
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When
from django.http import Http404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import Visitor
from communities.api.filters import Filters, of, since, under
from communities.api.organisations import OrganisationRow
from communities.api.resources import Readable, Resource, deed, load, says
from communities.api.rows import Many, Ref, Row
from communities.api.words import Choice, Id, Said, Seats
from communities.errors import Invalid
from communities.models import Compound, Organisation, User
from staffing import access
from staffing.actions import joint
from staffing.actions.joint import Share
from staffing.actions.newcomers import Newcomer
from staffing.api.roles import RoleRow
from staffing.models import Post, Role, SignUp
from staffing.phrases import field_error
from staffing.states import SignUpStatus
from volunteers.api.volunteers import PersonSaid


class JointSeatRow(Row):
    """One of your agency's people on one of its seats."""

    model = SignUp
    id = serializers.IntegerField()
    post = serializers.IntegerField()
    volunteer = serializers.IntegerField()
    name = serializers.CharField(source="volunteer__user__name")
    status = Choice(SignUpStatus)

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.joint_seats_visible_to(user)


class JointPostRow(Row):
    """An agency's seats on a shift that several share. Of other agencies you see the numbers, of yours the people too."""

    model = Post
    computed = {"missing": Case(When(taken__gte=F("seats"), then=Value(0)), default=F("seats") - F("taken"))}

    id = serializers.IntegerField()
    shift = Ref("staffing.api.shifts.ShiftRow")
    agency = Ref(OrganisationRow)
    role = Ref(RoleRow)
    seats = serializers.IntegerField()
    taken = serializers.IntegerField()
    missing = serializers.IntegerField()
    people = Many(JointSeatRow, by="post")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.joint_posts_visible_to(user)


class JointPostFilters(Filters):
    shift = of("shift")
    site = of("shift__site")
    under = under("shift__site__area__path")
    agency = of("agency")
    since = since("shift__starts_at")


class ShareSaid(Said):
    agency = Id()
    role = Id()
    seats = Seats()


class LayingOut(Said):
    shift = Id()
    shares = ShareSaid(many=True, max_length=20)


class Filling(Said):
    person = PersonSaid()


class Clearing(Said):
    sign_up = Id()


class JointPosts(Readable, Resource):
    row = JointPostRow
    noun = "joint-posts"
    filterset_class = JointPostFilters

    @says(LayingOut, JointPostRow(many=True))
    def create(self, request: Request) -> Response:
        """Set the seats of several agencies on a shift, all or none. Said again, nothing changes."""
        said, user = LayingOut.read(request.data), request.user
        shift = load(access.shifts_read_by(user), access.shifts_run_by(user), said["shift"])
        shares = [share_of(one) for one in said["shares"]]
        posts = joint.lay_out(shift.pk, shares, by=user, now=timezone.now())
        return Response(JointPostRow.read(Post.objects.filter(pk__in=[post.pk for post in posts]).order_by("pk"), user))

    @deed(allowed=access.joint_posts_filled_by, takes=Filling, gives=JointSeatRow)
    def fill(self, post: Post, person: dict[str, Any], *, by: User, now: datetime) -> Response:
        """Put one of your agency's people on one of its seats; a promised one is used first."""
        seat = joint.fill(post.pk, newcomer(person), by=by, now=now)
        return Response(JointSeatRow.one(seat.pk, by))

    @deed(allowed=access.joint_posts_filled_by, takes=Clearing, gives=JointSeatRow)
    def clear(self, post: Post, sign_up: int, *, by: User, now: datetime) -> Response:
        """Take one of your people off a seat, to send another."""
        seat = access.joint_seats_visible_to(by).filter(post=post, pk=sign_up).first()
        if not seat:
            raise Http404
        return Response(JointSeatRow.one(joint.send_other(seat.pk, by=by, now=now).pk, by))


def share_of(said: dict[str, Any]) -> Share:
    """Raises Invalid for an agency or a role that does not exist."""
    if not Organisation.objects.filter(pk=said["agency"]).exists():
        raise Invalid(agency=field_error("unknown_organisation"))
    if not Role.objects.filter(pk=said["role"]).exists():
        raise Invalid(role=field_error("unknown_role"))
    return Share(**said)


def newcomer(person: dict[str, Any]) -> Newcomer:
    residence = person.get("residence")
    if residence and not Compound.objects.filter(pk=residence).exists():
        raise Invalid(residence=field_error("unknown_compound"))
    adult = person.get("is_adult", False)
    return Newcomer(person["name"], person["phone"], consented=True, residence=residence, is_adult=adult)
