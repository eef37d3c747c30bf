"""Being there, over the API: checked in and out, missing, counted, and corrected by two."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from rest_framework import serializers, status
from rest_framework.response import Response

from communities.access import Visitor
from communities.api.resources import deed
from communities.api.words import Flag, Instant, Integer, Said, Text
from communities.errors import Forbidden, Invalid, Refused
from communities.models import User
from communities.numbers import number_in
from staffing import access
from staffing.actions import attendance, proposals, rounds
from staffing.api.signup_rows import SignUpRow, own
from staffing.models import Proposal, SignUp
from staffing.phrases import field_error
from staffing.rules.passes import shift_of
from staffing.states import ProposalKind, SignUpStatus


class CheckingIn(Said):
    code = Text(max_length=60, required=False, help_text="Oneself: what the QR code on the leader's screen carries.")
    fit = Flag(required=False, help_text="Fit for duty; false gives the seat to somebody else.")


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


def left_by(user: Visitor) -> QuerySet[SignUp]:
    return own(user) | access.attendance_of(user)


class Attendance:
    """For the resource of sign-ups: what the leader of a shift says about them, or they themselves at the point."""

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
    found = signup.proposals.filter(pk=number_in(proposal), kind=kind).first()
    if not found:
        raise Invalid(proposal=field_error("bad_proposal"))
    return found
