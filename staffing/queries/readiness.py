"""How ready calls are, measured for any number of them in a constant number of queries.

All counts are of the shifts with which a call begins: who is to be in place when it starts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q

from staffing.models import CallUp, Milestone, SignUp
from staffing.queries.notices import read
from staffing.rules import readiness as rules
from staffing.rules.readiness import Count as Share
from staffing.rules.readiness import Forecast, Pace, forecast, light
from staffing.states import FILLS_SEAT, Aim, CallStatus, Light, SignUpStatus

FIRST = """
    with first as (
        select s.id, s.call_up_id, s.leader_id, s.status, s.starts_at
        from staffing_shift s
        join (select call_up_id, min(starts_at) as starts_at from staffing_shift
              where call_up_id = any(%s) and status <> 'cancelled' group by call_up_id) f
          on f.call_up_id = s.call_up_id and f.starts_at = s.starts_at
        where s.status <> 'cancelled'
    )
"""
OPEN = (
    FIRST
    + """
    , posts as (
        select f.call_up_id, p.id, p.seats, p.taken from first f join staffing_post p on p.shift_id = f.id
        join staffing_role r on r.id = p.role_id
        where r.counted and p.agency_id is null
    ), seats as (
        select call_up_id, sum(seats) as seats, sum(taken) as taken from posts group by call_up_id
    ), people as (
        select p.call_up_id,
            count(*) filter (where u.status = 'invited') as asked,
            count(*) filter (where u.status in ('invited', 'signed_up')) as undecided,
            count(*) filter (where u.status in ('checked_in', 'completed')) as here
        from posts p join staffing_signup u on u.post_id = p.id group by p.call_up_id
    ), leaders as (
        select f.call_up_id, count(*) as shifts, count(*) filter (where f.status in ('running', 'finished') or exists (
            select from staffing_signup u join volunteers_volunteer v on v.id = u.volunteer_id
            join staffing_shift s on s.id = u.shift_id
            where v.user_id = f.leader_id and u.status in ('checked_in', 'completed') and s.starts_at = f.starts_at)
        ) as led
        from first f group by f.call_up_id
    )
    , asked_rides as (
        select f.call_up_id, count(*) as rides, count(*) filter (where r.status in ('posted', 'expired')) as undriven
        from first f join staffing_ride r on r.shift_id = f.id where r.status <> 'cancelled' group by f.call_up_id
    )
    select call_up_id, seats, taken, coalesce(asked, 0), coalesce(undecided, 0), coalesce(here, 0), shifts, led,
        coalesce(rides, 0), coalesce(undriven, 0)
    from seats left join people using (call_up_id) join leaders using (call_up_id)
    left join asked_rides using (call_up_id)
"""
)

type Counts = Mapping[Aim, Share]


def counts(call_up_ids: Iterable[int]) -> dict[int, Counts]:
    """What is open of what, by call; one query.

    A leader is on site once checked in, or once the shift has been started.
    """
    return {
        call: {
            Aim.GAP: Share(max(0, seats - taken + asked), seats),
            Aim.PLACEMENT: Share(undecided, seats),
            Aim.RIDES: Share(undriven, rides),
            Aim.LEADERS: Share(shifts - led, shifts),
            Aim.IN_PLACE: Share(max(0, seats - here), seats),
        }
        for call, seats, taken, asked, undecided, here, shifts, led, rides, undriven in read(OPEN, list(call_up_ids))
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """One milestone of a call and how it stands."""

    milestone: Milestone
    count: Share
    light: Light


@dataclass(frozen=True, slots=True)
class Readiness:
    standings: Sequence[Standing] = ()
    forecast: Forecast | None = None


def readiness(call: CallUp, now: datetime) -> Readiness:
    """The milestones of the call in the order of the clock, and when its gap will have closed."""
    milestones = list(Milestone.objects.filter(plan__call_up=call).select_related("plan"))
    found = counts([call.pk]).get(call.pk, {})
    gap = found.get(Aim.GAP, Share()).open
    known = pace(call, gap, now) if gap else None
    foreseen = forecast(known, now) if known else None
    measured = [row for row in milestones if Aim(row.aim) in found and found[Aim(row.aim)].of]
    return Readiness([stand(row, found, foreseen, now) for row in measured], foreseen)


def rule_of(row: Milestone) -> rules.Milestone:
    aim = Aim(row.aim)
    return rules.Milestone(aim, row.due, row.limit, rules.WARNING.get(aim, timedelta(minutes=10)))


def stand(row: Milestone, found: Counts, foreseen: Forecast | None, now: datetime) -> Standing:
    rule, count = rule_of(row), found[Aim(row.aim)]
    late = rule.aim is Aim.GAP and foreseen is not None and (foreseen.likely is None or foreseen.likely > rule.due)
    return Standing(row, count, light(rule, count, now, late=late))


LOOK_BACK = timedelta(minutes=60)
PAST_CALLS = 5
HABITS_LAST = 600  # seconds
FADES = (timedelta(minutes=15), timedelta(hours=12))


def pace(call: CallUp, missing: int, now: datetime) -> Pace | None:
    """The sign-up curve so far, and what earlier calls here teach; None for a call that is not taking sign-ups."""
    if call.status != CallStatus.OPEN or not call.published_at or call.published_at >= now:
        return None
    window = min(now - call.published_at, LOOK_BACK)
    recent = Q(created_at__gt=now - window, status__in=FILLS_SEAT - {SignUpStatus.INVITED})
    found = SignUp.objects.filter(shift__call_up=call).aggregate(
        joined=Count("pk", filter=recent), asked=Count("pk", filter=Q(status=SignUpStatus.INVITED))
    )
    return Pace(missing=missing, window=window, **found, **habits(call))


def habits(call: CallUp) -> dict[str, Any]:
    """Of the last calls of the community: how fast they were forgotten, and how many of those asked said yes."""
    return habits_of([call.pk])[call.pk]


def habits_of(call_up_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The same for many, by call; one query for those that nobody has looked at for a while."""
    keys = {pk: f"habits:{pk}" for pk in call_up_ids}
    kept = cache.get_many(keys.values())
    fresh = learn([pk for pk, key in keys.items() if key not in kept])
    cache.set_many({keys[pk]: found for pk, found in fresh.items()}, HABITS_LAST)
    return {pk: fresh[pk] if pk in fresh else kept[key] for pk, key in keys.items()}


LEARN = """
    select c.id,
        extract(epoch from avg(u.created_at - p.published_at) filter (
            where u.status in ('signed_up', 'confirmed', 'checked_in', 'completed') and u.created_at >= p.published_at))::float,
        count(*) filter (where m.target is not null),
        count(*) filter (where m.target is not null and u.status in ('signed_up', 'confirmed', 'checked_in', 'completed'))
    from staffing_callup c
    cross join lateral (
        select id, published_at from staffing_callup
        where community_id = c.community_id and published_at < c.published_at order by published_at desc limit %s
    ) p
    join staffing_shift s on s.call_up_id = p.id
    join staffing_signup u on u.shift_id = s.id
    left join lateral (select target from communities_message where kind = 'offered' and target = u.id limit 1) m on true
    where c.id = any(%s)
    group by c.id
"""


def learn(call_up_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By call: `yes` as if four more had been asked and one had come; `fade` where somebody has come by themselves."""
    found = {pk: rest for pk, *rest in read(LEARN, PAST_CALLS, list(call_up_ids))} if call_up_ids else {}
    return {pk: learned(*found.get(pk, (None, 0, 0))) for pk in call_up_ids}


def learned(age: float | None, asked: int, yes: int) -> dict[str, Any]:
    fade = {"fade": min(max(timedelta(seconds=age), FADES[0]), FADES[1])} if age else {}
    return {"yes": (yes + 1) / (asked + 4)} | fade
