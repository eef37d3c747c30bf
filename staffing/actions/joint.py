"""Joint posts (联合战线): the seats of several agencies on one shift. Each fills its own; domain.md S16."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from communities.errors import Refused
from communities.models import User
from staffing import messages
from staffing.actions import decisions, newcomers, seats, shifts
from staffing.actions.newcomers import Newcomer, community_of, known
from staffing.actions.shifts import PostPlan
from staffing.actions.signups import Entry, existing
from staffing.locks import lock_volunteers
from staffing.models import Pledge, Post, SignUp
from staffing.queries.facts import gather
from staffing.rules.signups import refusals
from staffing.states import PledgeStatus, SignUpStatus
from volunteers.actions.people import affiliate
from volunteers.models import Volunteer
from volunteers.states import Channel, PersonKind


@dataclass(frozen=True, slots=True)
class Share:
    """What one agency sends to a shift: so many people of a role."""

    agency: int
    role: int
    seats: int


@transaction.atomic
def lay_out(shift_id: int, shares: Iterable[Share], *, by: User, now: datetime) -> list[Post]:
    """The seats of every agency, all or none; what is there already has as many seats as are said now.

    Raises Invalid(seats=…), or Refused if fewer seats are said than are held.
    """
    shift = shifts.hold(shift_id)
    return [lay(shift.pk, share, by, now) for share in shares]


def lay(shift_id: int, share: Share, by: User, now: datetime) -> Post:
    post = Post.objects.filter(shift=shift_id, role=share.role, agency=share.agency).first()
    if post is None:
        return shifts.add_post(shift_id, PostPlan(share.role, share.seats, share.agency), by=by, now=now)
    return post if post.seats == share.seats else shifts.set_seats(post.pk, share.seats, by=by, now=now)


@transaction.atomic
def fill(post_id: int, person: Newcomer, *, by: User, now: datetime) -> SignUp:
    """The agency puts one of its people on one of its seats; a seat that it promised is used first.

    Filled again with the same person, returns the seat. Raises Refused with every reason.
    """
    post = Post.objects.select_related("shift__call_up", "shift__site").get(pk=post_id)
    owed = Pledge.objects.filter(post=post, organisation=post.agency_id, status=PledgeStatus.OPEN).first()
    if owed and owed.owed:
        return newcomers.name(owed.pk, person, by=by, now=now)
    sent = replace(person, kind=PersonKind.AGENCY)
    volunteer = known(sent, community_of(post), by=by, now=now, channel=Channel.PLEDGE)
    affiliate(volunteer, agency_of(post))
    return put(post_id, volunteer, by, now)


def agency_of(post: Post) -> int:
    if post.agency_id is None:
        raise Refused("other_agency")
    return post.agency_id


def put(post_id: int, volunteer: Volunteer, by: User, now: datetime) -> SignUp:
    lock_volunteers([volunteer.pk])
    if signup := existing(post_id, volunteer.pk):
        return signup
    facts = gather(post_id, volunteer.pk, now, by_staff=True)
    if found := refusals(facts):
        raise Refused(found)
    entry = Entry(channel=Channel.PLEDGE, by=by, on_behalf=True)
    signup = seats.take(facts, SignUpStatus.CONFIRMED, **entry.columns())
    if not signup:
        raise Refused("seat_taken")
    messages.confirmed(signup, now)
    return signup


def send_other(signup_id: int, *, by: User, now: datetime) -> SignUp:
    """The agency takes one of its people off a seat of its own; the person is told. Again: as it is."""
    return decisions.cancel(signup_id, by=by, now=now, reason="agency")
