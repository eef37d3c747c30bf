"""What a lead decides about a seat: confirm, decline, cancel, invite, move."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from communities.errors import Refusal, Refused
from communities.models import User
from staffing import messages
from staffing.actions import deputies, offers, seats
from staffing.actions.signups import MOVED, Entry, end, existing, write
from staffing.locks import lock_signup, lock_volunteers
from staffing.models import SignUp
from staffing.queries.facts import gather
from staffing.queries.secondments import Cover, covering
from staffing.rules.fatigue import Interval
from staffing.rules.signups import Facts, refusals, still_fit
from staffing.states import SignUpStatus
from volunteers.states import PersonKind

DECLINE_REASONS = ("enough_people", "other_skills_needed", "unreachable", "double_entry", "asked_by_person")
STAFF = frozenset({PersonKind.COMMUNITY_STAFF, PersonKind.GRID_MEMBER, PersonKind.SOCIAL_WORKER})
ASSIGNABLE = STAFF | {PersonKind.SECONDED}


@transaction.atomic
def confirm(signup_id: int, *, by: User, now: datetime) -> SignUp:
    """The lead says yes to a sign-up; the guards run once more. Asked again, returns it as it is."""
    signup = lock_signup(signup_id)
    if signup.status == SignUpStatus.CONFIRMED:
        return signup
    if signup.status != SignUpStatus.SIGNED_UP:
        raise Refused("invalid_transition", status=signup.status)
    facts = own_seat(
        gather(signup.post_id, signup.volunteer_id, now, override=bool(signup.override_reason), by_staff=True)
    )
    if found := still_fit(facts):
        raise Refused(found)
    write(signup, SignUpStatus.CONFIRMED)
    messages.confirmed(signup, now)
    return signup


def own_seat(facts: Facts) -> Facts:
    """Without the time this very seat already holds."""
    return facts.without(facts.place.interval)


@transaction.atomic
def turn_down(signup_id: int, *, by: User, now: datetime, reason: str) -> SignUp:
    """The lead says no to a sign-up, with one of DECLINE_REASONS; protected grounds are no reason."""
    if reason not in DECLINE_REASONS:
        raise Refused("reason_not_allowed")
    signup = lock_signup(signup_id)
    if signup.status == SignUpStatus.DECLINED:
        return signup
    if signup.status != SignUpStatus.SIGNED_UP:
        raise Refused("invalid_transition", status=signup.status)
    end(signup, SignUpStatus.DECLINED, now, reason=reason)
    messages.declined(signup, now)
    return signup


@transaction.atomic
def cancel(signup_id: int, *, by: User, now: datetime, reason: str) -> SignUp:
    """The lead ends somebody's seat or place in line, with a reason; the person is told."""
    signup = lock_signup(signup_id)
    if signup.status == SignUpStatus.CANCELLED:
        return signup
    end(signup, SignUpStatus.CANCELLED, now, reason=reason[:30])
    messages.cancelled([signup], now)
    return signup


@transaction.atomic
def invite(post_id: int, volunteer_id: int, *, by: User, now: datetime, replaces: int | None = None) -> SignUp:
    """Keep a seat for somebody until they answer. An invitation is not an assignment (条例 25): it holds no time."""
    lock_volunteers([volunteer_id])
    if signup := existing(post_id, volunteer_id):
        return signup
    facts = gather(post_id, volunteer_id, now, by_staff=True)
    if replaces:
        facts = facts.without(interval_of(replaces, facts))
    if found := refusals(facts):
        raise Refused(found)
    signup = seats.take(
        facts,
        SignUpStatus.INVITED,
        respond_by=offers.deadline(facts),
        entered_by_id=by.pk,
        channel="desk",
        replaces_id=replaces,
    )
    if not signup:
        raise Refused("seat_taken")
    messages.offered(signup, now)
    return signup


def interval_of(signup_id: int, facts: Facts) -> Interval:
    period = SignUp.objects.values_list("period", flat=True).get(pk=signup_id)
    return next(
        (duty for duty in facts.person.duties if duty.start == period.lower and duty.end == period.upper),
        facts.place.interval,
    )


@transaction.atomic
def move(signup_id: int, post_id: int, *, by: User, now: datetime) -> SignUp:
    """Put somebody on another post. Staff and seconded people go at once; a volunteer is asked and keeps the old seat
    until they say yes. Returns the sign-up on the new post.
    """
    old = lock_signup(signup_id)
    if old.volunteer.kind not in ASSIGNABLE:
        return invite(post_id, old.volunteer_id, by=by, now=now, replaces=old.pk)
    end(old, SignUpStatus.CANCELLED, now, reason=MOVED)
    messages.withdrawn(old)
    placed = assign(post_id, old.volunteer_id, by=by, now=now)
    deputies.freed([old.pk], now)
    return placed


def duty(facts: Facts, cover: Cover | None = None) -> int | None:
    """By which secondment the person may be told to stand there; None for staff. Raises Refused for anybody else.

    `cover`: what was read of many at once.
    """
    if facts.person.kind in STAFF:
        return None
    if facts.person.kind is not PersonKind.SECONDED:
        raise Refused("volunteers_are_asked")
    areas, when = facts.place.where.areas, facts.place.interval
    found = cover.of(areas, when) if cover else covering(facts.person.volunteer, areas, when)
    if not found:
        raise Refused("not_lent_here")
    return found


@transaction.atomic
def assign(post_id: int, volunteer_id: int, *, by: User, now: datetime, override_reason: str = "") -> SignUp:
    """Put staff, or people who are seconded here then, on a post directly: their duty, within the rest and reach rules.
    Never a volunteer.
    """
    lock_volunteers([volunteer_id])
    if signup := existing(post_id, volunteer_id):
        return signup
    facts = gather(post_id, volunteer_id, now, by_staff=True, override=bool(override_reason))
    secondment = duty(facts)
    if found := refusals(facts):
        raise Refused(found)
    entry = Entry(channel="desk", by=by, on_behalf=True, override_reason=override_reason)
    signup = seats.take(facts, SignUpStatus.CONFIRMED, secondment_id=secondment, **entry.columns())
    if not signup:
        raise Refused("seat_taken")
    messages.confirmed(signup, now)
    return signup


@dataclass(slots=True)
class Placed:
    """Of many, who has a seat now, and who stays without one, with the reasons."""

    done: list[SignUp] = field(default_factory=list)
    stayed: dict[int, Sequence[Refusal]] = field(default_factory=dict)
