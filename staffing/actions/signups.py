"""Signing up, being placed, withdrawing: what a volunteer does about a seat."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from communities.errors import Busy, Refusal, Refused
from communities.models import User
from staffing import messages
from staffing.actions import deputies, offers, rush, seats
from staffing.actions.rush import Hope
from staffing.locks import lock_owner, lock_reserves, lock_signup, lock_volunteers
from staffing.models import SignUp
from staffing.queries.facts import gather, gather_in_call
from staffing.queries.kept_places import Asked
from staffing.rules.placement import best
from staffing.rules.signups import Facts, refusals
from staffing.rules.transitions import step
from staffing.states import ALIVE, HOLDS_SEAT, SignUpStatus
from volunteers.models import Volunteer
from volunteers.states import Channel

TRIES = 3  # how often the post may change under our hands before we say Busy
LATE_MINUTES = 120
MOVED = "moved"  # to another post, perhaps of the same shift


@dataclass(frozen=True, slots=True)
class Entry:
    """How a sign-up came in: over which channel, by whom, and what the person ticked."""

    channel: str = "web"
    by: User | None = None
    on_behalf: bool = False
    auto_accept: bool = False
    override_reason: str = ""
    pledge: int | None = None
    party: UUID | None = field(default=None)

    def how(self) -> dict[str, bool]:
        """A neighbour who enters a neighbour on the web page has no more rights than the neighbour."""
        by_staff = self.on_behalf and self.channel != Channel.WEB
        return {"by_staff": by_staff, "override": bool(self.override_reason)}

    def columns(self) -> dict[str, Any]:
        return {
            "channel": self.channel,
            "entered_by_id": self.by.pk if self.by and self.on_behalf else None,
            "auto_accept": self.auto_accept,
            "party": self.party,
            "pledge_id": self.pledge,
            "override_reason": self.override_reason,
            "override_by_id": self.by.pk if self.by and self.override_reason else None,
        }


OWN = Entry()


@transaction.atomic
def sign_up(post_id: int, volunteer_id: int, *, now: datetime, entry: Entry = OWN) -> SignUp:
    """Give the volunteer a place on the post: a seat, or the end of the waitlist.

    Asked again for the same place, returns the sign-up that already exists. Raises Refused with every reason at
    once; Busy if the volunteer stays locked for 3 s.
    """
    (person,) = lock_volunteers([volunteer_id])
    return settle(post_id, person, now, entry)


def sign_myself_up(post_id: int, user_id: int, *, now: datetime, entry: Entry = OWN) -> SignUp:
    """The same for the account's own volunteer. Raises Refused(not_enrolled) if it has none."""
    hope = Hope(user_id, Asked(post=post_id), entry.columns(), now)
    return rush.together(hope) or alone(post_id, user_id, now, entry)


@transaction.atomic
def alone(post_id: int, user_id: int, now: datetime, entry: Entry) -> SignUp:
    person = lock_owner(user_id)
    if person is None:
        raise Refused("not_enrolled")
    return settle(post_id, person, now, entry)


def existing(post_id: int, volunteer_id: int) -> SignUp | None:
    return SignUp.objects.alive().of(volunteer_id).filter(post_id=post_id).first()


def settle(post_id: int, person: Volunteer, now: datetime, entry: Entry) -> SignUp:
    """Decide on facts read under the person's lock, and write; read again if the post changed in between."""
    for _try in range(TRIES):
        facts = gather(post_id, person.pk, now, **entry.how())
        if facts.is_there and (signup := existing(post_id, person.pk)):
            return signup
        if found := refusals(facts):
            raise Refused(found)
        if signup := enter(facts, person, entry):
            return signup
    raise Busy


def enter(facts: Facts, person: Volunteer, entry: Entry, **more: Any) -> SignUp | None:
    """A seat or a place in line, told to the person; None if the post has changed since the facts were read."""
    signup = seats.enter(facts, rush.first_status(facts), **entry.columns() | more)
    if signup:
        signup.volunteer = person
        messages.signed_up([signup], facts.now)
    return signup


@transaction.atomic
def sign_up_together(post_id: int, volunteer_ids: Sequence[int], *, now: datetime, entry: Entry = OWN) -> list[SignUp]:
    """Several people at once on one post, all or none; who finds no seat waits in line."""
    people = {person.pk: person for person in lock_volunteers(volunteer_ids)}
    entry = together(entry)
    return [settle(post_id, people[volunteer], now, entry) for volunteer in volunteer_ids]


def together(entry: Entry) -> Entry:
    return Entry(**{name: getattr(entry, name) for name in Entry.__slots__} | {"party": entry.party or uuid4()})


@transaction.atomic
def place_in_call(
    call_up_id: int, volunteer_id: int, *, now: datetime, entry: Entry = OWN, shifts: Sequence[int] = ()
) -> SignUp:
    """Place the volunteer where they are needed: the emptiest reachable suitable post, or the shortest waitlist.

    `shifts` narrows to these. Raises Refused with the reasons of the nearest miss when no post is suitable.
    """
    (person,) = lock_volunteers([volunteer_id])
    if (
        signup := SignUp.objects.alive()
        .of(volunteer_id)
        .filter(shift__call_up_id=call_up_id, placed=True, **within(shifts))
        .first()
    ):
        return signup
    return find_place(call_up_id, person, now, entry, shifts)


def find_place(
    call_up_id: int, person: Volunteer, now: datetime, entry: Entry, shifts: Sequence[int] = (), role: int | None = None
) -> SignUp:
    """Under the person's lock: the best seat of the call, of one role or of any, or the shortest line.

    Who is in line is in reserve for the whole call, as far as their wish reaches.
    """
    lock_reserves(call_up_id, alone=False)
    wish = wished(shifts, role)
    for _try in range(TRIES):
        chosen = choose(gather_in_call(call_up_id, shifts, role, person.pk, now, **entry.how()))
        if signup := enter(chosen, person, entry, **wish):
            return signup
    raise Busy


def wished(shifts: Sequence[int], role: int | None) -> dict[str, Any]:
    return {"placed": True, "only_role_id": role, "only_shifts": list(shifts)}


def within(shifts: Sequence[int]) -> dict[str, Any]:
    return {"shift_id__in": shifts} if shifts else {}


def choose(cases: Sequence[Facts]) -> Facts:
    """The best of the posts that welcome the person. Raises Refused with the reasons of the nearest miss."""
    if found := best(cases):
        return found
    raise Refused(min(map(refusals, cases), key=len, default=[Refusal("no_open_post")]))


@transaction.atomic
def withdraw(signup_id: int, *, now: datetime) -> SignUp:
    """The person cannot come: seat or place in line is free again, and the next in line gets an offer.

    Asked again, returns the sign-up as it is.
    """
    signup = lock_signup(signup_id)
    if signup.status == SignUpStatus.CANCELLED:
        return signup
    if now >= signup.period.lower:
        raise Refused("already_started")
    minutes_left = (signup.period.lower - now).total_seconds() / 60
    end(signup, SignUpStatus.CANCELLED, now, reason="withdrawn", late=minutes_left < LATE_MINUTES)
    messages.withdrawn(signup)
    return signup


def end(signup: SignUp, status: SignUpStatus, now: datetime, **fields: Any) -> None:
    """Move a locked sign-up to a state that holds nothing, and hand on what it held. Raises Refused if it may not."""
    was = SignUpStatus(signup.status)
    if refusal := step(was, status, signup.reason):
        raise Refused(refusal)
    write(signup, status, **fields)
    if was in HOLDS_SEAT:
        if signup.reason != MOVED:
            deputies.freed([signup.pk], now)
        offers.pass_on(signup, now)
    elif was in ALIVE:
        seats.leave_line(signup.post_id)


def write(signup: SignUp, status: SignUpStatus, **fields: Any) -> None:
    signup.status = status
    for name, value in fields.items():
        setattr(signup, name, value)
    signup.save(update_fields=["status", "changed_at", *fields])
