"""Reminders: found by a sweep once a minute, written to the outbox when they are due, never scheduled ahead."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from communities.models import Message
from communities.queries.customs import customs_of
from communities.rules.customs import Customs
from communities.signals import message_posted
from staffing.models import Shift
from staffing.rules.reminders import EARLY
from staffing.states import ShiftStatus

AHEAD = timedelta(hours=33)  # no evening before is further away
ALIVE = [ShiftStatus.OPEN, ShiftStatus.CLOSED, ShiftStatus.RUNNING]

# The SQL of rules/reminders.py: of the instants that have come, the latest. The key holds it and the start, so a moved
# shift has a new key; a seat that changed after the instant has just been told of.
SWEEP = """
    insert into communities_message
        (kind, key, reader_id, target, facts, queue, status, due_at, expires_at, channel, attempts, created_at)
    select 'reminder', x.id || ':' || x.start || ':' || floor(extract(epoch from x.due))::bigint, v.user_id, x.id,
        jsonb_build_object('start', x.start), 'messages', 'scheduled', x.due, x.starts_at, '', 0, %(now)s
    from (
        select u.id, u.volunteer_id, u.changed_at, s.starts_at, floor(extract(epoch from s.starts_at))::bigint as start, d.due
        from staffing_shift s
        join communities_site i on i.id = s.site_id
        cross join lateral (
            select max(t.instant) as due
            from (
                select s.starts_at - make_interval(mins => lead) from unnest(%(leads)s::int[]) lead
                union all
                select ((s.starts_at at time zone %(zone)s)::date - 1 + %(evening)s::time) at time zone %(zone)s
                where (s.starts_at at time zone %(zone)s)::time < %(early)s
            ) t (instant)
            where t.instant <= %(now)s
        ) d
        join staffing_signup u on u.shift_id = s.id and u.status in ('signed_up', 'confirmed')
        where i.area_id = any(%(areas)s) and s.starts_at > %(now)s and s.starts_at <= %(until)s
          and s.status = any(%(alive)s) and d.due is not null and u.changed_at <= d.due
    ) x
    join volunteers_volunteer v on v.id = x.volunteer_id
    where not exists (
        select from communities_message m where m.kind = 'reminder' and m.target = x.id
          and m.key = x.id || ':' || x.start || ':' || floor(extract(epoch from x.due))::bigint
    )
    on conflict do nothing
"""


@transaction.atomic
def sweep(now: datetime) -> int:
    """Write the reminders that have come due since the last sweep; returns how many. Twice is once."""
    written = sum(write(customs, areas, now) for customs, areas in groups(now).items())
    if written:
        transaction.on_commit(lambda: message_posted.send(sender=Message, queue="messages"), robust=True)
    return written


def groups(now: datetime) -> dict[Customs, list[int]]:
    """The areas where something starts soon, by what they have chosen: one statement each."""
    areas = customs_of(soon(now))
    found: defaultdict[Customs, list[int]] = defaultdict(list)
    for area, customs in areas.items():
        found[customs].append(area)
    return found


def soon(now: datetime) -> set[int]:
    """Areas with shifts that may be reminded of: up to a week ahead, the longest lead there is."""
    coming = Shift.objects.filter(starts_at__gt=now, starts_at__lte=now + timedelta(days=8), status__in=ALIVE)
    return set(coming.values_list("site__area_id", flat=True).distinct())


def write(customs: Customs, areas: list[int], now: datetime) -> int:
    values: dict[str, Any] = {
        "now": now,
        "until": now + max([AHEAD, *(timedelta(minutes=lead) for lead in customs.leads)]),
        "zone": customs.zone.key,
        "leads": list(customs.leads),
        "evening": customs.evening,
        "early": EARLY,
        "areas": areas,
        "alive": ALIVE,
    }
    with connection.cursor() as cursor:
        cursor.execute(SWEEP, values)
        return int(cursor.rowcount)
