"""Hours that need two people: a check-out beyond the limit, and a no-show who was there after all."""

from datetime import datetime

from django.db import transaction

from communities.errors import Forbidden, Gone, Invalid, Refused
from communities.models import User
from staffing.actions import attendance
from staffing.locks import lock_signup
from staffing.models import Proposal, SignUp
from staffing.phrases import field_error
from staffing.rules.attendance import beyond, lapsed
from staffing.states import ProposalKind, SignUpStatus


@transaction.atomic
def check_out(signup_id: int, *, by: User, now: datetime) -> SignUp | Proposal:
    """Out at once; with more minutes than one person may sign for, a proposal instead."""
    signup = lock_signup(signup_id)
    if too_long(signup, now):
        return propose_check_out(signup_id, by=by, now=now)
    return attendance.check_out(signup_id, by=by, now=now)


def too_long(signup: SignUp, now: datetime) -> bool:
    here = signup.status == SignUpStatus.CHECKED_IN and signup.checked_in_at
    return bool(here and beyond(here, now, signup.period.lower, signup.period.upper))


@transaction.atomic
def propose_check_out(signup_id: int, *, by: User, now: datetime) -> Proposal:
    """They leave now; said again, or by somebody else, the newest word stands."""
    signup = lock_signup(signup_id)
    if signup.status != SignUpStatus.CHECKED_IN or not signup.checked_in_at:
        raise Refused("invalid_transition", status=signup.status)
    return say(signup, ProposalKind.CHECK_OUT, signup.checked_in_at, now, by, now)


@transaction.atomic
def propose_correction(
    signup_id: int, *, started_at: datetime, ended_at: datetime, by: User, now: datetime
) -> Proposal:
    """They were there from one instant to another. Raises Refused if that cannot be corrected so, or any more."""
    signup = lock_signup(signup_id)
    if ended_at <= started_at:
        raise Invalid(ended_at=field_error("ends_before_start"))
    attendance.check_correction(signup, started_at, ended_at, now)
    return say(signup, ProposalKind.CORRECT, started_at, ended_at, by, now)


def say(
    signup: SignUp, kind: ProposalKind, started_at: datetime, ended_at: datetime, by: User, now: datetime
) -> Proposal:
    word = {"kind": kind, "started_at": started_at, "ended_at": ended_at, "proposed_by": by, "proposed_at": now}
    return Proposal.objects.update_or_create(sign_up=signup, agreed_at=None, defaults=word)[0]


@transaction.atomic
def agree(proposal_id: int, *, by: User, now: datetime) -> SignUp:
    """The second person's yes; the hours count. Said again, returns the sign-up as it is.

    Raises Forbidden for the first person and for whose hours they are, Gone after a day.
    """
    signup_id = Proposal.objects.values_list("sign_up_id", flat=True).get(pk=proposal_id)
    signup = lock_signup(signup_id)
    word = Proposal.objects.select_related("proposed_by").get(pk=proposal_id)
    if word.agreed_at:
        return signup
    if by in (word.proposed_by, signup.volunteer.user):
        raise Forbidden("same_person")
    if lapsed(now, word.proposed_at):
        raise Gone("expired")
    done = carry_out(word, by=by, now=now)
    word.agreed_by, word.agreed_at = by, now
    word.save(update_fields=["agreed_by", "agreed_at"])
    return done


def carry_out(word: Proposal, *, by: User, now: datetime) -> SignUp:
    first = word.proposed_by
    if word.kind == ProposalKind.CHECK_OUT:
        return attendance.check_out(word.sign_up_id, by=first, now=word.ended_at, approver=by)
    times = {"started_at": word.started_at, "ended_at": word.ended_at}
    return attendance.correct(word.sign_up_id, by=first, approver=by, now=now, **times)
