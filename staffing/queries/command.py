"""The board of an area: how every community below it stands, counted from the posts, in a constant number of queries.

Looked at are the shifts that are not over and begin within some hours. Of shifts of a call that follow each other the
one that lacks most counts, as on the call's own desk: the same people can stand in all of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import connection

from communities.models import Area
from communities.states import Level
from staffing.queries.readiness import HABITS_LAST, LOOK_BACK, habits_of
from staffing.rules.blocks import decisive
from staffing.rules.command import Line, Ready, Tally, ranked, ready, total, worst
from staffing.rules.readiness import Forecast, Pace, forecast
from staffing.states import CallStatus, Outlook, Ranking

AHEAD, FURTHER = timedelta(hours=24), timedelta(hours=48)
LONGEST_SHIFT = timedelta(hours=24)
LAST_HOUR = timedelta(minutes=60)

DUTIES = """
    with duty as materialized (
        select s.id, s.call_up_id, s.starts_at, s.ends_at, i.area_id
        from staffing_shift s
        join communities_site i on i.id = s.site_id
        join communities_area a on a.id = i.area_id
        left join staffing_callup c on c.id = s.call_up_id
        where a.path like %(below)s and s.starts_at < %(until)s and s.starts_at > %(oldest)s and s.ends_at > %(now)s
          and s.status in ('open', 'closed', 'running') and coalesce(c.status, 'open') in ('open', 'closed')
    )
"""
FIGURES = (
    DUTIES
    + """
    , seats as (
        select d.area_id, d.call_up_id, d.starts_at, d.ends_at,
            sum(p.seats) as seats, sum(p.taken) as taken, sum(p.pledged) as pledged
        from duty d join staffing_post p on p.shift_id = d.id join staffing_role r on r.id = p.role_id
        where r.counted and p.agency_id is null
        group by 1, 2, 3, 4
    ), people as (
        select d.area_id, d.call_up_id, d.starts_at, d.ends_at,
            count(*) filter (where u.status = 'invited') as asked,
            count(*) filter (where u.status in ('checked_in', 'completed')) as here
        from duty d join staffing_signup u on u.shift_id = d.id
        join staffing_post p on p.id = u.post_id join staffing_role r on r.id = p.role_id
        where u.status in ('checked_in', 'completed', 'invited') and r.counted and p.agency_id is null
        group by 1, 2, 3, 4
    ), changed as (
        select d.area_id, d.call_up_id, d.starts_at, d.ends_at, sum(came) as came, sum(gone) as gone from (
            select post_id, 1 as came, 0 as gone from staffing_signup
            where created_at > %(hour)s and status in ('signed_up', 'confirmed', 'checked_in', 'completed')
            union all
            select post_id, 0, 1 from staffing_signup
            where changed_at > %(hour)s and status in ('cancelled', 'no_show') and seat_no is not null and respond_by is null
              and created_at <= %(hour)s
        ) u join staffing_post p on p.id = u.post_id join staffing_role r on r.id = p.role_id join duty d on d.id = p.shift_id
        where r.counted and p.agency_id is null
        group by 1, 2, 3, 4
    )
    select e.area_id, e.call_up_id, e.starts_at, e.ends_at, e.seats, e.taken, e.pledged,
        coalesce(p.asked, 0), coalesce(p.here, 0), coalesce(h.came, 0), coalesce(h.gone, 0),
        c.status, c.published_at, c.starts_at, c.arrive_minutes, t.in_place_by
    from seats e
    left join people p on (p.area_id, p.starts_at, p.ends_at) = (e.area_id, e.starts_at, e.ends_at)
        and p.call_up_id is not distinct from e.call_up_id
    left join changed h on (h.area_id, h.starts_at, h.ends_at) = (e.area_id, e.starts_at, e.ends_at)
        and h.call_up_id is not distinct from e.call_up_id
    left join staffing_callup c on c.id = e.call_up_id
    left join staffing_readinessplan t on t.call_up_id = e.call_up_id
"""
)
# Lent to an area, on duty now, and without a seat over the time looked at.
IDLE = """
    with busy as materialized (
        select u.volunteer_id from staffing_shift s join staffing_signup u on u.shift_id = s.id
        where s.starts_at < %(until)s and s.starts_at > %(oldest)s and s.ends_at > %(now)s
          and u.status in ('signed_up', 'confirmed', 'checked_in')
    )
    select m.area_id, count(*)
    from staffing_secondment m join communities_area a on a.id = m.area_id
    where a.path like %(below)s and m.status = 'active' and m.period @> %(now)s
      and not exists (select from busy where busy.volunteer_id = m.volunteer_id)
    group by 1
"""


class Block(NamedTuple):
    """The shifts of one call in one area at the same hours."""

    area: int
    call: int | None
    start: datetime
    end: datetime
    seats: int
    taken: int
    pledged: int
    asked: int
    here: int
    came: int
    gone: int
    status: str | None
    published_at: datetime | None
    call_start: datetime | None
    arrive_minutes: int | None
    in_place_by: datetime | None

    @property
    def hours(self) -> tuple[datetime, datetime]:
        return self.start, self.end

    @property
    def short(self) -> int:
        return self.seats - self.taken

    @property
    def tally(self) -> Tally:
        return Tally(self.seats, self.taken, self.asked, self.pledged, self.here)


@dataclass(frozen=True, slots=True)
class Board:
    """The communities below a node, the worst first, and all of them together."""

    node: Area
    lines: Sequence[Line]
    total: Tally
    at: datetime
    until: datetime
    first: datetime | None

    @property
    def on_time(self) -> int:
        return sum(line.ready.outlook is Outlook.ON_TIME for line in self.lines)

    @property
    def free(self) -> int:
        return sum(line.free for line in self.lines)

    @property
    def came(self) -> int:
        return sum(line.came for line in self.lines)

    @property
    def gone(self) -> int:
        return sum(line.gone for line in self.lines)


def asked_for(node: Area, now: datetime, ahead: timedelta = AHEAD) -> dict[str, Any]:
    return {
        "below": f"{node.path}%",
        "now": now,
        "until": now + ahead,
        "oldest": now - LONGEST_SHIFT,
        "hour": now - LAST_HOUR,
    }


def rows(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def board(node: Area, now: datetime, by: Ranking = Ranking.SHARE, ahead: timedelta = AHEAD) -> Board:
    """Three queries, and one for what calls have taught that nobody has looked at for a while."""
    values = asked_for(node, now, ahead)
    blocks = [Block(*row) for row in rows(FIGURES, values)]
    idle = dict(rows(IDLE, values))
    places = communities(node)
    lines = ranked(lines_of(places, blocks, idle, now), by)
    first = min((block.start for block in blocks), default=None)
    return Board(node, lines, total(line.tally for line in lines), now, now + ahead, first)


def coming(node: Area, now: datetime, by: Ranking = Ranking.SHARE) -> Board:
    """The board of the next 24 hours; where nothing begins in them, of the next 48."""
    found = board(node, now, by)
    return found if found.total.need else board(node, now, by, FURTHER)


@dataclass(frozen=True, slots=True)
class Place:
    """The community that an area belongs to; for what lies above communities, the area itself."""

    community: int
    name: str
    name_en: str


def communities(node: Area) -> dict[int, Place]:
    """By area, everything below the node: a grid counts with its community."""
    found: dict[int, Place] = {}
    columns = ("pk", "path", "level", "name", "name_en")
    for pk, path, level, name, name_en in Area.objects.under(node).order_by("path").values_list(*columns):
        above = (int(part) for part in path.split("/")[-3:-2] if part)
        grid = level == Level.GRID and next((found[part] for part in above if part in found), None)
        found[pk] = grid or Place(pk, name, name_en)
    return found


def lines_of(
    places: Mapping[int, Place], blocks: Iterable[Block], idle: Mapping[int, int], now: datetime
) -> Iterable[Line]:
    calls: defaultdict[int, defaultdict[int | None, list[Block]]] = defaultdict(lambda: defaultdict(list))
    for block in blocks:
        calls[places[block.area].community][block.call].append(block)
    free: defaultdict[int, int] = defaultdict(int)
    for area, number in idle.items():
        free[places[area].community] += number
    paces = habits_below([call for found in calls.values() for call, its in found.items() if call and is_short(its)])
    for pk in sorted(calls.keys() | free.keys()):
        yield line_of(places[pk], calls[pk], free[pk], paces, now)


def is_short(blocks: Sequence[Block]) -> bool:
    """The call takes people, and lacks some."""
    first = blocks[0]
    return first.status == CallStatus.OPEN and first.published_at is not None and any(b.short + b.asked for b in blocks)


def habits_below(call_up_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What each of these calls has learned from earlier ones: kept together, since one by one takes longer to fetch."""
    key = f"habits below:{call_up_ids[0]}:{len(call_up_ids)}" if call_up_ids else ""
    kept: dict[int, dict[str, Any]] = cache.get(key) or {} if key else {}
    if fresh := [pk for pk in call_up_ids if pk not in kept]:
        kept |= habits_of(fresh)
        cache.set(key, kept, HABITS_LAST)
    return kept


def line_of(
    place: Place,
    calls: Mapping[int | None, Sequence[Block]],
    free: int,
    habits: Mapping[int, Mapping[str, Any]],
    now: datetime,
) -> Line:
    chosen = {
        call: decisive(its, lambda block: block.hours, lambda block: block.short) if len(its) > 1 else its
        for call, its in calls.items()
    }
    tallies = {call: total(block.tally for block in its) for call, its in chosen.items()}
    return Line(
        area=place.community,
        name=place.name,
        name_en=place.name_en,
        tally=total(tallies.values()),
        ready=worst(readiness(tallies[call], its, habits.get(call or 0), now) for call, its in calls.items()),
        came=sum(block.came for its in calls.values() for block in its),
        gone=sum(block.gone for its in calls.values() for block in its),
        free=free,
    )


def readiness(tally: Tally, blocks: Sequence[Block], habits: Mapping[str, Any] | None, now: datetime) -> Ready:
    missing = tally.missing
    return ready(missing, due(blocks), foreseen(tally, blocks, habits, now) if missing else None)


def due(blocks: Sequence[Block]) -> datetime:
    """When the first of them have to be in place: as planned for the call's beginning, else before their shift."""
    first = min(blocks, key=lambda block: block.start)
    if first.in_place_by and first.call_start and first.start <= first.call_start:
        return first.in_place_by
    return first.start - timedelta(minutes=first.arrive_minutes or 0)


def foreseen(tally: Tally, blocks: Sequence[Block], habits: Mapping[str, Any] | None, now: datetime) -> Forecast | None:
    published = blocks[0].published_at
    if habits is None or published is None or published >= now:
        return None
    window = min(now - published, LOOK_BACK)
    joined = sum(block.came for block in blocks)
    return forecast(Pace(missing=tally.missing, joined=joined, window=window, asked=tally.asked, **habits), now)
