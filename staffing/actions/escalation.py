"""What happens when nobody answers: the second way, the answer, somebody else, and word of a shift that is short."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, Sum

from communities.errors import Refused
from communities.models import Message, User
from communities.signals import message_posted
from staffing import messages
from staffing.actions.decisions import cancel
from staffing.locks import lock_signup
from staffing.models import Post, Shift, Shortage, SignUp
from staffing.queries.risks import reminders
from staffing.rules.escalation import ask_again
from staffing.states import ShiftStatus, SignUpStatus

SHORT_BEFORE = timedelta(hours=3)
TAKES_PEOPLE = [ShiftStatus.OPEN, ShiftStatus.CLOSED]

AGAIN = """
    insert into communities_message
        (kind, key, reader_id, target, facts, queue, status, due_at, expires_at, channel, attempts, created_at)
    select 'reminded_again', m.target || ':' || (m.facts->>'start'), m.reader_id, m.target, m.facts, 'messages', 'scheduled',
        %(now)s, m.expires_at, x.channel, 0, %(now)s
    from unnest(%(ids)s::bigint[], %(ways)s::text[]) x (id, channel)
    join communities_message m on m.id = x.id
    on conflict do nothing
"""


@transaction.atomic
def remind_again(now: datetime) -> int:
    """Those who have not answered the last reminder are asked over their second way, once; returns how many."""
    found = [one for one in reminders(now) if ask_again(one.reminded, now)]
    if not found:
        return 0
    ids, ways = [one.message for one in found], [one.second for one in found]
    with connection.cursor() as cursor:
        cursor.execute(AGAIN, {"ids": ids, "ways": ways, "now": now})
        written = int(cursor.rowcount)
    transaction.on_commit(lambda: message_posted.send(sender=Message, queue="messages"), robust=True)
    return written


@transaction.atomic
def will_come(signup_id: int, *, now: datetime) -> SignUp:
    """The person has read the reminder and comes. Said again, it stays so."""
    signup = lock_signup(signup_id)
    if signup.status not in {SignUpStatus.CONFIRMED, SignUpStatus.CHECKED_IN}:
        raise Refused("invalid_transition", status=signup.status)
    messages.heard(signup)
    return signup


@transaction.atomic
def replace(signup_id: int, *, by: User, now: datetime) -> SignUp:
    """Somebody who cannot be reached gives up the seat to the next in line, or the first of the reserves; they are told.

    Raises Refused unless the seat is confirmed and they are not on the way.
    """
    signup = lock_signup(signup_id)
    if signup.status == SignUpStatus.CANCELLED and signup.reason == "unreachable":
        return signup
    if signup.status != SignUpStatus.CONFIRMED or signup.on_my_way_at:
        raise Refused("invalid_transition", status=signup.status)
    return cancel(signup_id, by=by, now=now, reason="unreachable")


@transaction.atomic
def watch_shortages(now: datetime) -> int:
    """Tell of the shifts that have become short of people since the last look, once; returns how many there are."""
    close(now)
    short = Shift.objects.filter(status__in=TAKES_PEOPLE, starts_at__gt=now, starts_at__lte=now + SHORT_BEFORE)
    known = Shortage.objects.filter(shift=OuterRef("pk"), over_at=None)
    own = Q(posts__role__counted=True, posts__agency=None)
    found = short.exclude(Exists(known)).annotate(missing=Sum(F("posts__seats") - F("posts__taken"), filter=own))
    rows = [Shortage(shift=shift, missing=shift.missing, since=now) for shift in found.filter(missing__gt=0)]
    Shortage.objects.bulk_create(rows, ignore_conflicts=True)
    begun = Shortage.objects.filter(shift__in=[row.shift_id for row in rows], over_at=None, since=now)
    messages.short(begun.select_related("shift__call_up"), now)
    return len(rows)


def close(now: datetime) -> None:
    """Those that are over: filled, begun, or called off."""
    free = Post.objects.filter(shift=OuterRef("shift"), role__counted=True, agency=None, taken__lt=F("seats"))
    still = Q(shift__status__in=TAKES_PEOPLE, shift__starts_at__gt=now) & Exists(free)
    Shortage.objects.filter(over_at=None).exclude(still).update(over_at=now)
