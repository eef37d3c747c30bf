"""Who could see what on a day, from the history that the database keeps of every grant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from communities.access import CAPABILITIES, May
from communities.models import Area, User
from communities.states import RoleName

# Each version of a grant holds from when it was written to when the next one was, and of that as long as it says.
HELD = """
    select g.pgh_obj_id, g.user_id, g.role, g.area_id, g.given_by_id,
        greatest(g.starts_at, g.written, %(start)s) as since, least(g.ends_at, g.rewritten, %(end)s) as until
    from (
        select e.*, e.pgh_created_at as written,
            lead(e.pgh_created_at) over (partition by e.pgh_obj_id order by e.pgh_id) as rewritten
        from communities_grantevent e
    ) g
    where g.area_id = any(%(nodes)s) and g.role = any(%(roles)s)
      and greatest(g.starts_at, g.written, %(start)s) < least(g.ends_at, g.rewritten, %(end)s)
    order by 6, 1
"""


@dataclass(frozen=True, slots=True)
class Right:
    """Somebody held a role on a node, over [since, until) of what was asked for."""

    user: User
    role: RoleName
    node: Area
    since: datetime
    until: datetime
    given_by: User | None
    grant: int


def holders(area: Area, capability: May, start: datetime, end: datetime) -> list[Right]:
    """Everybody who had the capability on the area at some time of [start, end), by the roles of that time.

    What a role includes is read as it is defined today.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            HELD,
            {"nodes": area.ancestor_ids, "roles": roles_with(capability), "start": start, "end": end},
        )
        return joined(named(cursor.fetchall()))


def roles_with(capability: May) -> list[str]:
    return [str(role) for role, can in CAPABILITIES.items() if capability in can]


def named(rows: Sequence[Any]) -> list[Right]:
    people = User.objects.in_bulk({row[1] for row in rows} | {row[4] for row in rows if row[4]})
    places = Area.objects.in_bulk({row[3] for row in rows})
    return [
        Right(people[user], RoleName(role), places[area], since, until, people.get(by), grant)
        for grant, user, role, area, by, since, until in rows
        if user in people
    ]


def joined(rights: Sequence[Right]) -> list[Right]:
    """Versions of one grant that follow each other without a gap are one line."""
    found: dict[tuple[int, RoleName, datetime], Right] = {}
    for right in rights:
        before = found.pop((right.grant, right.role, right.since), None)
        whole = Right(
            right.user, right.role, right.node, before.since if before else right.since, right.until, right.given_by,
            right.grant,
        )  # fmt: skip
        found[right.grant, right.role, right.until] = whole
    return sorted(found.values(), key=lambda one: (one.since, one.grant))
