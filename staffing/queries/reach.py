"""Where people and places are, and which zones and passes count there: read for one case or for ten thousand."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from communities.queries.prepared import fetch
from communities.rules.reach import Pass, Whereabouts, Zone
from communities.states import Entry
from staffing.rules.fatigue import Interval
from staffing.states import SignUpStatus
from volunteers.states import PersonKind

# An overlay is one zone by itself; a group's name counts within one district.
ZONES = """
    (select coalesce(json_agg(json_build_array(y.entry, y.residents_may_leave, y.needs_approval, y.strictness,
        case when z.area_id is not null then 'area ' || z.area_id
             when z.group <> '' then split_part({path}, '/', 3) || ' ' || z.group else '' end,
        y.allows, y.pass_for, lower(z.valid), upper(z.valid))), '[]')
     from communities_zonestatus z join communities_zonepolicy y on y.level = z.level
     where z.valid && {during}
       and (z.compound_id = {compound} or z.area_id = any(string_to_array(trim(both '/' from {path}), '/')::bigint[])))
"""
PASSES = """
    (select coalesce(json_agg(json_build_array(lower(t.period), upper(t.period), t.compound_id, t.area_id)), '[]')
     from volunteers_accesspass t
     where t.volunteer_id = v.id and t.issued_at is not null and t.refused_at is null and t.revoked_at is null
       and t.period && {during})
"""
# What is over of a shift that runs no longer counts.
REMAINING = "tstzrange(least(greatest(s.starts_at, %(now)s::timestamptz), s.ends_at), s.ends_at)"
AROUND = "tstzrange(%(since)s::timestamptz, %(until)s::timestamptz)"


def areas_of(path: str | None) -> tuple[int, ...]:
    """The ids from the root down."""
    return tuple(int(part) for part in path.split("/") if part) if path else ()


def zones_of(found: Iterable[Sequence[Any]], during: Interval | None = None) -> tuple[Zone, ...]:
    """The zones of a ZONES column; with `during`, those that touch the interval."""
    return tuple(
        Zone(Entry(entry), leave, approval, strictness, group, frozenset(allows), frozenset(pass_for))
        for entry, leave, approval, strictness, group, allows, pass_for, lower, upper in found
        if during is None or touches(during, lower, upper)
    )


def touches(during: Interval, lower: str, upper: str | None) -> bool:
    begun = datetime.fromisoformat(lower) < during.end
    return begun and (upper is None or datetime.fromisoformat(upper) > during.start)


def passes_of(found: Iterable[Sequence[Any]]) -> tuple[Pass, ...]:
    return tuple(
        Pass(datetime.fromisoformat(start), datetime.fromisoformat(end), compound, area)
        for start, end, compound, area in found
    )


@dataclass(frozen=True, slots=True)
class Traveller:
    """A volunteer as far as their way is concerned."""

    kind: PersonKind
    home: Whereabouts
    passes: tuple[Pass, ...]


TRAVELLER = f"""
    select v.kind, v.residence_id, a.path, {ZONES.format(compound="v.residence_id", path="a.path", during=AROUND)},
        {PASSES.format(during=AROUND)}
    from volunteers_volunteer v
    left join communities_compound d on d.id = v.residence_id
    left join communities_area a on a.id = d.community_id
    where v.user_id = %(user)s::bigint
"""


def traveller(user_id: int, during: Interval) -> Traveller | None:
    """Where the account's volunteer lives, with the zones there and their passes; None if they have never served."""
    for kind, residence, path, zones, passes in fetch(TRAVELLER, user=user_id, since=during.start, until=during.end):
        return Traveller(PersonKind(kind), Whereabouts(residence, zones_of(zones), areas_of(path)), passes_of(passes))
    return None


@dataclass(frozen=True, slots=True)
class Case:
    """One sign-up as a re-check sees it."""

    signup: int
    status: SignUpStatus
    post: int
    shift: int
    volunteer: int
    kind: PersonKind
    when: Interval
    place: Whereabouts
    home: Whereabouts
    passes: tuple[Pass, ...]
    approved: bool


# It begins with `select`, since the history would else put a statement of its own before it.
CASES = f"""
    select x.* from (with seat as (
        select u.id, u.status, u.post_id, u.shift_id, u.volunteer_id, v.kind, v.residence_id,
            {PASSES.format(during=AROUND)} as passes
        from staffing_signup u join volunteers_volunteer v on v.id = u.volunteer_id
        where u.id = any(%(ids)s::bigint[])
    ), place as (
        select s.id, greatest(s.starts_at, least(%(now)s::timestamptz, s.ends_at)) as starts_at, s.ends_at, i.compound_id,
            a.id as community, a.path, i.kind, {ZONES.format(compound="i.compound_id", path="a.path", during=REMAINING)} as zones
        from staffing_shift s
        join communities_site i on i.id = s.site_id
        join communities_area a on a.id = i.area_id
        where s.id in (select shift_id from seat)
    ), home as (
        select d.id, a.path, {ZONES.format(compound="d.id", path="a.path", during=AROUND)} as zones
        from communities_compound d join communities_area a on a.id = d.community_id
        where d.id in (select residence_id from seat)
    )
    select u.*, p.starts_at, p.ends_at, p.compound_id, p.path as place_path, p.kind as site_kind, p.zones::text as place_zones,
        h.path as home_path, h.zones::text as home_zones, exists (select from volunteers_enrolment e where e.volunteer_id = u.volunteer_id and e.community_id = p.community
                and e.ended_at is null and e.approved_at is not null) as approved
    from seat u join place p on p.id = u.shift_id left join home h on h.id = u.residence_id
    ) x
    order by x.id
"""


def cases(signup_ids: Sequence[int], now: datetime, since: datetime, until: datetime) -> list[Case]:
    """One statement for any number of sign-ups, whose shifts lie between the two instants. In the order of their ids."""
    parsed = Parsed()
    rows = fetch(CASES, ids=list(signup_ids), now=now, since=since, until=until)
    return [parsed.case(row) for row in rows]


class Parsed:
    """Ten thousand seats lie at few places and homes: each is read once."""

    def __init__(self) -> None:
        self.seen: dict[Any, Whereabouts] = {}

    def case(self, row: tuple[Any, ...]) -> Case:
        (signup, status, post, shift, volunteer, kind, residence, passes, start, end, compound, path, site_kind,
         zones, home_path, home_zones, approved) = row  # fmt: skip
        when = Interval(start, end)
        return Case(
            signup=signup,
            status=SignUpStatus(status),
            post=post,
            shift=shift,
            volunteer=volunteer,
            kind=PersonKind(kind),
            when=when,
            place=self.where(compound, path, zones, None, site_kind),
            home=self.where(residence, home_path, home_zones or "[]", when),
            passes=passes_of(passes),
            approved=approved,
        )

    def where(
        self, compound: int | None, path: str, zones: str, during: Interval | None, kind: str = ""
    ) -> Whereabouts:
        key = compound, path, zones, during, kind
        if key not in self.seen:
            self.seen[key] = Whereabouts(compound, zones_of(json.loads(zones), during), areas_of(path), kind)
        return self.seen[key]
