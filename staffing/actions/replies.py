"""What people say to a call without signing up: tell me when it opens, or not this time."""

from datetime import datetime

from django.db import transaction

from communities.errors import Refused
from communities.messages.outbox import Note, post, withdraw_from
from communities.models import User
from staffing.actions.signups import place_in_call
from staffing.models import CallUp, Reply, SignUp
from staffing.queries.notices import open_calls
from staffing.states import CallReply, CallStatus, SignUpStatus
from volunteers.models import Volunteer


@transaction.atomic
def remind_me(call_up_id: int, *, by: User, now: datetime) -> Reply:
    """Be told once, when sign-up opens. Raises Refused for a call that opens no more."""
    call = CallUp.objects.get(pk=call_up_id)
    if call.status == CallStatus.CANCELLED or call.ends_at <= now:
        raise Refused("closed")
    return say(call_up_id, CallReply.REMIND_ME, by, now)


@transaction.atomic
def forget(call_up_id: int, *, by: User) -> None:
    """Not to be told after all."""
    Reply.objects.filter(call_up=call_up_id, user=by, said=CallReply.REMIND_ME, told_at=None).delete()


@transaction.atomic
def not_this_time(call_up_id: int, *, by: User, now: datetime) -> Reply:
    """Not to be asked for this call again; nothing else follows from it."""
    withdraw_from(by, ["call_up", "opened"], call_up_id)
    return say(call_up_id, CallReply.NOT_THIS_TIME, by, now)


@transaction.atomic
def come(call_up_id: int, *, by: User, now: datetime, reserve: bool = False) -> SignUp:
    """Yes to a message: a seat where the person is needed most. Said again, the place they have.

    `reserve`: a place in line will do. Raises Refused: filled meanwhile, or what the rules say of the nearest miss.
    """
    signup = place_in_call(call_up_id, Volunteer.objects.get(user=by).pk, now=now)
    if signup.status == SignUpStatus.WAITLISTED and not reserve:
        raise Refused("filled_meanwhile")
    return signup


def say(call_up_id: int, said: CallReply, by: User, now: datetime) -> Reply:
    """The newest word stands; said again, it is the same one."""
    before = Reply.objects.filter(call_up=call_up_id, user=by, said=said).first()
    if before:
        return before
    word = {"said": said, "said_at": now, "told_at": None}
    return Reply.objects.update_or_create(call_up_id=call_up_id, user=by, defaults=word)[0]


def tell_opened(now: datetime) -> int:
    """Tell those who wanted to know of the calls that have opened; returns how many. Twice is once."""
    waiting = Reply.objects.filter(said=CallReply.REMIND_ME, told_at=None, call_up__ends_at__gt=now)
    calls = set(waiting.values_list("call_up", flat=True).distinct())
    return sum(tell(call.id, now, call.end) for call in open_calls(calls, now).values()) if calls else 0


@transaction.atomic
def tell(call_up_id: int, now: datetime, until: datetime) -> int:
    waiting = Reply.objects.filter(call_up=call_up_id, said=CallReply.REMIND_ME, told_at=None)
    found = list(waiting.select_for_update(skip_locked=True))
    key, queue = str(call_up_id), "callup"
    post([Note("opened", key, call_up_id, now, reader=one.user_id, expires_at=until, queue=queue) for one in found])
    for one in found:
        one.told_at = now
    Reply.objects.bulk_update(found, ["told_at"])
    return len(found)
