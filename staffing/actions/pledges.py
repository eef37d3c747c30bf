"""Seats kept for people an organisation will name by a time."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from communities.errors import Invalid, Refused
from communities.models import Organisation, User
from staffing import messages
from staffing.actions import offers, seats
from staffing.actions.signups import Entry, existing
from staffing.locks import lock_volunteers, patience
from staffing.messages import pledges as told
from staffing.models import Pledge, Post, SignUp
from staffing.phrases import field_error
from staffing.queries.facts import gather
from staffing.rules.signups import refusals
from staffing.states import PledgeStatus, ShiftStatus, SignUpStatus

REMIND_BEFORE = timedelta(hours=3)
ASK_AGAIN_AFTER = timedelta(hours=1)


@transaction.atomic
def promise(post_id: int, organisation_id: int, number: int, due_at: datetime, *, by: User, now: datetime) -> Pledge:
    """Keep `number` free seats of the post for the organisation until `due_at`. Promised again, returns the first."""
    if open_pledge := Pledge.objects.filter(
        post_id=post_id, organisation_id=organisation_id, status=PledgeStatus.OPEN
    ).first():
        return open_pledge
    if refusal := unfit(post_id, organisation_id, now):
        raise Refused(refusal)
    if due_at <= now:
        raise Invalid(due_at=field_error("in_the_past"))
    if Post.objects.filter(pk=post_id, shift__starts_at__lt=due_at).exists():
        raise Invalid(due_at=field_error("names_after_start"))
    if isinstance(number, bool) or not 1 <= number <= 500:
        raise Invalid(seats=field_error("seats_out_of_range"))
    kept = Post.objects.filter(pk=post_id, taken__lte=F("seats") - F("pledged") - number, waiting=0).update(
        pledged=F("pledged") + number
    )
    if not kept:
        raise Refused("not_enough_room")
    return Pledge.objects.create(
        post_id=post_id, organisation_id=organisation_id, seats=number, due_at=due_at, made_by=by
    )


def unfit(post_id: int, organisation_id: int, now: datetime) -> str:
    """Why nobody can promise people for this post, or this organisation cannot; "" if it can."""
    post = Post.objects.select_related("shift", "agency").get(pk=post_id)
    if post.shift.status == ShiftStatus.CANCELLED:
        return "shift_cancelled"
    if post.shift.status == ShiftStatus.FINISHED or now >= post.shift.ends_at:
        return "past"
    theirs = Organisation.objects.filter(pk=organisation_id, path__startswith=post.agency.path) if post.agency else None
    return "" if theirs is None or theirs.exists() else "other_agency"


def hold(pledge_id: int) -> Pledge:
    with patience():
        return Pledge.objects.select_for_update(no_key=True).get(pk=pledge_id)


@transaction.atomic
def name(pledge_id: int, volunteer_id: int, *, by: User, now: datetime) -> SignUp:
    """Put a named person on one of the kept seats; the same rules refuse them as anybody."""
    lock_volunteers([volunteer_id])
    pledge = hold(pledge_id)
    if signup := existing(pledge.post_id, volunteer_id):
        return signup
    if pledge.status != PledgeStatus.OPEN or pledge.named >= pledge.seats:
        raise Refused("pledge_full" if pledge.status == PledgeStatus.NAMED else "expired")
    if found := refusals(gather(pledge.post_id, volunteer_id, now, by_staff=True)):
        raise Refused(found)
    Post.objects.filter(pk=pledge.post_id).update(pledged=F("pledged") - 1, version=F("version") + 1)
    facts = gather(pledge.post_id, volunteer_id, now, by_staff=True)
    entry = Entry(channel="pledge", by=by, on_behalf=True, pledge=pledge.pk)
    signup = seats.take(facts, SignUpStatus.CONFIRMED, reserved=True, **entry.columns())
    if not signup:
        raise Refused("seat_taken")
    pledge.named += 1
    pledge.status = PledgeStatus.NAMED if pledge.named == pledge.seats else PledgeStatus.OPEN
    pledge.save(update_fields=["named", "status"])
    messages.confirmed(signup, now)
    return signup


@transaction.atomic
def release(pledge_id: int, *, status: PledgeStatus = PledgeStatus.WITHDRAWN, now: datetime) -> Pledge:
    """Give up the seats that were never named: to those in line first, then to everybody."""
    offers.hold_reserves(Pledge.objects.values_list("post_id", flat=True).get(pk=pledge_id))
    pledge = hold(pledge_id)
    if pledge.status != PledgeStatus.OPEN:
        return pledge
    pledge.status = status
    pledge.save(update_fields=["status"])
    Post.objects.filter(pk=pledge.post_id).update(pledged=F("pledged") - (pledge.seats - pledge.named))
    offers.fill_from_line(pledge.post_id, now)
    return pledge


def remind(now: datetime) -> None:
    """Who answers for a promise hears of it three hours before the names are due, or at once if that is past."""
    soon = Pledge.objects.filter(status=PledgeStatus.OPEN, due_at__gt=now, due_at__lte=now + REMIND_BEFORE)
    told.owed([pledge for pledge in soon.select_related("organisation") if pledge.owed], now)


@transaction.atomic
def ask_again(pledge_id: int, *, by: User, now: datetime) -> int:
    """The community reminds the unit of the names it owes, at most once an hour; returns how many people are told.

    Raises Refused: nothing is owed, nobody answers for the unit, or it has just been reminded.
    """
    with patience():
        rows = Pledge.objects.select_related("organisation")
        pledge = rows.select_for_update(of=("self",), no_key=True).get(pk=pledge_id)
    if not pledge.owed or pledge.due_at <= now:
        raise Refused("nothing_owed")
    if told.reminded_since(pledge, now - ASK_AGAIN_AFTER):
        raise Refused("reminded_recently")
    if not (readers := told.asked_again(pledge, now)):
        raise Refused("nobody_answers")
    return readers


def lapse(now: datetime) -> int:
    """The pledges whose names are overdue become a gap again; returns how many."""
    overdue = Pledge.objects.filter(status=PledgeStatus.OPEN, due_at__lte=now).values_list("pk", flat=True)
    return sum(release(pk, status=PledgeStatus.LAPSED, now=now).status == PledgeStatus.LAPSED for pk in list(overdue))
