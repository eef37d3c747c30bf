"""What is read about people who may be lent from one community to another: whom it knows, what binds them, where they fit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Exists, Max, Min, OuterRef, QuerySet, When

from communities.errors import Refusal
from communities.models import Area
from communities.queries.prepared import fetch
from staffing.models import LentPerson, Post, Secondment, SignUp
from staffing.queries.facts import NEAR, PERSON, person_of, places
from staffing.rules.lendings import against
from staffing.rules.signups import Facts
from staffing.states import HOLDS_TIME
from volunteers.models import Enrolment, Volunteer
from volunteers.states import PersonKind

LENDABLE = [
    PersonKind.SECONDED,
    PersonKind.VOLUNTEER,
    PersonKind.COMMUNITY_STAFF,
    PersonKind.GRID_MEMBER,
    PersonKind.SOCIAL_WORKER,
]
PEOPLE = PERSON.replace("where v.id = %(volunteer)s::bigint", "where v.id = any(%(volunteers)s::bigint[])")
# Of posts that differ in nothing the rules look at, one stands for all.
OPEN_POSTS = """
    select distinct on (s.starts_at, s.ends_at, i.compound_id, i.kind, p.role_id, p.person_kinds) p.id
    from staffing_post p
    join staffing_shift s on s.id = p.shift_id
    join staffing_role r on r.id = p.role_id
    join communities_site i on i.id = s.site_id
    join communities_area a on a.id = i.area_id
    left join staffing_callup c on c.id = s.call_up_id
    where a.path like %(path)s::text || '%%' and r.counted and p.agency_id is null and p.taken + p.pledged < p.seats
      and s.status in ('open', 'closed', 'running') and coalesce(c.status, 'open') in ('open', 'closed')
      and s.starts_at >= %(since)s::timestamptz and s.ends_at <= %(until)s::timestamptz and s.ends_at > %(now)s::timestamptz
    order by s.starts_at, s.ends_at, i.compound_id, i.kind, p.role_id, p.person_kinds
    limit 100
"""


@dataclass(frozen=True, slots=True)
class Span:
    """From whom to whom, over [start, end)."""

    giver: Area
    taker: Area
    start: datetime
    end: datetime


def open_posts(taker: Area, start: datetime, end: datetime, now: datetime) -> list[int]:
    """The posts of the community that lie within the time and have a seat to give, one of each sort."""
    return [pk for (pk,) in fetch(OPEN_POSTS, path=taker.path, since=start, until=end, now=now)]


def hours_of_need(taker: Area, now: datetime, until: datetime) -> tuple[datetime, datetime] | None:
    """From the first to the last hour of the community's open seats until then; None if there are none."""
    posts = Post.objects.filter(pk__in=open_posts(taker, now, until, now))
    found = posts.aggregate(first=Min("shift__starts_at"), last=Max("shift__ends_at"))
    return (found["first"], found["last"]) if found["first"] else None


def cases(volunteer_ids: Sequence[int], span: Span, now: datetime) -> dict[int, list[Facts]]:
    """By person, how they stand to each of these posts; three queries for any number of people."""
    found = places(open_posts(span.taker, span.start, span.end, now), now)
    if not found:
        return {}
    since = min(place.interval.start for place in found) - NEAR
    until = max(place.interval.end for place in found) + NEAR
    ids = [place.post for place in found]
    people = fetch(PEOPLE, volunteers=list(volunteer_ids), posts=ids, since=since, until=until)
    return {row[0]: [Facts(person_of(row, place, now), place, now, by_staff=True) for place in found] for row in people}


def reasons(volunteer_ids: Iterable[int], span: Span, now: datetime, *, without: int = 0) -> dict[int, list[Refusal]]:
    """By person every reason against lending them; empty: they can go. `without`: this lending does not count."""
    ids = sorted(set(volunteer_ids))
    facts, theirs, kept = cases(ids, span, now), of_community(ids, span), seats_at_home(ids, span)
    lent = set(lent_then(ids, span).exclude(lending=without).values_list("volunteer", flat=True))
    return {
        pk: against(facts.get(pk, []), is_theirs=pk in theirs, lent=pk in lent, seats_kept=kept.get(pk, 0))
        for pk in ids
    }


def lent_then(volunteer_ids: Iterable[int], span: Span) -> QuerySet[LentPerson]:
    return LentPerson.objects.filter(
        binds=True, volunteer__in=list(volunteer_ids), period__overlap=(span.start, span.end)
    )


def of_community(volunteer_ids: Iterable[int], span: Span) -> set[int]:
    """Whom the giving community knows: checked in with it, or lent to it on duty."""
    return set(known_to(span.giver).filter(pk__in=list(volunteer_ids)).values_list("pk", flat=True))


def known_to(area: Area) -> QuerySet[Volunteer]:
    enrolled = Enrolment.objects.filter(community__path__startswith=area.path, ended_at=None, volunteer=OuterRef("pk"))
    on_duty = Secondment.objects.active().filter(area__path__startswith=area.path, volunteer=OuterRef("pk"))
    return Volunteer.objects.filter(Exists(enrolled) | Exists(on_duty), kind__in=LENDABLE)


def seats_at_home(volunteer_ids: Iterable[int], span: Span) -> dict[int, int]:
    """How many seats people hold in the giving community in that time."""
    held = SignUp.objects.filter(
        volunteer__in=list(volunteer_ids),
        status__in=HOLDS_TIME,
        period__overlap=(span.start, span.end),
        shift__site__area__path__startswith=span.giver.path,
    )
    return dict(held.values_list("volunteer").annotate(seats=Count("pk")))


def spare(span: Span, most: int = 100) -> list[Volunteer]:
    """People of the giving community without a seat or another loan in that time, who are lent first."""
    busy = SignUp.objects.filter(
        volunteer=OuterRef("pk"), status__in=HOLDS_TIME, period__overlap=(span.start, span.end)
    )
    lent = LentPerson.objects.filter(binds=True, volunteer=OuterRef("pk"), period__overlap=(span.start, span.end))
    found = known_to(span.giver).filter(~Exists(busy), ~Exists(lent), user__is_active=True)
    seconded = Case(When(kind=PersonKind.SECONDED, then=0), default=1)
    return list(found.select_related("user").order_by(seconded, "pk")[:most])


def duty_seats(volunteer_ids: Iterable[int], taker: Area, start: datetime, end: datetime) -> list[SignUp]:
    """The seats given to lent staff over there that begin in that time, the first first."""
    mine = SignUp.objects.alive().filter(volunteer__in=list(volunteer_ids), secondment__isnull=False)
    there = mine.filter(
        shift__site__area__path__startswith=taker.path, period__startswith__gte=start, period__startswith__lt=end
    )
    return list(there.select_related("shift", "volunteer__user").order_by("period", "pk"))
