"""Telling people of a call: those enrolled with the community who are free to be asked, and its chat groups."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from communities.errors import Refused
from communities.messages.outbox import Note, post
from communities.models import GroupRobot, Message, User
from communities.signals import message_posted
from staffing.actions.calls import hold
from staffing.models import Asking, CallUp
from staffing.queries.audience import AUDIENCE, SILENT
from staffing.rules.callups import too_often
from staffing.states import CallStatus

# What was kept back before is due again; nobody is told twice.
CALL = """
    insert into communities_message
        (kind, key, reader_id, target, facts, queue, status, due_at, expires_at, channel, attempts, created_at)
    select 'call_up', %(key)s, x.user_id, %(call_up)s, '{{}}', 'callup', 'scheduled', %(now)s, %(until)s, '', 0, %(now)s
    from ({people}) x
    on conflict on constraint message_once do update
    set facts = excluded.facts, status = 'scheduled', due_at = excluded.due_at, expires_at = excluded.expires_at,
        channel = '', attempts = 0, claimed_until = null
    where communities_message.status = 'cancelled'
"""


@dataclass(frozen=True, slots=True)
class Called:
    people: int
    groups: int


@transaction.atomic
def call(call_up_id: int, *, by: User, now: datetime) -> Called:
    """Tell everybody who may be asked, each once however often the call is made; returns who is told by this one.

    Raises Refused unless the call is open.
    """
    call_up, until = open_call(call_up_id, now)
    people = tell(AUDIENCE, call_up, key=str(call_up.pk), now=now, until=until)
    groups = tell_groups(call_up, now, until)
    if people or groups:
        Asking.objects.create(call_up=call_up, people=people, groups=groups, asked_by=by, asked_at=now)
    return Called(people, groups)


@transaction.atomic
def call_again(call_up_id: int, *, by: User, now: datetime) -> Called:
    """Ask those once more who were told and have not answered; never who said no, and not sooner than two hours later.

    Raises Refused unless the call is open and has not been sent too often.
    """
    call_up, until = open_call(call_up_id, now)
    rounds = list(call_up.askings.values_list("asked_at", "again"))
    sent = sum(again for _at, again in rounds)
    if refusal := too_often([at for at, _again in rounds], sent, now):
        raise Refused(refusal)
    people = tell(SILENT, call_up, key=f"{call_up.pk}:{sent + 2}", now=now, until=until)
    if people:
        Asking.objects.create(call_up=call_up, again=True, people=people, asked_by=by, asked_at=now)
    return Called(people, 0)


def open_call(call_up_id: int, now: datetime) -> tuple[CallUp, datetime]:
    """The call, locked, so that two leads who press at once send once; and until when it takes people."""
    call_up = hold(call_up_id)
    until = call_up.sign_up_until or call_up.ends_at
    if call_up.status != CallStatus.OPEN or until <= now:
        raise Refused("closed")
    if call_up.sign_up_from and now < call_up.sign_up_from:
        raise Refused("not_open")
    return call_up, until


def tell(people: str, call_up: CallUp, *, key: str, now: datetime, until: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(CALL.format(people=people), {"call_up": call_up.pk, "key": key, "now": now, "until": until})
        told = int(cursor.rowcount)
    if told:
        transaction.on_commit(lambda: message_posted.send(sender=Message, queue="callup"), robust=True)
    return told


def tell_groups(call_up: CallUp, now: datetime, until: datetime) -> int:
    robots = GroupRobot.objects.filter(area__path__startswith=call_up.community.path, active=True)
    told = Message.objects.filter(kind="call_up", key=str(call_up.pk), robot__in=robots).values("robot")
    ids = list(robots.exclude(pk__in=told).values_list("pk", flat=True))
    post([Note("call_up", str(call_up.pk), call_up.pk, now, robot=pk, expires_at=until, queue="callup") for pk in ids])
    return len(ids)
