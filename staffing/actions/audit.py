"""The counters on posts against what they count. Nothing is corrected here: a drift is a mistake to be found."""

import logging
from dataclasses import dataclass

from django.db import connection

log = logging.getLogger(__name__)

RECOUNT = """
    select p.id, p.taken, p.waiting, p.pledged, p.seats_given, p.free_seats,
        count(u.id) filter (where u.status <> 'waitlisted' and u.seat_no is not null),
        count(u.id) filter (where u.status = 'waitlisted'),
        (select coalesce(sum(g.seats - g.named), 0) from staffing_pledge g where g.post_id = p.id and g.status = 'open'),
        coalesce(array_agg(u.seat_no) filter (where u.status <> 'waitlisted' and u.seat_no is not null), '{}')
    from staffing_post p
    left join staffing_signup u on u.post_id = p.id and u.status in ('invited', 'signed_up', 'confirmed', 'checked_in', 'completed', 'waitlisted')
    group by p.id
    order by p.id
"""


@dataclass(frozen=True, slots=True)
class Drift:
    """One counter of one post that says something else than its rows."""

    post: int
    counter: str
    says: object
    counted: object


def recount() -> list[Drift]:
    """Every drift there is. Read in one statement, so that what is in flight cannot look like one."""
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT)
        found = [drift for row in cursor.fetchall() for drift in drifts(*row)]
    for drift in found:
        log.error("Post %d: %s says %s, counted %s", drift.post, drift.counter, drift.says, drift.counted)
    return found


def drifts(
    post: int,
    taken: int,
    waiting: int,
    pledged: int,
    seats_given: int,
    free_seats: list[int],
    holders: int,
    line: int,
    owed: int,
    held: list[int],
) -> list[Drift]:
    """Each seat number ever given is held by one person or free."""
    pairs = {
        "taken": (taken, holders),
        "waiting": (waiting, line),
        "pledged": (pledged, owed),
        "free_seats": (sorted(free_seats), sorted(set(range(1, seats_given + 1)) - set(held))),
    }
    return [Drift(post, name, says, counted) for name, (says, counted) in pairs.items() if says != counted]
