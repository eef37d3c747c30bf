"""What is read about people who are lent: the way in, the seats they hold, and what their unit may know of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf

from communities.models import Area
from communities.models.areas import DEFAULT_ZONE
from communities.queries.prepared import fetch
from communities.rules.reach import Whereabouts
from staffing.models import LentPerson, Secondment, SignUp, StaffRequest
from staffing.queries.reach import AROUND, PASSES, ZONES, areas_of, passes_of, zones_of
from staffing.rules.fatigue import Interval
from staffing.rules.secondments import Lent, WayIn, on_duty_there, way_in
from staffing.states import HOLDS_SEAT, SecondmentStatus, SignUpStatus
from volunteers.models import Affiliation, ServiceRecord
from volunteers.rules.qualifications import Held
from volunteers.states import PersonKind

TO_COME = HOLDS_SEAT - {SignUpStatus.CHECKED_IN}

PEOPLE = f"""
    select v.id, v.kind, v.residence_id, a.path, {ZONES.format(compound="v.residence_id", path="a.path", during=AROUND)},
        {PASSES.format(during=AROUND)},
        (select coalesce(json_agg(json_build_array(q.slug, q.self_declared or h.verified_at is not null, h.from_day, h.expires_on)), '[]')
         from volunteers_heldqualification h join volunteers_qualification q on q.id = h.qualification_id where h.volunteer_id = v.id)
    from volunteers_volunteer v
    left join communities_compound d on d.id = v.residence_id
    left join communities_area a on a.id = d.community_id
    where v.id = any(%(volunteers)s::bigint[])
"""
PLACES = f"""
    select x.compound, x.path, {ZONES.format(compound="x.compound", path="x.path", during=AROUND)}
    from (
        select c.id as compound, a.path from communities_compound c join communities_area a on a.id = c.community_id
        where a.path like %(path)s::text || '%%'
        union all select null, %(path)s::text
    ) x
"""


def lent(volunteer_ids: Iterable[int], when: Interval) -> dict[int, Lent]:
    """By volunteer; one statement."""
    rows = fetch(PEOPLE, volunteers=list(volunteer_ids), since=when.start, until=when.end)
    return {
        pk: Lent(
            PersonKind(kind),
            Whereabouts(residence, zones_of(zones), areas_of(path)),
            passes_of(passes),
            tuple(Held(slug, counts, day(since), day(until)) for slug, counts, since, until in held),
        )
        for pk, kind, residence, path, zones, passes, held in rows
    }


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def places_of(area: Area, when: Interval) -> list[Whereabouts]:
    """The compounds of the area, and its ground outside of them; places that are alike count once."""
    rows = fetch(PLACES, path=area.path, since=when.start, until=when.end)
    return [Whereabouts(compound, zones_of(zones), areas_of(path)) for compound, path, zones in rows]


def ways_in(area: Area, volunteer_ids: Sequence[int], when: Interval) -> dict[int, WayIn]:
    """For everybody on a list whether they can get in; two statements."""
    places = places_of(area, when)
    return {pk: way_in(person, places, when) for pk, person in lent(volunteer_ids, when).items()}


@dataclass(frozen=True, slots=True)
class Cover:
    """By what somebody may be told to stand somewhere: secondments in force (ids; area, period), and where their
    community lends them to another (area, period).
    """

    ids: list[int] = field(default_factory=list)
    lent: list[tuple[int, Interval]] = field(default_factory=list)
    elsewhere: list[tuple[int, Interval]] = field(default_factory=list)

    def of(self, area_ids: Iterable[int], when: Interval) -> int | None:
        """The secondment for a seat there and then. While they are lent on to another community, that one alone."""
        found = on_duty_there(self.lent, self.elsewhere, set(area_ids), when)
        return None if found is None else self.ids[found]


def coverings(volunteer_ids: Iterable[int], when: Interval) -> dict[int, Cover]:
    """By volunteer, over a span of time; two statements for any number of people."""
    ids, span = list(volunteer_ids), (when.start, when.end)
    found = {pk: Cover() for pk in ids}
    rows = Secondment.objects.active().filter(volunteer__in=ids, period__overlap=span).order_by("pk")
    for pk, volunteer, area, period in rows.values_list("pk", "volunteer", "area", "period"):
        found[volunteer].ids.append(pk)
        found[volunteer].lent.append((area, Interval(period.lower, period.upper)))
    lent = LentPerson.objects.filter(volunteer__in=ids, binds=True, period__overlap=span).order_by("pk")
    for volunteer, taker, period in lent.values_list("volunteer", "lending__taker", "period"):
        found[volunteer].elsewhere.append((taker, Interval(period.lower, period.upper)))
    return found


def covering(volunteer_id: int, area_ids: Iterable[int], when: Interval) -> int | None:
    """The secondment in force by which somebody may be put on a seat there and then."""
    return coverings([volunteer_id], when)[volunteer_id].of(area_ids, when)


def seats_after(secondment_ids: Iterable[int], at: datetime) -> QuerySet[SignUp]:
    """The seats on duty that start at or after the instant, the first first."""
    mine = SignUp.objects.alive().filter(secondment__in=list(secondment_ids), period__startswith__gte=at)
    return mine.select_related("shift__site__area", "post__role", "volunteer__user").order_by("period", "pk")


@dataclass(frozen=True, slots=True)
class Served:
    """What a unit may know of one of its people: presence and hours, nothing else."""

    days: int = 0
    minutes: int = 0
    coming: int = 0
    last_day: date | None = None


def presence(secondment_ids: Sequence[int], since: datetime, until: datetime, zone: ZoneInfo) -> dict[int, Served]:
    """By secondment, over [since, until): days and minutes served on duty, and the seats still to come. Two queries."""
    seats = SignUp.objects.filter(secondment__in=secondment_ids)
    duty = dict(seats.values_list("pk", "secondment"))
    records = ServiceRecord.objects.filter(sign_up__in=list(duty), started_at__gte=since, started_at__lt=until)
    days: defaultdict[int, set[date]] = defaultdict(set)
    minutes: Counter[int] = Counter()
    for sign_up, started, served in records.values_list("sign_up", "started_at", "minutes"):
        days[duty[sign_up]].add(started.astimezone(zone).date())
        minutes[duty[sign_up]] += served
    coming = Counter(seats.filter(status__in=TO_COME).values_list("secondment", flat=True))
    return {pk: Served(len(days[pk]), minutes[pk], coming[pk], max(days[pk], default=None)) for pk in secondment_ids}


def unit_name() -> Coalesce:
    """What the unit calls its person; their own name where the unit has never said."""
    theirs = Affiliation.objects.filter(
        volunteer=OuterRef("volunteer"), organisation__path__startswith=OuterRef("organisation__path"), to_day=None
    )
    said = Subquery(theirs.order_by("-pk").values("known_as")[:1])
    return Coalesce(NullIf(said, Value("")), F("volunteer__user__name"), output_field=CharField())


def offered() -> Count:
    """Of a request for staff, how many people of the unit have been offered for it and have not come to nothing."""
    return Count(
        "secondments", filter=~Q(secondments__status__in=[SecondmentStatus.REJECTED, SecondmentStatus.WITHDRAWN])
    )


def free_for(asked: StaffRequest) -> QuerySet[Affiliation]:
    """The unit's people who are not lent for any of the time asked, those who live there first; `name` as the unit says it."""
    lent = Secondment.objects.open().filter(volunteer=OuterRef("volunteer"), period__overlap=asked.period)
    theirs = Affiliation.objects.filter(to_day=None, organisation__path__startswith=asked.organisation.path)
    return (
        theirs.exclude(Exists(lent))
        .annotate(
            name=Coalesce(NullIf("known_as", Value("")), F("volunteer__user__name"), output_field=CharField()),
            near=Case(When(volunteer__residence__community=asked.area_id, then=0), default=1),
        )
        .select_related("organisation")
        .order_by("near", "name", "pk")
    )


def on_duty(lent: QuerySet[Secondment], since: datetime, until: datetime) -> list[tuple[Secondment, Served]]:
    """The sheet for a unit (双报到): of these, who was accepted for some of [since, until), and how long they served."""
    rows = list(lent.filter(accepted_at__isnull=False, period__overlap=(since, until)))
    served = presence([row.pk for row in rows], since, until, DEFAULT_ZONE)
    return [(row, served[row.pk]) for row in rows]
