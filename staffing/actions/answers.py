"""What a person answers about a seat, beside yes and no: another time, or staying in line."""

from datetime import datetime

from django.db import transaction

from communities.errors import Refused
from staffing.actions import offers, seats
from staffing.actions.signups import Entry, sign_up, withdraw
from staffing.locks import lock_signup
from staffing.models import SignUp
from staffing.queries.facts import gather
from staffing.rules.signups import refusals
from staffing.states import ALIVE, SignUpStatus


@transaction.atomic
def give_up(signup_id: int, *, now: datetime) -> SignUp:
    """I cannot come: says no to an offer, gives back a seat, leaves a line. Said again, it stays so."""
    signup = lock_signup(signup_id)
    if signup.status not in ALIVE:
        return signup
    if signup.status == SignUpStatus.INVITED:
        return offers.decline(signup_id, now=now)
    return withdraw(signup_id, now=now)


@transaction.atomic
def come_after_all(signup_id: int, *, now: datetime) -> SignUp:
    """I can come: takes the offer, or asks again for a place that was given up before."""
    signup = lock_signup(signup_id)
    if signup.status == SignUpStatus.INVITED:
        return offers.accept(signup_id, now=now)
    if signup.status in ALIVE:
        return signup
    return sign_up(signup.post_id, signup.volunteer_id, now=now)


@transaction.atomic
def stay_in_line(signup_id: int, *, now: datetime) -> SignUp:
    """Not this time, but keep me in line: at its end. If nobody else waits, the seat is open to all and there is no line."""
    signup = offers.decline(signup_id, now=now)
    facts = gather(signup.post_id, signup.volunteer_id, now)
    if refusals(facts):
        return signup
    wish = {name: getattr(signup, name) for name in ("placed", "only_role_id", "only_shifts")}
    return seats.join(facts, **Entry().columns(), **wish) or signup


@transaction.atomic
def change_to(signup_id: int, post_id: int, *, now: datetime) -> SignUp:
    """Give up this place for a free seat on another post of the same call; both or neither."""
    signup = give_up(signup_id, now=now)
    other = sign_up(post_id, signup.volunteer_id, now=now)
    if other.status == SignUpStatus.WAITLISTED:
        raise Refused("seat_taken")
    return other
