"""Coming to a call: one person with the people they bring, for the blocks they chose, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from communities.actions.accounts import account_for
from communities.errors import Refused
from communities.models import User
from communities.queries.prepared import fetch
from staffing.actions import rush
from staffing.actions.rush import Hope
from staffing.actions.signups import Entry, find_place, wished
from staffing.locks import lock_owner
from staffing.models import SignUp
from staffing.models.signups import SignUps
from staffing.queries.kept_places import Asked
from staffing.states import ALIVE, SignUpStatus
from volunteers.actions.people import Profile, enrol
from volunteers.models import Volunteer


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody the person brings, who agreed to it. The phone is E.164, or None."""

    name: str
    phone: str | None = None
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What a party would like: a role or any, for each block one of its shifts. `waitlist`: a place in line will do."""

    blocks: Sequence[Sequence[int]]
    role: int | None = None
    waitlist: bool = False
    auto_accept: bool = False


@dataclass(frozen=True, slots=True)
class Destination:
    call_up: int
    community: int


def come(
    to: Destination,
    user: User,
    profile: Profile | None,
    companions: Sequence[Companion],
    wish: Wish,
    *,
    key: UUID,
    now: datetime,
) -> list[SignUp]:
    """Seats for the person and those they bring; a place that somebody has already counts.

    `profile` None: nothing new is known of the person, who is enrolled here. The same `key` again is the same
    sign-ups. Raises Refused("full") if a seat was wanted and only the waitlist is left.
    """
    if not profile and not companions and (mine := in_the_rush(to, user, wish, key, now)):
        return [mine]
    with transaction.atomic():
        if profile:
            enrol(user, to.community, profile, now=now)
        me = lock_owner(user.pk)
        if me is None:
            raise Refused("not_enrolled")
        me.user = user
        held = standing(key, me, to)
        if done := [signup for signup in held if signup.party == key]:
            return sorted(done, key=lambda signup: signup.volunteer_id != me.pk)
        own = Entry(party=key, auto_accept=wish.auto_accept)
        for_others = Entry(by=user, on_behalf=True, party=key, auto_accept=wish.auto_accept)
        guests = [bring(companion, to, me, profile, now) for companion in companions]
        places = place(me, held, own, to, wish, now)
        for guest in guests:
            places += place(guest, list(in_call(guest, to)), for_others, to, wish, now)
        if not wish.waitlist and any(signup.status == SignUpStatus.WAITLISTED for signup in places):
            raise Refused("full")
        return places


def in_the_rush(to: Destination, user: User, wish: Wish, key: UUID, now: datetime) -> SignUp | None:
    """One person for one block, written with those who come at the same moment; None if it has to be done alone."""
    if len(wish.blocks) != 1:
        return None
    (shifts,) = wish.blocks
    asked = Asked(call_up=to.call_up, shifts=tuple(shifts), role=wish.role)
    columns = Entry(party=key, auto_accept=wish.auto_accept).columns() | wished(shifts, wish.role)
    return rush.together(Hope(user.pk, asked, columns, now, seat_only=not wish.waitlist))


def in_call(person: Volunteer, to: Destination) -> SignUps:
    """The person's living places of the call."""
    return SignUp.objects.alive().of(person.pk).filter(shift__call_up=to.call_up).order_by("period", "pk")


STANDING = """
    select u.id from staffing_signup u join staffing_shift s on s.id = u.shift_id
    where (u.volunteer_id = %(me)s::bigint and s.call_up_id = %(call_up)s::bigint and u.status = any(%(alive)s::text[]))
       or ((u.volunteer_id = %(me)s::bigint or u.entered_by_id = %(user)s::bigint) and u.party = %(key)s::uuid)
"""


def standing(key: UUID, me: Volunteer, to: Destination) -> list[SignUp]:
    """The person's places of the call, or all that this key has already led to, also for others."""
    found = fetch(STANDING, me=me.pk, user=me.user_id, call_up=to.call_up, key=key, alive=list(ALIVE))
    return list(SignUp.objects.filter(pk__in=[pk for (pk,) in found]).order_by("period", "pk")) if found else []


def bring(companion: Companion, to: Destination, me: Volunteer, profile: Profile | None, now: datetime) -> Volunteer:
    """The companion, enrolled with the consent that the person passed on."""
    account = account_of(companion, me.user, now)
    home = (profile.residence if profile else None) or me.residence_id
    told = Profile(residence=home, is_adult=True, skills=companion.skills)
    return enrol(account, to.community, told, now=now, entered_by=me.user)


def account_of(companion: Companion, user: User, now: datetime) -> User:
    """A new account. A number that is somebody's already stays theirs, and nothing shows that it was known."""
    like: dict[str, Any] = {"is_demo": user.is_demo}
    if companion.phone and not User.objects.by_phone(companion.phone):
        return account_for(companion.phone, companion.name, user.language, now, verified=False, **like)
    return User.objects.create_user(name=companion.name, language=user.language, **like)


def place(
    person: Volunteer, held: Sequence[SignUp], entry: Entry, to: Destination, wish: Wish, now: datetime
) -> list[SignUp]:
    """For each block what the person holds of it already, or a new place."""
    by_shift = {signup.shift_id: signup for signup in held}
    return [
        next((by_shift[shift] for shift in shifts if shift in by_shift), None)
        or find_place(to.call_up, person, now, entry, shifts, wish.role)
        for shifts in wish.blocks
    ]
