"""Who could see the people of an area on a day: by a role, or for the time around a shift that they led or stood in on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from communities.access import May
from communities.models import Area, User
from communities.queries.rights import Right, holders
from staffing.access import LEADER_AFTER, LEADER_BEFORE
from staffing.models import Posting, Shift

LED = """
    select s.pgh_obj_id, h.head, min(greatest(s.starts_at - %(before)s, s.written, %(start)s)),
        max(least(s.ends_at + %(after)s, s.rewritten, %(end)s))
    from (
        select e.*, e.pgh_created_at as written,
            lead(e.pgh_created_at) over (partition by e.pgh_obj_id order by e.pgh_id) as rewritten
        from staffing_shiftevent e
        join communities_site i on i.id = e.site_id
        join communities_area a on a.id = i.area_id
        where a.path like %(path)s || '%%' and e.ends_at > %(start)s - %(after)s and e.starts_at < %(end)s + %(before)s
    ) s cross join lateral (values (s.leader_id), (s.deputy_id)) h (head)
    where h.head is not null
      and greatest(s.starts_at - %(before)s, s.written, %(start)s) < least(s.ends_at + %(after)s, s.rewritten, %(end)s)
    group by 1, 2
    order by 3, 1
"""


@dataclass(frozen=True, slots=True)
class Led:
    """Somebody led a shift or stood in, and so knew its people by name over [since, until) of what was asked for."""

    user: User
    shift: Shift
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Insight:
    """Everybody who could see it: by role, with the task force that gave it if one did; and who led shifts or stood in."""

    rights: list[tuple[Right, Posting | None]]
    leaders: list[Led]


def insight(area: Area, capability: May, start: datetime, end: datetime) -> Insight:
    found = holders(area, capability, start, end)
    postings = Posting.objects.filter(grant__in=[right.grant for right in found]).select_related("task_force")
    by_grant = {posting.grant_id: posting for posting in postings}
    rights = [(right, by_grant.get(right.grant)) for right in found]
    return Insight(rights, leaders(area, start, end) if capability is May.NAMES else [])


def leaders(area: Area, start: datetime, end: datetime) -> list[Led]:
    values: dict[str, Any] = {
        "path": area.path,
        "start": start,
        "end": end,
        "before": LEADER_BEFORE,
        "after": LEADER_AFTER,
    }
    with connection.cursor() as cursor:
        cursor.execute(LED, values)
        rows = cursor.fetchall()
    people = User.objects.in_bulk({row[1] for row in rows})
    shifts = Shift.objects.select_related("site").in_bulk({row[0] for row in rows})
    return [
        Led(people[user], shifts[shift], since, until)
        for shift, user, since, until in rows
        if user in people and shift in shifts
    ]
