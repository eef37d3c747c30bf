"""Seats that somebody has and that may stay empty: whose holder does not answer the last reminder, or is not reached."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from communities.channels import channels
from communities.messages.dead_ends import GOOD_FOR
from staffing.models import CallUp, SignUp
from staffing.queries.waves import read
from staffing.rules.escalation import LAST, Reminded, Risk, risk
from staffing.states import SignUpStatus

# The last reminder of each confirmed seat that starts soon, and what has become of it and of the one after it.
LATEST = """
    select u.id, m.id, m.sent_at, m.status = 'failed', m.status = 'acknowledged' or u.on_my_way_at is not null,
        a.sent_at, coalesce(a.status = 'failed', false), m.channel,
        case when 'sms' <> all(d.ways) and %(sms)s and n.phone_hash is not null then 'sms'
             when 'push' <> all(d.ways) and %(push)s
               and exists (select from communities_browser b where b.user_id = n.id) then 'push'
             when 'email' <> all(d.ways) and %(email)s and n.email is not null then 'email' else '' end,
        a.channel
    from staffing_shift s
    join staffing_signup u on u.shift_id = s.id and u.status = 'confirmed'
    join volunteers_volunteer v on v.id = u.volunteer_id
    join communities_user n on n.id = v.user_id
    join lateral (
        select id, sent_at, status, channel from communities_message
        where kind = 'reminder' and target = u.id and due_at > s.starts_at - %(last)s
          and (facts->>'start')::bigint = floor(extract(epoch from s.starts_at))
        order by due_at desc limit 1
    ) m on true
    cross join lateral (
        select coalesce(array_agg(channel), '{}') || m.channel as ways from communities_deadend
        where user_id = n.id and since > %(dead_since)s
    ) d
    left join communities_message a on a.kind = 'reminded_again' and a.target = u.id
      and a.key = u.id || ':' || floor(extract(epoch from s.starts_at))::bigint
    where s.starts_at > %(now)s and s.starts_at <= %(now)s + %(last)s and s.status in ('open', 'closed', 'running')
      and (%(call_up)s::bigint is null or s.call_up_id = %(call_up)s::bigint)
    order by s.starts_at, u.id
"""


@dataclass(frozen=True, slots=True)
class Reminder:
    """The last one of a sign-up. `channel` and `again` are the ways it went out, `second` the one that is left ("" is none)."""

    signup: int
    message: int
    reminded: Reminded
    channel: str
    again: str
    second: str


def reminders(now: datetime, call_up: int | None = None) -> list[Reminder]:
    """Of one call, or of all; one query."""
    ways = {way: channels()[way].available() for way in ("sms", "push", "email")}
    rows = read(LATEST, now=now, last=LAST, call_up=call_up, dead_since=now - GOOD_FOR, **ways)
    return [reminder(row) for row in rows]


def reminder(row: tuple[Any, ...]) -> Reminder:
    signup, message, sent, failed, answered, again, again_failed, channel, second, again_channel = row
    found = Reminded(sent, failed, answered, again, again_failed, bool(second))
    return Reminder(signup, message, found, channel, again_channel or "", second)


@dataclass(frozen=True, slots=True)
class AtRisk:
    signup: SignUp
    risk: Risk
    since: datetime | None
    ways: tuple[str, ...]
    in_line: int  # who would be asked instead, beside the reserves of the call


def at_risk(call: CallUp, now: datetime) -> list[AtRisk]:
    """Two queries, however many people there are."""
    found = {one.signup: (one, why) for one in reminders(now, call.pk) if (why := risk(one.reminded, now))}
    rows = SignUp.objects.filter(pk__in=found, status=SignUpStatus.CONFIRMED)
    rows = rows.select_related("volunteer__user", "post__role", "shift__site")
    return [of(row, *found[row.pk]) for row in rows.order_by("shift__starts_at", "shift__site__no", "pk")]


def of(row: SignUp, found: Reminder, why: Risk) -> AtRisk:
    ways = tuple(way for way in (found.channel, found.again) if way)
    return AtRisk(row, why, found.reminded.sent_at, ways, row.post.waiting)


def count(call: CallUp, now: datetime) -> int:
    return sum(1 for one in reminders(now, call.pk) if risk(one.reminded, now))
