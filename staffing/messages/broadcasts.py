"""A notice to many, in each reader's words. The place stands before it and whom to call behind it, whatever it says."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from communities.messages.kinds import Claimed, Context, Kind
from communities.messages.outbox import Note, post, withdraw
from communities.messages.rendering import lines, named, when
from communities.models import Message, User
from communities.queries.customs import customs_of
from communities.rules.names import first_name, spoken
from communities.signals import message_posted
from communities.states import Topic
from staffing.messages.texts import opening, whom_to_call
from staffing.models import Broadcast
from staffing.queries.broadcasts import (
    BROADCAST,
    READERS,
    TO_THOSE_ON_DUTY,
    TRIAL,
    kind_of,
    queue_of,
    robots,
    values,
)
from staffing.queries.notices import Contact, contacts_of
from staffing.rules.placeholders import filled
from staffing.states import BroadcastStatus, Urgency

TELL = f"""
    insert into communities_message
        (kind, key, reader_id, target, facts, queue, status, due_at, expires_at, channel, attempts, created_at)
    select %(kind)s, %(broadcast)s::text, r.id, %(broadcast)s, jsonb_build_object(), %(queue)s, 'scheduled', %(due)s, %(until)s, '', 0,
        %(now)s
    from ({READERS}) r
    where not r.muted and not r.unwanted and r.way <> ''
    on conflict do nothing
"""


def tell(broadcast: Broadcast, until: datetime, now: datetime) -> int:
    """One message for each reader, and one for each chat group if they are told too; returns for how many people."""
    more = {"kind": kind_of(broadcast), "queue": queue_of(broadcast), "due": broadcast.leaves_at, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(TELL, values(broadcast, now) | more)
        people = int(cursor.rowcount)
    groups = robots(broadcast).values_list("pk", flat=True) if broadcast.groups else []
    post([to_group(broadcast, pk, until) for pk in groups])
    transaction.on_commit(lambda: message_posted.send(sender=Message, queue=queue_of(broadcast)), robust=True)
    return people


def to_group(broadcast: Broadcast, robot: int, until: datetime) -> Note:
    assert broadcast.leaves_at
    how: dict[str, Any] = {"robot": robot, "expires_at": until, "queue": queue_of(broadcast)}
    return Note(kind_of(broadcast), str(broadcast.pk), broadcast.pk, broadcast.leaves_at, **how)


def trial(broadcast: Broadcast, reader: User, until: datetime, now: datetime) -> None:
    """As the reader would get it; each one asked for is sent."""
    key = f"{broadcast.pk}:{now.timestamp():.3f}"
    post([Note(TRIAL, key, broadcast.pk, now, reader=reader.pk, expires_at=until)])


def unsay(broadcast: Broadcast) -> int:
    """What has not left yet never does; returns how many. A digest that has not left goes without it (see `read`)."""
    return withdraw([kind_of(broadcast)], [broadcast.pk])


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Context):
    """A notice to one reader ("" is a group). Pairs are (Chinese, English)."""

    trial: bool
    name: str
    community: tuple[str, str]
    subject: tuple[str, str]
    text: tuple[str, str]
    contact: Contact | None
    call: tuple[str, str] = ("", "")
    slug: str = ""
    start: datetime | None = None
    end: datetime | None = None


def read(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Told]:
    """Those that have been sent and not stopped; of trials, all."""
    rows = Broadcast.objects.select_related("area", "call_up").in_bulk({one.target for one in messages})
    customs = customs_of({row.area_id for row in rows.values()})
    contacts = contacts_of({row.contact_id for row in rows.values()})
    names = dict(User.objects.filter(pk__in={one.reader for one in messages}).values_list("pk", "name"))
    return {
        one.id: about(
            row,
            customs=customs[row.area_id],
            contact=contacts.get(row.contact_id),
            trial=one.kind == TRIAL,
            name=first_name(names.get(one.reader or 0, "")),
        )
        for one in messages
        if (row := rows.get(one.target)) and (row.status == BroadcastStatus.SENT or one.kind == TRIAL)
    }


def about(row: Broadcast, **more: Any) -> Told:
    call = row.call_up
    if call:
        more |= {"call": (spoken(call.activity), spoken(call.activity_en)), "slug": call.slug}
        more |= {"start": call.starts_at, "end": call.ends_at}
    return Told(
        community=(spoken(row.area.name), spoken(row.area.name_en)),
        subject=(row.subject, row.subject_en),
        text=(row.text, row.text_en),
        emergency=row.urgency == Urgency.EMERGENCY,
        **more,
    )


def for_reader(row: Broadcast, reader: User) -> dict[str, Any]:
    """What `about` is told of one reader."""
    return {
        "customs": customs_of([row.area_id])[row.area_id],
        "contact": contacts_of([row.contact_id]).get(row.contact_id),
        "trial": False,
        "name": first_name(reader.name),
    }


def values_of(told: Told) -> dict[str, str]:
    found = {
        "name": told.name,
        "community": named(*told.community),
        "contact": f"{told.contact.name} {told.contact.phone.removeprefix('+86')}" if told.contact else "",
    }
    if told.start and told.end:
        found |= {"call": named(*told.call), "when": when(told.start, told.end, told.customs.zone)}
        found |= {"link": f"{settings.PUBLIC_URL}/c/{told.slug}/"}
    return found


def subject(told: Told) -> str:
    return opening(told.community, "", " ".join(filled(named(*told.subject), values_of(told)).split()))


def text(told: Told) -> str:
    said = values_of(told)
    first = filled(named(*told.subject), said).strip()
    body = [" ".join(line.split()) for line in filled(named(*told.text), said).splitlines()]
    call = "" if "{contact}" in named(*told.text) else whom_to_call(told.contact)
    head = _("[Trial] %(text)s") % {"text": opening(told.community, told.name, first)}
    return lines([head if told.trial else opening(told.community, told.name, first), *body, call])


def halted(messages: Sequence[Claimed], now: datetime) -> Set[int]:
    """Those of a notice that somebody has stopped since."""
    going = Broadcast.objects.filter(pk__in={one.target for one in messages}, status=BroadcastStatus.SENT)
    known = set(going.values_list("pk", flat=True))
    return {one.id for one in messages if one.target not in known}


KINDS = (
    Kind(BROADCAST, read, subject, text, own_duty=False, halted=halted, topic=Topic.NEWS),
    Kind(TO_THOSE_ON_DUTY, read, subject, text, halted=halted),
    Kind(TRIAL, read, subject, text),
)
