from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import May, Visitor, area_paths
from communities.api.filters import Filters, before, of, since, under, word
from communities.api.resources import Readable, Resource, deed, load, says
from communities.api.rows import Plain, Ref, Row
from communities.api.words import Choice, Flag, Id, Instant, Integer, Said, Text
from communities.errors import Forbidden, Invalid, Refused
from communities.models import User
from communities.queries.prepared import fetch
from communities.rules.words import masked
from staffing import access
from staffing.actions import answers, attendance, decisions, escalation, offers, proposals, rounds, signups
from staffing.actions.decisions import DECLINE_REASONS
from staffing.actions.signups import Entry
from staffing.api.people import SomebodySaid, somebody
from staffing.models import Proposal, SignUp
from staffing.phrases import field_error
from staffing.rules.passes import shift_of
from staffing.states import ProposalKind, SignUpStatus
from volunteers.states import Channel


class SignUpRow(Row):
    """One person on one post: a seat, an offer of one, or a place on its waitlist.

    Yours, and those of shifts where your role sees names. `name` is there for others than the person; `phone` only for
    who may reach them, `phone_ends` for who leads the shift.
    """

    model = SignUp
    filled = frozenset({"starts_at", "ends_at", "name", "phone", "phone_ends"})
    hidden = {
        "_period": "period",
        "_user": "volunteer__user_id",
        "_name": "volunteer__user__name",
        "_phone": "volunteer__user__phone_cipher",
        "_path": "shift__site__area__path",
        "_leader": "shift__leader_id",
    }

    id = serializers.IntegerField()
    post = Ref("staffing.api.posts.PostRow")
    shift = Ref("staffing.api.shifts.ShiftRow")
    volunteer = serializers.IntegerField()
    status = Choice(SignUpStatus)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    seat_no = serializers.IntegerField(allow_null=True)
    position = serializers.IntegerField(allow_null=True, help_text="Ticket of the waitlist; smaller is earlier.")
    respond_by = serializers.DateTimeField(allow_null=True, help_text="Until when an offer stands.")
    placed = serializers.BooleanField(help_text="Asked to be placed where needed.")
    auto_accept = serializers.BooleanField()
    channel = serializers.CharField()
    reason = serializers.CharField()
    late = serializers.BooleanField(help_text="Cancelled within two hours of the start.")
    on_my_way_at = serializers.DateTimeField(allow_null=True)
    checked_in_at = serializers.DateTimeField(allow_null=True)
    checked_out_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    name = serializers.CharField(required=False)
    phone = serializers.CharField(required=False, allow_null=True)
    phone_ends = serializers.CharField(required=False, help_text="Its last four digits.")

    @classmethod
    def visible(cls, user: Visitor) -> QuerySet[Any]:
        return access.signups_visible_to(user)

    @classmethod
    def shown(cls, rows: list[Plain], user: Visitor) -> list[Plain]:
        names, phones = tuple(area_paths(user, May.NAMES)), tuple(area_paths(user, May.PHONES))
        boards = tuple(area_paths(user, May.CHECK_IN))
        for row in rows:
            hidden = {name: row.pop(name) for name in cls.hidden}
            row |= {"starts_at": hidden["_period"].lower, "ends_at": hidden["_period"].upper}
            path, leads = hidden["_path"], hidden["_leader"] == user.pk
            if hidden["_user"] == user.pk:
                continue
            if leads or path.startswith(names):
                row["name"] = hidden["_name"]
            if path.startswith(phones):
                row["phone"] = hidden["_phone"]
            elif leads or path.startswith(boards):
                row["phone_ends"] = masked(hidden["_phone"])
        return rows

    @classmethod
    def own(cls, signup: SignUp) -> Plain:
        """The row of one's own sign-up just made, from what is at hand."""
        ids = {"post": signup.post_id, "shift": signup.shift_id, "volunteer": signup.volunteer_id}
        at_hand = [name for name in cls._declared_fields if name not in cls.filled and name not in ids]
        plain = {"id": signup.pk} | ids | {name: getattr(signup, name) for name in at_hand}
        return plain | {"starts_at": signup.period.lower, "ends_at": signup.period.upper}

    @classmethod
    def told(cls, signup: SignUp, by: User, now: datetime, *, own: bool = False) -> Response:
        """201 for a new sign-up, 200 for the one that was there."""
        new = status.HTTP_201_CREATED if signup.created_at == now else status.HTTP_200_OK
        return Response(cls.own(signup) if own else cls.one(signup.pk, by), status=new)


NEW_OR_OLD = {201: SignUpRow, 200: SignUpRow}


class SignUpFilters(Filters):
    post = of("post")
    shift = of("shift")
    call_up = of("shift__call_up")
    site = of("shift__site")
    under = under("shift__site__area__path")
    volunteer = of("volunteer")
    status = word("status", SignUpStatus)
    starts_from = since("shift__starts_at")
    starts_before = before("shift__starts_at")
    changed_after = since("changed_at")


class SigningUp(SomebodySaid):
    """Only `post`: yourself. With `volunteer` or `person`: on behalf of somebody in your scope, by staff."""

    post = Id()
    auto_accept = Flag(required=False, help_text="Take a freed seat without being asked.")
    override_reason = Text(max_length=200, required=False, help_text="Staff: why the rest rules may be broken.")


class Ending(Said):
    reason = Text(max_length=30)


class Declining(Said):
    reason = Choice(DECLINE_REASONS, name="DeclineReason", required=False, help_text="Needed from the lead.")


class CheckingIn(Said):
    code = Text(max_length=60, required=False, help_text="Oneself: what the QR code on the leader's screen carries.")
    fit = Flag(required=False, help_text="Fit for duty; false gives the seat to somebody else.")


class MovingTo(Said):
    post = Id()


class CheckingOut(Said):
    proposal = Text(max_length=20, required=False, help_text="Another lead's, for more minutes than the block allows.")


class Serving(Said):
    number = Integer(min_value=0, max_value=rounds.MOST_SERVED)


class Correcting(Said):
    """Times: a proposal. `proposal`: your agreement to another lead's."""

    started_at = Instant(required=False)
    ended_at = Instant(required=False)
    proposal = Text(max_length=20, required=False)


class ProposalRow(serializers.Serializer):
    proposal = serializers.CharField(help_text="Good for a day, for a second lead.")


def own(user: Visitor) -> QuerySet[SignUp]:
    return SignUp.objects.filter(access.own(user))


def answered_by(user: Visitor) -> QuerySet[SignUp]:
    return own(user) | access.signups_run_by(user)


def left_by(user: Visitor) -> QuerySet[SignUp]:
    return own(user) | access.attendance_of(user)


def entry(said: Plain, by: User, *, behalf: bool) -> Entry:
    return Entry(
        channel=Channel.API,
        by=by,
        on_behalf=behalf,
        auto_accept=said.get("auto_accept", False),
        override_reason=said.get("override_reason", ""),
    )


@dataclass(frozen=True, slots=True)
class Target:
    """Where a post is, and which volunteer the reader is."""

    me: int | None
    area: int
    path: str
    community: int | None
    published: bool


TARGET = """
    select (select v.id from volunteers_volunteer v where v.user_id = %(user)s::bigint), i.area_id, a.path, c.community_id,
        s.status <> 'draft' and c.status is distinct from 'draft'
    from staffing_post p
    join staffing_shift s on s.id = p.shift_id
    join communities_site i on i.id = s.site_id
    join communities_area a on a.id = i.area_id
    left join staffing_callup c on c.id = s.call_up_id
    where p.id = %(post)s::bigint
"""


def target(post_id: int, user: User) -> Target:
    """What is published is there for all; a draft for whom it is. Raises Http404."""
    for row in fetch(TARGET, post=post_id, user=user.pk):
        found = Target(*row)
        if found.published or access.posts_read_by(user).filter(pk=post_id).exists():
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


class SignUps(Readable, Resource):
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

    @deed("check-in", allowed=left_by, takes=CheckingIn)
    def check_in(self, signup: SignUp, code: str = "", *, by: User, now: datetime, fit: bool = True) -> SignUp:
        """Check somebody in, from 60 minutes before the start; oneself with the code on the leader's screen."""
        leads = access.attendance_of(by).filter(pk=signup.pk).exists()
        if not leads and shift_of(code, now, settings.SECRET_KEY) != signup.shift_id:
            raise Forbidden("qr_invalid")
        return attendance.check_in(signup.pk, by=by, now=now, fit=fit)

    @deed("undo-check-in", allowed=access.attendance_of)
    def undo_check_in(self, signup: SignUp, *, by: User, now: datetime) -> SignUp:
        """Take a mistaken check-in back, within ten minutes."""
        return attendance.undo_check_in(signup.pk, by=by, now=now)

    @deed("check-out", allowed=left_by, takes=CheckingOut)
    def check_out(self, signup: SignUp, *, by: User, now: datetime, proposal: str = "") -> SignUp:
        """Check somebody out; the minutes become a service record.

        More than the block and two hours is refused (too_long) until a second lead agrees: `propose-check-out` gives
        the first lead's word, which the second sends here.
        """
        if proposal:
            return proposals.agree(word_of(signup, proposal, ProposalKind.CHECK_OUT).pk, by=by, now=now)
        return attendance.check_out(signup.pk, by=by, now=now)

    @deed("propose-check-out", allowed=access.attendance_of, gives=ProposalRow)
    def propose_check_out(self, signup: SignUp, *, by: User, now: datetime) -> Response:
        """Propose a check-out that is longer than the block, for a second lead to agree to."""
        return Response({"proposal": str(proposals.propose_check_out(signup.pk, by=by, now=now).pk)})

    @deed("no-show", allowed=access.attendance_of)
    def no_show(self, signup: SignUp, *, by: User, now: datetime) -> SignUp:
        """Say that somebody has not come, from 15 minutes after the start; the seat is free again."""
        return attendance.mark_no_show(signup.pk, by=by, now=now)

    @deed("count-work", allowed=access.attendance_of, takes=Serving)
    def count_work(self, signup: SignUp, number: int, *, by: User, now: datetime) -> SignUp:
        """How many people were served at the seat; the newest number stands. Lanes are measured by it, not persons."""
        rounds.count_work(signup.pk, number, by=by, now=now)
        return signup

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

    @deed(allowed=access.attendance_of, takes=Correcting, gives={200: SignUpRow, 202: ProposalRow})
    def correct(self, signup: SignUp, *, by: User, now: datetime, proposal: str = "", **times: datetime) -> Response:
        """Correct a no-show who was there after all, within seven days and by two leads.

        The first sends the times and gets a proposal; the second sends the proposal and gets the sign-up.
        """
        if proposal:
            done = proposals.agree(word_of(signup, proposal, ProposalKind.CORRECT).pk, by=by, now=now)
            return Response(SignUpRow.one(done.pk, by))
        if signup.status != SignUpStatus.NO_SHOW:
            raise Refused("invalid_transition", status=signup.status)
        if missing := [name for name in ("started_at", "ended_at") if name not in times]:
            raise Invalid(**dict.fromkeys(missing, field_error("missing")))
        word = proposals.propose_correction(signup.pk, **times, by=by, now=now)
        return Response({"proposal": str(word.pk)}, status=status.HTTP_202_ACCEPTED)


def word_of(signup: SignUp, proposal: str, kind: ProposalKind) -> Proposal:
    """The proposal meant. Raises Invalid if it is about something else."""
    found = signup.proposals.filter(pk=proposal, kind=kind).first() if proposal.isdecimal() else None
    if not found:
        raise Invalid(proposal=field_error("bad_proposal"))
    return found


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
