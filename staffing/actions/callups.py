"""Telling people of a call: those enrolled with the community who are free to be asked, and its chat groups."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from communities.errors import Refused
from communities.messages.outbox import Note, post
from communities.models import GroupRobot, Message, User
from communities.signals import message_posted
from staffing.models import CallUp
from staffing.queries.audience import AUDIENCE
from staffing.states import CallStatus

COUNT = f"select count(*) from ({AUDIENCE}) x"
CALL = f"""
    insert into communities_message
        (kind, key, reader_id, target, facts, queue, status, due_at, expires_at, channel, attempts, created_at)
    select 'call_up', %(call_up)s::text, x.user_id, %(call_up)s, '{{}}', 'callup', 'scheduled', %(now)s, %(until)s, '', 0,
        %(now)s
    from ({AUDIENCE}) x
    on conflict do nothing
"""


@dataclass(frozen=True, slots=True)
class Called:
    people: int
    groups: int


def audience_size(call_up_id: int) -> int:
    """How many people a call would be told to now, those already told included."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"call_up": call_up_id})
        return int(cursor.fetchone()[0])


@transaction.atomic
def call(call_up_id: int, *, by: User, now: datetime) -> Called:
    """Tell everybody who may be asked, each once however often the call is made; returns who is told by this one.

    Raises Refused unless the call is open.
    """
    call_up = CallUp.objects.select_related("community").get(pk=call_up_id)
    until = call_up.sign_up_until or call_up.ends_at
    if call_up.status != CallStatus.OPEN or until <= now:
        raise Refused("closed")
    with connection.cursor() as cursor:
        cursor.execute(CALL, {"call_up": call_up_id, "now": now, "until": until})
        people = cursor.rowcount
    groups = tell_groups(call_up, now, until)
    if people:
        transaction.on_commit(lambda: message_posted.send(sender=Message, queue="callup"), robust=True)
    return Called(people, groups)


def tell_groups(call_up: CallUp, now: datetime, until: datetime) -> int:
    robots = GroupRobot.objects.filter(area__path__startswith=call_up.community.path, active=True)
    told = Message.objects.filter(kind="call_up", key=str(call_up.pk), robot__in=robots).values("robot")
    ids = list(robots.exclude(pk__in=told).values_list("pk", flat=True))
    post([Note("call_up", str(call_up.pk), call_up.pk, now, robot=pk, expires_at=until, queue="callup") for pk in ids])
    return len(ids)
