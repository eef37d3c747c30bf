from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, area_paths
from communities.api.resources import Readable, Resource, deed, load, says
from communities.api.rows import Plain
from communities.api.words import Choice, Flag, Id, Said, Text
from communities.errors import Forbidden, Invalid, Refused
from communities.models import User
from staffing import access
from staffing.actions import answers, attendance, decisions, escalation, offers, rounds, signups
from staffing.actions.decisions import DECLINE_REASONS
from staffing.actions.signups import Entry
from staffing.api.attendance import Attendance
from staffing.api.people import SomebodySaid, somebody
from staffing.api.signup_rows import SignUpFilters, SignUpRow, own
from staffing.models import SignUp
from staffing.phrases import field_error
from staffing.queries import kept_places
from staffing.queries.targets import Target, target_of
from volunteers.states import Channel


class SigningUp(SomebodySaid):
    """Only `post`: yourself. With `volunteer` or `person`: on behalf of somebody in your scope, by staff."""

    post = Id()
    auto_accept = Flag(required=False, help_text="Take a freed seat without being asked.")
    override_reason = Text(max_length=200, required=False, help_text="Staff: why the rest rules may be broken.")


OTHERS = {"volunteer", "person", "override_reason"}  # what only staff may say


class Ending(Said):
    reason = Text(max_length=30)


class Declining(Said):
    reason = Choice(DECLINE_REASONS, name="DeclineReason", required=False, help_text="Needed from the lead.")


class MovingTo(Said):
    post = Id()


def answered_by(user: Visitor) -> QuerySet[SignUp]:
    return own(user) | access.signups_run_by(user)


def entry(said: Plain, by: User, *, behalf: bool) -> Entry:
    return Entry(
        channel=Channel.API,
        by=by,
        on_behalf=behalf,
        auto_accept=said.get("auto_accept", False),
        override_reason=said.get("override_reason", ""),
    )


def target(post_id: int, user: User) -> Target:
    """What is published is there for all; a draft for whom it is. Raises Http404."""
    found = target_of(post_id, user.pk)
    if found and (found.published or access.posts_read_by(user).filter(pk=post_id).exists()):
        return found
    raise Http404


def whom(said: Plain, there: Target, *, by: User, now: datetime) -> tuple[int, bool]:
    """The volunteer to sign up, and whether it is on their behalf. Raises Forbidden, Refused(not_enrolled)."""
    if said.get("override_reason") and not there.path.startswith(tuple(area_paths(by, May.RUN))):
        raise Forbidden
    if "volunteer" not in said and "person" not in said:
        if there.me is None:
            raise Refused("not_enrolled")
        return there.me, False
    if not there.path.startswith(tuple(area_paths(by, May.ADMIT))):
        raise Forbidden
    return somebody(said, there.community or there.area, by=by, now=now), True


class SignUps(Attendance, Readable, Resource):
    row = SignUpRow
    noun = "sign-ups"
    orderings = ("id", "created_at", "changed_at")
    filterset_class = SignUpFilters

    @says(SigningUp)
    def create(self, request: Request) -> Response:
        """Sign up to a post.

        A seat, or the end of the waitlist. Asked again, the sign-up that is there already.
        """
        said, now = SigningUp.read(request.data), timezone.now()
        if OTHERS.isdisjoint(said) and kept_places.is_published(said["post"], now):
            how = entry(said, request.user, behalf=False)
            done = signups.sign_myself_up(said["post"], request.user.pk, now=now, entry=how)
            return SignUpRow.told(done, request.user, now, own=True)
        there = target(said["post"], request.user)
        volunteer, behalf = whom(said, there, by=request.user, now=now)
        how = entry(said, request.user, behalf=behalf)
        done = signups.sign_up(said["post"], volunteer, now=now, entry=how)
        return SignUpRow.told(done, request.user, now, own=volunteer == there.me)

    @deed(allowed=own)
    def withdraw(self, signup: SignUp, *, by: User, now: datetime) -> SignUp:
        """I cannot come: give the seat or the place in line back."""
        return signups.withdraw(signup.pk, now=now)

    @deed(allowed=own)
    def accept(self, signup: SignUp, *, by: User, now: datetime) -> SignUp:
        """Take an offered seat."""
        return offers.accept(signup.pk, now=now)

    @deed(allowed=answered_by, takes=Declining)
    def decline(self, signup: SignUp, reason: str = "", *, by: User, now: datetime) -> SignUp:
        """Say no to an offer, or as the lead to a sign-up.

        The person gives no reason; the lead has to.
        """
        if own(by).filter(pk=signup.pk).exists():
            return offers.decline(signup.pk, now=now)
        if not reason:
            raise Invalid(reason=field_error("reason_missing"))
        return decisions.turn_down(signup.pk, by=by, now=now, reason=reason)

    @deed(allowed=access.signups_run_by)
    def confirm(self, signup: SignUp, *, by: User, now: datetime) -> SignUp:
        """Say yes to a sign-up that waits for the lead's word."""
        return decisions.confirm(signup.pk, by=by, now=now)

    @deed(allowed=access.signups_run_by, takes=Ending)
    def cancel(self, signup: SignUp, reason: str, *, by: User, now: datetime) -> SignUp:
        """End somebody's seat or place in line; the person is told."""
        return decisions.cancel(signup.pk, by=by, now=now, reason=reason)

    @deed(allowed=access.signups_run_by)
    def replace(self, signup: SignUp, *, by: User, now: datetime) -> SignUp:
        """Give the seat of somebody who cannot be reached to the next in line."""
        return escalation.replace(signup.pk, by=by, now=now)

    @deed(allowed=access.signups_run_by, takes=MovingTo)
    def move(self, signup: SignUp, post: int, *, by: User, now: datetime) -> SignUp:
        """Put somebody on another post.

        Staff go at once; a volunteer is asked and keeps the old seat until they say yes. The answer is the new one.
        """
        load(access.posts_read_by(by), access.posts_run_by(by), post)
        return decisions.move(signup.pk, post, by=by, now=now)

    @deed("stay-in-line", allowed=own)
    def stay_in_line(self, signup: SignUp, *, by: User, now: datetime) -> SignUp:
        """Pass an offer on and wait at the end of the line.

        If nobody else waits, the seat is open to all and there is no line.
        """
        return answers.stay_in_line(signup.pk, now=now)

    @deed("change", allowed=own, takes=MovingTo)
    def change_to(self, signup: SignUp, post: int, *, by: User, now: datetime) -> SignUp:
        """Give this place up for a free seat on another post; both or neither."""
        target(post, by)
        return answers.change_to(signup.pk, post, now=now)

    @deed("will-come", allowed=own)
    def will_come(self, signup: SignUp, *, by: User, now: datetime) -> SignUp:
        """Answer the reminder: I am coming."""
        return escalation.will_come(signup.pk, now=now)

    @deed("set-out", allowed=own)
    def set_out(self, signup: SignUp, *, by: User, now: datetime) -> SignUp:
        """I am on my way."""
        return attendance.set_out(signup.pk, now=now)

    @deed(allowed=own)
    def come_again(self, signup: SignUp, *, by: User, now: datetime) -> SignUp:
        """Ask me for the next round too. It books nothing; whoever runs it may invite me then."""
        rounds.come_again(signup.pk, now=now)
        return signup


class OwnSignUps(Resource):
    """For a person's own programme: the scope `me` is enough to read them."""

    row = SignUpRow
    noun = "me"
    many = "sign-ups of yours"
    orderings = ("id", "created_at", "changed_at")
    filterset_class = SignUpFilters

    def get_queryset(self) -> QuerySet[Any]:
        return own(self.request.user)

    def list(self, request: Request) -> Response:
        return self.read_list(request)
