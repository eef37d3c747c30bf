"""The reserves of a call: people in line anywhere in it who take any post, or any of those they named."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count

from communities.queries.prepared import fetch
from staffing.models import SignUp
from staffing.states import ALIVE, ShiftStatus, SignUpStatus

TAKES_PEOPLE = [ShiftStatus.OPEN.value, ShiftStatus.CLOSED.value]
RESERVES = """
    select u.id
    from staffing_post p
    join staffing_role r on r.id = p.role_id and r.counted
    join staffing_shift s on s.id = p.shift_id
        and s.status = any(%(takes_people)s::text[]) and s.starts_at > %(now)s::timestamptz
    join staffing_shift elsewhere on elsewhere.call_up_id = s.call_up_id
    join staffing_signup u on u.shift_id = elsewhere.id and u.status = 'waitlisted' and u.placed and u.post_id <> p.id
    where p.id = %(post)s::bigint and p.agency_id is null
        and (u.only_shifts = '{}' or s.id = any(u.only_shifts))
        and (u.only_role_id is null or u.only_role_id = p.role_id)
        and not exists (
            select from staffing_signup o
            where o.volunteer_id = u.volunteer_id and o.id <> u.id and o.status = any(%(alive)s::text[])
                and (o.shift_id = s.id or o.status = 'invited' and o.period && tstzrange(s.starts_at, s.ends_at)))
    order by u.priority, u.created_at, u.id
"""


def reserves_for(post_id: int, now: datetime) -> Sequence[int]:
    """The sign-ups that a seat of this post may be offered to beside its own line, the first to come first.

    Nobody is asked twice at once: who has a place on the shift, or an offer for that time, is left out.
    """
    found = fetch(RESERVES, post=post_id, now=now, takes_people=TAKES_PEOPLE, alive=sorted(ALIVE))
    return [signup for (signup,) in found]


def call_of(post_id: int) -> int | None:
    statement = "select call_up_id from staffing_shift where id = (select shift_id from staffing_post where id = %(post)s::bigint)"
    call: int | None = fetch(statement, post=post_id)[0][0]
    return call


def standing_by(calls: Iterable[int], now: datetime) -> dict[int, int]:
    """How many people are in reserve for each of these calls, by its id; one query. Without an entry: nobody."""
    line = SignUp.objects.filter(status=SignUpStatus.WAITLISTED, placed=True, shift__call_up__in=list(calls))
    coming = line.filter(shift__starts_at__gt=now, shift__status__in=TAKES_PEOPLE)
    counted = coming.order_by().values("shift__call_up").annotate(people=Count("volunteer", distinct=True))
    return {row["shift__call_up"]: row["people"] for row in counted}


def in_reserve(call_up_id: int | None) -> bool:
    line = SignUp.objects.filter(status=SignUpStatus.WAITLISTED, placed=True, shift__call_up=call_up_id)
    return call_up_id is not None and line.exists()
