"""Who is asked in the next wave of a call, what those asked before teach, and how a run of waves stands."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from redis import RedisError

from communities.messages.kinds import Claimed
from communities.models import Message
from staffing.models import CallUp, Wave, WaveRun
from staffing.queries.audience import ASKED, AUDIENCE
from staffing.queries.facts import welcome
from staffing.queries.notices import still_missing
from staffing.rules.waves import Asked, Told
from staffing.states import RunStatus

# Who has not been asked for longest comes first, and among those chance decides, the same however often it is asked.
CANDIDATES = f"""
    select a.user_id, v.id
    from ({AUDIENCE}) a
    join volunteers_volunteer v on v.user_id = a.user_id
    join communities_user n on n.id = a.user_id
    left join lateral (select max(m.sent_at) as at from communities_message m
                       where m.reader_id = a.user_id and m.kind = 'call_up') l on true
    where a.user_id not in ({ASKED}) and (n.urgent_calls or not %(agreed)s)
      and (%(team)s::bigint is null or v.id in (select t.volunteer_id from staffing_teammember t
                                                where t.team_id = %(team)s::bigint and t.left_at is null))
    order by l.at nulls first, hashint8(a.user_id + %(call_up)s), a.user_id
"""
SLICE = 1000


def candidates(
    call_up_id: int, now: datetime, *, agreed: bool, most: int | None = None, team: int | None = None
) -> list[int]:
    """The accounts to ask next, at most so many: free to be asked, and welcome on a seat that is free.

    `agreed`: those alone who may be called at night. `team`: of this team alone.
    """
    people = read(CANDIDATES, call_up=call_up_id, agreed=agreed, team=team)
    found: list[int] = []
    for some in batched(people, SLICE, strict=False):
        fit = welcome(call_up_id, [volunteer for _user, volunteer in some], now)
        found += [user for user, volunteer in some if volunteer in fit]
        if most is not None and len(found) >= most:
            return found[:most]
    return found


def read(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


PAST_CALLS = 5
HABITS_LAST = 600  # seconds
PAST = """
    select count(*), count(c.at), extract(epoch from avg(c.at - m.sent_at))::float
    from (select id from staffing_callup
          where community_id = %(community)s and id <> %(call_up)s and published_at < %(now)s
          order by published_at desc limit %(calls)s) p
    join communities_message m on m.kind = 'call_up' and m.target = p.id and m.key = p.id::text
      and m.reader_id is not null and m.sent_at is not null
    join volunteers_volunteer v on v.user_id = m.reader_id
    left join lateral (
        select min(u.created_at) as at from staffing_signup u join staffing_shift s on s.id = u.shift_id
        where u.volunteer_id = v.id and s.call_up_id = p.id and u.created_at >= m.sent_at
    ) c on true
"""


def habits(call: CallUp, now: datetime) -> Asked:
    """What the last calls of the community teach: how many of those asked came, and how soon."""
    try:
        found: Asked = cache.get_or_set(f"answers:{call.pk}", lambda: learn(call, now), HABITS_LAST) or Asked()
    except RedisError:
        return learn(call, now)
    return found


def learn(call: CallUp, now: datetime) -> Asked:
    rows = read(PAST, community=call.community_id, call_up=call.pk, now=now, calls=PAST_CALLS)
    people, yes, seconds = rows[0]
    return Asked(people, yes, timedelta(seconds=max(60.0, seconds)) if seconds else None)


@dataclass(frozen=True, slots=True)
class Progress:
    """One wave: its messages by what has become of them, and its people by what they said. Times are aware instants."""

    number: int
    people: int
    asked_at: datetime
    queued: int
    sent: int
    delivered: int
    failed: int
    kept_back: int
    yes: int
    no: int
    first_at: datetime | None
    last_at: datetime | None

    @property
    def left(self) -> int:
        """How many messages have left."""
        return self.sent + self.delivered

    @property
    def silent(self) -> int:
        return max(0, self.left - self.yes - self.no)

    def told(self, now: datetime) -> Told:
        """Whoever is still to be reached counts as just asked."""
        waiting = self.queued + self.left
        ago = now - self.first_at if self.first_at and not self.queued else timedelta()
        return Told(waiting, self.yes, max(0, waiting - self.yes - self.no), ago)


PROGRESS = """
    select w.number, w.people, w.asked_at,
        count(*) filter (where m.status in ('scheduled', 'sending')),
        count(*) filter (where m.status = 'sent'),
        count(*) filter (where m.status in ('delivered', 'acknowledged')),
        count(*) filter (where m.status = 'failed'),
        count(*) filter (where m.status in ('cancelled', 'expired')),
        count(*) filter (where y.volunteer_id is not null),
        count(*) filter (where y.volunteer_id is null and r.user_id is not null),
        min(m.sent_at), max(m.sent_at)
    from staffing_wave w
    join staffing_waverun x on x.id = w.run_id
    left join communities_message m on m.kind = 'call_up' and m.target = x.call_up_id and m.reader_id is not null
      and (m.facts->>'wave')::bigint = w.id
    left join volunteers_volunteer v on v.user_id = m.reader_id
    left join (select distinct u.volunteer_id from staffing_signup u join staffing_shift s on s.id = u.shift_id
               join staffing_waverun z on z.call_up_id = s.call_up_id
               where z.id = %(run)s and u.created_at >= z.started_at
                 and u.status in ('invited', 'signed_up', 'waitlisted', 'confirmed', 'checked_in', 'completed')) y
      on y.volunteer_id = v.id
    left join staffing_reply r on r.call_up_id = x.call_up_id and r.user_id = m.reader_id and r.said = 'not_this_time'
    where w.run_id = %(run)s
    group by w.id
    order by w.number
"""


def progress(run: WaveRun) -> list[Progress]:
    """One query, however many people were asked."""
    return [Progress(*row) for row in read(PROGRESS, run=run.pk)]


def halted(messages: Sequence[Claimed], now: datetime) -> Set[int]:
    """Those of these calls to people that must not leave: the run was stopped or is over, or nobody is missing any more."""
    waves = {message.facts["wave"] for message in messages if "wave" in message.facts}
    going = Wave.objects.filter(pk__in=waves, run__status=RunStatus.RUNNING, run__until__gt=now)
    running = set(going.values_list("pk", flat=True)) if waves else set()
    missing = still_missing({message.target for message in messages}, now)
    return {
        message.id
        for message in messages
        if missing.get(message.target, 0) <= 0 or message.facts.get("wave", 0) not in {0, *running}
    }


SPEED = 400.0  # messages a second where nobody sets a limit


def per_second(channel: str = "") -> float:
    """How fast messages leave: as the provider allows, else as fast as they are usually handed over."""
    return settings.CHANNEL_RATES.get(channel or "sms") or SPEED


def speed(waves: Sequence[Progress], channel: str) -> float:
    """Messages a second, as those of the last wave have left so far; before the first ones, as foreseen."""
    last = waves[-1] if waves else None
    if not last or not last.first_at or not last.last_at or last.last_at <= last.first_at:
        return per_second(channel)
    return last.left / (last.last_at - last.first_at).total_seconds()


def ahead(now: datetime, call_up_id: int) -> int:
    """Messages of other calls that are due and leave first."""
    return Message.objects.due(now).filter(queue="callup").exclude(kind="call_up", target=call_up_id).count()


def latest(call_up_id: int) -> WaveRun | None:
    runs = WaveRun.objects.filter(call_up=call_up_id).select_related("call_up", "started_by", "stopped_by")
    return runs.order_by("-started_at", "-pk").first()


def running() -> list[int]:
    """The runs that are going."""
    found = WaveRun.objects.filter(status=RunStatus.RUNNING)
    return list(found.order_by("pk").values_list("pk", flat=True))
