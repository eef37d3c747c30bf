"""Everything that proposing people for open seats has to know of them, in a handful of statements for a whole city."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.expressions import RawSQL

from communities.models import Area
from communities.queries.prepared import fetch
from communities.rules.reach import Pass, Whereabouts, Zone
from communities.states import Level
from staffing.models import LentPerson, Post, Reply, Secondment, SignUp
from staffing.queries.facts import NEAR, crowd
from staffing.queries.reach import AROUND, ZONES, areas_of, zones_of
from staffing.rules.fatigue import Interval
from staffing.rules.fillings import SEASONED, Candidate, HomeZone, Opening
from staffing.rules.signups import Person
from staffing.states import ALIVE, HOLDS_TIME, CallReply, ShiftStatus, SignUpStatus
from volunteers.models import (
    Absence,
    AccessPass,
    Affiliation,
    Consent,
    Enrolment,
    HeldQualification,
    ServiceRecord,
    Volunteer,
)
from volunteers.rules.qualifications import Held
from volunteers.states import PersonKind, Purpose

LATELY = timedelta(days=30)
WIDE = {Level.CITY, Level.DISTRICT}
SUBDISTRICT = 2  # its place among the areas from the root down

HOMES = f"""
    select d.id, a.path, {ZONES.format(compound="d.id", path="a.path", during=AROUND)}
    from communities_compound d join communities_area a on a.id = d.community_id
    where d.id = any(%(homes)s::bigint[])
"""


def open_posts(area: Area, call_up_id: int | None, start: datetime, end: datetime, now: datetime) -> list[int]:
    """The area's own posts with free seats whose shifts take people and begin in [start, end), in the order of ids."""
    posts = Post.objects.with_room().filter(
        shift__site__area__path__startswith=area.path,
        shift__status__in=[ShiftStatus.OPEN, ShiftStatus.CLOSED],
        shift__starts_at__gte=max(start, now),
        shift__starts_at__lt=end,
        agency=None,
        role__counted=True,
    )
    if call_up_id:
        posts = posts.filter(shift__call_up=call_up_id)
    return list(posts.order_by("pk").values_list("pk", flat=True))


def openings(post_ids: Sequence[int], scope: Area, now: datetime) -> list[Opening]:
    """In the order of ids; three statements. In a district or a city the people of the same subdistrict are asked."""
    rows = Post.objects.filter(pk__in=among(post_ids)).values_list("pk", "shift__call_up", "role__leads")
    more = {pk: (call, leads) for pk, call, leads in rows}
    seen = crowd(post_ids, now)
    led = guided({place.shift for place in seen})
    found = []
    for place in seen:
        call, leads = more[place.post]
        areas = place.where.areas
        pool = areas[SUBDISTRICT] if scope.level in WIDE and len(areas) > SUBDISTRICT else scope.pk
        found.append(Opening(place, now, pool, call, leads, place.shift in led))
    return found


def guided(shift_ids: set[int]) -> set[int]:
    """Of these shifts those where somebody experienced has a seat."""
    served = ServiceRecord.objects.values("volunteer").annotate(times=Count("pk")).filter(times__gte=SEASONED)
    held = SignUp.objects.holding_seat().filter(shift__in=among(sorted(shift_ids)))
    return set(held.filter(volunteer__in=served.values("volunteer")).values_list("shift", flat=True))


def pool(area: Area) -> list[int]:
    """Who could be proposed in the area: checked in with a part of it, or lent to it by a unit or another community. In
    the order of ids.
    """
    enrolled = Enrolment.objects.filter(ended_at=None, community__path__startswith=area.path)
    lent = Secondment.objects.active().filter(Q(area__path__startswith=area.path) | Q(area__in=area.ancestor_ids))
    there = Q(lending__taker__path__startswith=area.path) | Q(lending__taker__in=area.ancestor_ids)
    guests = LentPerson.objects.filter(there, binds=True)
    ids = enrolled.values_list("volunteer").union(lent.values_list("volunteer"), guests.values_list("volunteer"))
    return sorted(pk for (pk,) in ids)


def among(ids: Sequence[int]) -> RawSQL:
    """As one value, since tens of thousands of them are dear one by one."""
    return RawSQL("select unnest(%s::bigint[])", [list(ids)])


def within(period: Any, since: datetime, until: datetime) -> Interval:
    """As far as it touches the time, so that what differs outside makes nobody different."""
    return Interval(max(period.lower, since), min(period.upper, until))


def grouped(rows: Iterable[tuple[Any, ...]]) -> Mapping[int, list[Any]]:
    """By the first column, in the order read."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for pk, *rest in rows:
        found[pk].append(rest)
    return found


def span(period: Any) -> Interval:
    return Interval(period.lower, period.upper)


class Gathered:
    """What is on record of these people around [start, end), fact by fact: a statement each, whatever their number."""

    def __init__(self, volunteer_ids: Sequence[int], start: datetime, end: datetime, now: datetime) -> None:
        self.ids, self.since, self.until, self.now = volunteer_ids, start - NEAR, end + NEAR, now
        self.around = (self.since, self.until)
        self.signups = self.read_signups()
        self.held = self.read_held()
        self.absences = grouped(self.rows(Absence, "period", period__overlap=self.around))
        self.passes = self.read_passes()
        self.organisations = grouped(self.rows(Affiliation, "organisation__path", to_day=None))
        self.enrolled = grouped(self.rows(Enrolment, "community__path", ended_at=None))
        self.lent = self.read_lent()
        lent_on = {"binds": True, "period__overlap": self.around}
        self.away = grouped(self.rows(LentPerson, "lending__taker__path", "lending__taker", "period", **lent_on))
        self.stopped = self.read_stopped()
        self.hours = self.read_hours()
        records = ServiceRecord.objects.filter(volunteer__in=among(self.ids)).values_list("volunteer")
        self.times = dict(records.annotate(Count("pk")))

    def rows(self, model: Any, *columns: str, **which: Any) -> Any:
        found = model.objects.filter(volunteer__in=among(self.ids), **which)
        return found.order_by("volunteer", "pk").values_list("volunteer", *columns)

    def read_signups(self) -> Mapping[int, list[Any]]:
        """Status, period, shift, call, why it ended; of the time around, and every place in line."""
        near = Q(period__overlap=self.around) | Q(status=SignUpStatus.WAITLISTED)
        found = SignUp.objects.filter(near, volunteer__in=among(self.ids)).order_by("volunteer", "pk")
        return grouped(found.values_list("volunteer", "status", "period", "shift", "shift__call_up", "reason"))

    def read_held(self) -> Mapping[int, list[Any]]:
        columns = "qualification__slug", "qualification__self_declared", "verified_at", "from_day", "expires_on"
        return grouped(self.rows(HeldQualification, *columns))

    def read_passes(self) -> Mapping[int, list[Any]]:
        found = AccessPass.objects.in_force().filter(volunteer__in=among(self.ids), period__overlap=self.around)
        return grouped(found.order_by("volunteer", "pk").values_list("volunteer", "period", "compound", "area"))

    def read_lent(self) -> Mapping[int, list[Any]]:
        found = Secondment.objects.active().filter(volunteer__in=among(self.ids), period__overlap=self.around)
        found = found.order_by("volunteer", "pk")
        return grouped(found.values_list("volunteer", "area__path", "area", "period"))

    def read_stopped(self) -> set[int]:
        """Who has taken back every consent to be scheduled."""
        said = grouped(self.rows(Consent, "withdrawn_at", purpose=Purpose.SERVICE))
        return {pk for pk, rows in said.items() if all(withdrawn for (withdrawn,) in rows)}

    def read_hours(self) -> Mapping[int, int]:
        lately = ServiceRecord.objects.filter(volunteer__in=among(self.ids), started_at__gte=self.now - LATELY)
        found = lately.values_list("volunteer").annotate(Sum("minutes"))
        return {pk: minutes // 60 for pk, minutes in found}


PEOPLE = (
    "pk", "kind", "is_adult", "residence", "user", "user__is_active", "user__muted_at", "user__phone_hash", "user__email"
)  # fmt: skip


def candidates(volunteer_ids: Sequence[int], start: datetime, end: datetime, now: datetime) -> list[Candidate]:
    """What the rules of proposing need of these people, for shifts within [start, end). In the order of ids.

    Some dozen statements, whatever the number of people.
    """
    rows = list(Volunteer.objects.filter(pk__in=among(volunteer_ids)).order_by("pk").values_list(*PEOPLE))
    gathered = Gathered([row[0] for row in rows], start, end, now)
    homes = read_homes({row[3] for row in rows if row[3]}, gathered.since, gathered.until)
    unwilling = read_unwilling([row[4] for row in rows])
    return [candidate(row, gathered, homes, unwilling) for row in rows]


type Homes = Mapping[int, tuple[Whereabouts, tuple[HomeZone, ...]]]


def read_homes(compounds: set[int], since: datetime, until: datetime) -> Homes:
    """Where people live, each place read once."""
    found = {}
    for pk, path, zones in fetch(HOMES, homes=sorted(compounds), since=since, until=until):
        spans = tuple(
            home_zone(zone, datetime.fromisoformat(row[7]), row[8] and datetime.fromisoformat(row[8]), since, until)
            for row in (json.loads(zones) if isinstance(zones, str) else zones)
            for zone in zones_of([row])
        )
        found[pk] = Whereabouts(pk, (), areas_of(path)), spans
    return found


def home_zone(zone: Zone, start: datetime, end: datetime | None, since: datetime, until: datetime) -> HomeZone:
    """Within the time alone, so that homes in zones of the same kind are alike."""
    return HomeZone(zone, max(start, since), end if end and end < until else None)


def read_unwilling(user_ids: Sequence[int]) -> Mapping[int, list[Any]]:
    said = Reply.objects.filter(user__in=among(user_ids), said=CallReply.NOT_THIS_TIME)
    return grouped(said.order_by("user").values_list("user", "call_up"))


def candidate(row: tuple[Any, ...], read: Gathered, homes: Homes, unwilling: Mapping[int, list[Any]]) -> Candidate:
    pk, kind, is_adult, residence, user, active, muted, phone, email = row
    home, zones = homes.get(residence, (Whereabouts(), ()))
    signups = read.signups.get(pk, [])
    lent, away = read.lent.get(pk, []), read.away.get(pk, [])
    theirs = [*read.enrolled.get(pk, []), *lent, *away]
    person = Person(
        volunteer=pk,
        kind=PersonKind(kind),
        is_adult=is_adult,
        home=home,
        passes=tuple(
            Pass(period.lower, period.upper, compound, area) for period, compound, area in read.passes.get(pk, [])
        ),
        held=tuple(
            Held(slug, own_word or verified is not None, since, until)
            for slug, own_word, verified, since, until in read.held.get(pk, [])
        ),
        duties=tuple(sorted(span(period) for status, period, *_rest in signups if status in HOLDS_TIME)),
        absences=tuple(sorted(span(period) for (period,) in read.absences.get(pk, []))),
        organisations=frozenset(part for (path,) in read.organisations.get(pk, []) for part in areas_of(path)),
    )
    return Candidate(
        person=person,
        zones=zones,
        areas=frozenset(part for path, *_rest in theirs for part in areas_of(path)),
        lent=tuple((area, within(period, read.since, read.until)) for _path, area, period in lent),
        away=tuple((area, within(period, read.since, read.until)) for _path, area, period in away),
        reachable=bool(active and not muted and (phone or email) and pk not in read.stopped),
        asked=tuple(sorted(span(period) for status, period, *_rest in signups if status == SignUpStatus.INVITED)),
        shifts=frozenset(shift for status, _period, shift, _call, reason in signups if counts(status, reason)),
        unwilling=frozenset(call for (call,) in unwilling.get(user, [])),
        waits=frozenset(
            call for status, _period, _shift, call, _reason in signups if status == SignUpStatus.WAITLISTED and call
        ),
        hours=read.hours.get(pk, 0),
        times=read.times.get(pk, 0),
    )


TAKEN_BACK = frozenset({"shift_cancelled", "proposal_undone", "moved", "zone_change"})  # not the person's own doing


def counts(status: str, reason: str) -> bool:
    """They have a place there, or had one that ended by their own word, silence, or the lead's."""
    return status in ALIVE or reason not in TAKEN_BACK
