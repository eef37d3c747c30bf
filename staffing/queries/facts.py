"""Gathering what the sign-up rules need: one statement for one person and any number of posts."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from communities.models.areas import DEFAULT_ZONE
from communities.queries.prepared import fetch
from communities.rules.reach import Whereabouts
from staffing.queries.reach import AROUND, PASSES, REMAINING, ZONES, areas_of, passes_of, zones_of
from staffing.rules.fatigue import Interval
from staffing.rules.signups import Facts, Person, Place, refusals
from staffing.states import CallStatus, ShiftStatus
from volunteers.rules.qualifications import Held
from volunteers.states import PersonKind

NEAR = timedelta(days=8)  # duties further off cannot break a rest rule

SLUGS = "array(select q.slug from staffing_role_{kind} x join volunteers_qualification q on q.id = x.qualification_id where x.role_id = r.id order by q.id)"
CLOCK = """
    (select b.time_zone from communities_area b where b.id = any(string_to_array(trim(both '/' from {path}), '/')::bigint[]) and b.time_zone <> ''
     order by length(b.path) desc limit 1)"""
PLACE = """
    select p.id, p.shift_id, p.version, p.seats, p.taken, p.pledged, p.waiting, p.person_kinds, p.agency_id, p.auto_confirm,
        s.starts_at, s.ends_at, s.status, s.override_reason <> '', s.briefing <> '',
        c.status, c.sign_up_from, c.sign_up_until, coalesce(c.insured, false), coalesce(c.urgent, false),
        r.max_block_minutes, r.risky, i.compound_id, a.id, a.path, {requires}, {prefers}, {clock}, i.kind, {zones}
    from staffing_post p
    join staffing_shift s on s.id = p.shift_id
    join staffing_role r on r.id = p.role_id
    join communities_site i on i.id = s.site_id
    join communities_area a on a.id = i.area_id
    left join staffing_callup c on c.id = s.call_up_id
"""
PLACES = (
    PLACE.format(
        requires=SLUGS.format(kind="requires"),
        prefers=SLUGS.format(kind="prefers"),
        clock=CLOCK.format(path="a.path"),
        zones=ZONES.format(compound="i.compound_id", path="a.path", during=REMAINING),
    )
    + "where {which} order by p.id"
)
THIS = PLACES.format(which="p.id = %(post)s::bigint")
THESE = PLACES.format(which="p.id = any(%(posts)s::bigint[])")
# Tens of thousands of posts stand at few spots and are of few roles: each of those is looked at once.
SLUGS_OF = "(select x.role_id, array_agg(q.slug order by q.id) as slugs from staffing_role_{kind} x join volunteers_qualification q on q.id = x.qualification_id group by x.role_id)"
CROWD = f"""
    {PLACE.format(requires="coalesce(needs.slugs, '{}')", prefers="coalesce(likes.slugs, '{}')", clock="spot.clock", zones="spot.zones")}
    left join {SLUGS_OF.format(kind="requires")} needs on needs.role_id = r.id
    left join {SLUGS_OF.format(kind="prefers")} likes on likes.role_id = r.id
    join (select d.compound_id, d.area_id, {CLOCK.format(path="d.path")} as clock,
            {ZONES.format(compound="d.compound_id", path="d.path", during="tstzrange(%(now)s::timestamptz, null)")} as zones
        from (select distinct i.compound_id, i.area_id, a.path from staffing_post p join staffing_shift s on s.id = p.shift_id
              join communities_site i on i.id = s.site_id join communities_area a on a.id = i.area_id
              where p.id = any(%(posts)s::bigint[])) d
        offset 0) spot on spot.area_id = i.area_id and coalesce(spot.compound_id, 0) = coalesce(i.compound_id, 0)
    where p.id = any(%(posts)s::bigint[])
    order by p.id
"""
ON_OFFER = PLACES.format(
    which="""s.call_up_id = %(call_up)s::bigint and s.status = 'open' and r.counted and p.agency_id is null
        and (%(role)s::bigint is null or p.role_id = %(role)s::bigint)
        and (%(shifts)s::bigint[] = '{}' or p.shift_id = any(%(shifts)s::bigint[]))"""
)

PEOPLE = f"""
    select v.id, v.kind, v.is_adult, v.residence_id,
        (select coalesce(json_agg(json_build_array(q.slug, q.self_declared or h.verified_at is not null, h.from_day, h.expires_on)), '[]')
         from volunteers_heldqualification h join volunteers_qualification q on q.id = h.qualification_id where h.volunteer_id = v.id),
        (select coalesce(json_agg(json_build_array(lower(u.period), upper(u.period))), '[]') from staffing_signup u
         where u.volunteer_id = v.id and u.status in ('signed_up', 'confirmed', 'checked_in') and u.period && tstzrange(%(since)s::timestamptz, %(until)s::timestamptz)),
        (select coalesce(json_agg(json_build_array(lower(b.period), upper(b.period))), '[]') from volunteers_absence b
         where b.volunteer_id = v.id and b.period && tstzrange(%(since)s::timestamptz, %(until)s::timestamptz)),
        (select coalesce(array_agg(distinct part::bigint), '{{}}') from volunteers_affiliation f
         join communities_organisation o on o.id = f.organisation_id, unnest(string_to_array(trim(both '/' from o.path), '/')) part
         where f.volunteer_id = v.id and f.to_day is null),
        array(select e.community_id from volunteers_enrolment e where e.volunteer_id = v.id and e.ended_at is null and e.approved_at is not null),
        a.path, {ZONES.format(compound="v.residence_id", path="a.path", during=AROUND)}, {PASSES.format(during=AROUND)},
        array(select u.post_id from staffing_signup u where u.volunteer_id = v.id and u.post_id = any(%(posts)s::bigint[])
              and u.status in ('invited', 'signed_up', 'waitlisted', 'confirmed', 'checked_in'))
    from volunteers_volunteer v
    left join communities_compound d on d.id = v.residence_id
    left join communities_area a on a.id = d.community_id
"""
PERSON = f"{PEOPLE} where v.id = %(volunteer)s::bigint"
COUNTED = """array(select array[p.id, p.version, p.taken, p.pledged, p.waiting] from staffing_post p where p.id = any(%(posts)s::bigint[]))"""
PERSON_AND_COUNTS = f"select {COUNTED}, x.* from ({PERSON}) x"
MANY = f"{PEOPLE} where v.id = any(%(volunteers)s::bigint[])"


def place_of(row: tuple[Any, ...], now: datetime | None = None) -> Place:
    """`now`: the zones of the row are those of a longer time."""
    (post, shift, version, seats, taken, pledged, waiting, kinds, agency, auto, start, end, status, override, briefed,
     call_status, since, until, insured, urgent, block, risky, compound, community, path, requires, prefers, zone_name, site_kind, zones) = row  # fmt: skip
    return Place(
        post=post,
        shift=shift,
        community=community,
        version=version,
        interval=Interval(start, end),
        zone=ZoneInfo(zone_name) if zone_name else DEFAULT_ZONE,
        where=Whereabouts(
            compound, zones_of(zones, remaining(Interval(start, end), now) if now else None), areas_of(path), site_kind
        ),
        shift_status=ShiftStatus(status),
        call_status=CallStatus(call_status or "open"),
        sign_up_from=since,
        sign_up_until=until,
        urgent=urgent,
        seats=seats,
        taken=taken,
        pledged=pledged,
        waiting=waiting,
        person_kinds=tuple(kinds),
        agency=agency,
        requires=tuple(requires),
        prefers=tuple(prefers),
        risky=risky,
        insured=insured,
        briefed=briefed,
        max_block=timedelta(minutes=block),
        block_override=override,
        auto_confirm=auto,
    )


def intervals(pairs: Iterable[Sequence[str]]) -> tuple[Interval, ...]:
    return tuple(Interval(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in pairs)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def remaining(interval: Interval, now: datetime) -> Interval:
    return Interval(min(max(interval.start, now), interval.end), interval.end)


class Somebody:
    """One person as the rules of each place see them: at home as it is during the shift, approved by its community."""

    def __init__(self, row: tuple[Any, ...], now: datetime) -> None:
        (volunteer, kind, is_adult, self.residence, held, duties, absences, organisations, approved, path, self.zones,
         passes, places) = row  # fmt: skip
        self.now, self.approved, self.areas = now, frozenset(approved), areas_of(path)
        self.known: dict[tuple[Interval, bool], Person] = {}
        self.like = Person(
            volunteer=volunteer,
            kind=PersonKind(kind),
            is_adult=is_adult,
            passes=passes_of(passes),
            held=tuple(Held(slug, counts, day(start), day(end)) for slug, counts, start, end in held),
            duties=intervals(duties),
            absences=intervals(absences),
            organisations=frozenset(organisations),
            places=frozenset(places),
        )

    def at(self, place: Place) -> Person:
        case = place.interval, place.community in self.approved
        if case not in self.known:
            zones = zones_of(self.zones, remaining(place.interval, self.now))
            home = Whereabouts(self.residence, zones, self.areas)
            self.known[case] = replace(self.like, home=home, approved=case[1])
        return self.known[case]


def person_of(row: tuple[Any, ...], place: Place, now: datetime) -> Person:
    return Somebody(row, now).at(place)


def gather_all(post_ids: Sequence[int], volunteer_id: int, now: datetime, **how: bool) -> list[Facts]:
    """The facts of one person for each of these posts, in the order of post ids; two statements, whatever their number."""
    return about(volunteer_id, fetch(THESE, posts=list(post_ids), now=now), now, **how)


def gather_in_call(
    call_up_id: int, shifts: Sequence[int], role: int | None, volunteer_id: int, now: datetime, **how: bool
) -> list[Facts]:
    """The same for the posts that a sign-up to the call could be placed on: of these shifts (none: of all), of one
    role or of any.
    """
    found = fetch(ON_OFFER, call_up=call_up_id, shifts=list(shifts), role=role, now=now)
    return about(volunteer_id, found, now, **how)


def about(volunteer_id: int, rows: Sequence[tuple[Any, ...]], now: datetime, **how: bool) -> list[Facts]:
    places = [place_of(row) for row in rows]
    if not places:
        return []
    (row,) = fetch(PERSON, volunteer=volunteer_id, **around(places))
    person = Somebody(row, now)
    return [Facts(person.at(place), place, now, **how) for place in places]


def around(places: Collection[Place]) -> dict[str, Any]:
    """What of people is read for these places."""
    return {
        "posts": [place.post for place in places],
        "since": min(place.interval.start for place in places) - NEAR,
        "until": max(place.interval.end for place in places) + NEAR,
    }


def welcome(call_up_id: int, volunteer_ids: Sequence[int], now: datetime) -> set[int]:
    """Those of the people who may take a free seat of the call now; two statements, whatever their number.

    Many people are alike to the rules, and are decided about together.
    """
    rows = fetch(ON_OFFER, call_up=call_up_id, shifts=[], role=None, now=now)
    offered = [place for row in rows if (place := place_of(row)).taken + place.pledged < place.seats]
    if not offered or not volunteer_ids:
        return set()
    known: dict[str, bool] = {}
    found = set()
    for volunteer, *rest in fetch(MANY, volunteers=list(volunteer_ids), **around(offered)):
        like = repr(rest)
        if like not in known:
            known[like] = any(fits((volunteer, *rest), place, now) for place in offered)
        if known[like]:
            found.add(volunteer)
    return found


def cases(pairs: Sequence[tuple[int, int]], now: datetime, **how: bool) -> list[Facts]:
    """The facts of each (post, person), in the order given; two statements, whatever their number."""
    if not pairs:
        return []
    found = {row[0]: place_of(row) for row in fetch(THESE, posts=sorted({post for post, _person in pairs}), now=now)}
    who = sorted({person for _post, person in pairs})
    people = {row[0]: row for row in fetch(MANY, volunteers=who, **around(found.values()))}
    return [Facts(person_of(people[person], found[post], now), found[post], now, **how) for post, person in pairs]


def fits(person: tuple[Any, ...], place: Place, now: datetime) -> bool:
    return not refusals(Facts(person_of(person, place, now), place, now))


def gather(post_id: int, volunteer_id: int, now: datetime, **how: bool) -> Facts:
    """The facts of one case. Ids come in, so that nothing read before the lock can slip in."""
    return about(volunteer_id, fetch(THIS, post=post_id, now=now), now, **how)[0]


def places(post_ids: Sequence[int], now: datetime) -> list[Place]:
    """The posts alone, in the order of their ids."""
    return [place_of(row) for row in fetch(THESE, posts=list(post_ids), now=now)]


def crowd(post_ids: Sequence[int], now: datetime) -> list[Place]:
    """The same for tens of thousands of posts that are not over."""
    return [place_of(row, now) for row in fetch(CROWD, posts=list(post_ids), now=now)]


def place(post_id: int) -> Place | None:
    """The post alone, for a first answer before any lock."""
    found = fetch(THIS, post=post_id, now=None)
    return place_of(found[0]) if found else None
