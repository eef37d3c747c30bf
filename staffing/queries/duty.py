"""Whose duty a seat can be: who is on duty in a community and free to stand on a post, and where somebody could stand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from communities.models import Area
from staffing.models import LentPerson, Post, Secondment, SignUp
from staffing.queries.facts import cases, gather_all
from staffing.queries.gaps import OWN
from staffing.queries.gaps import STAFF as ON_DUTY
from staffing.queries.secondments import Cover, coverings
from staffing.rules.signups import Facts, refusals
from staffing.states import ALIVE, HOLDS_TIME, SecondmentStatus, ShiftStatus
from volunteers.models import Absence, Volunteer
from volunteers.states import PersonKind

AHEAD = timedelta(days=3)
LOOKED_AT = 300
GOING = [ShiftStatus.OPEN, ShiftStatus.CLOSED, ShiftStatus.RUNNING]


def to_place(post: Post, community: Area, now: datetime, most: int = 40) -> list[Volunteer]:
    """People on duty here whom a lead may put on the post, by every rule: who lives there first. Six queries."""
    shift = post.shift
    if shift.ends_at <= now:
        return []
    people = list(without_seat(on_duty_in(community, now), post).select_related("user", "residence")[:LOOKED_AT])
    found = cases([(post.pk, person.pk) for person in people], now, by_staff=True)
    cover = coverings([person.pk for person in people], found[0].place.interval) if found else {}
    fit = {facts.person.volunteer for facts in found if may_stand(facts, cover) and not refusals(facts)}
    near = sorted(people, key=lambda person: (person.residence_id != shift.site.compound_id, person.pk))
    return [person for person in near if person.pk in fit][:most]


def on_duty_in(community: Area, now: datetime) -> QuerySet[Volunteer]:
    """Its own staff, and whoever is lent to it."""
    enrolled = Q(enrolments__community__path__startswith=community.path, enrolments__ended_at=None)
    seconded = Secondment.objects.active().filter(area__path__startswith=community.path, period__endswith__gt=now)
    lent = LentPerson.objects.filter(binds=True, lending__taker__path__startswith=community.path)
    here = Q(pk__in=seconded.values("volunteer")) | Q(pk__in=lent.values("volunteer"))
    own = Q(pk__in=Volunteer.objects.filter(enrolled, kind__in=ON_DUTY).values("pk"))
    return Volunteer.objects.filter(own | here, user__is_active=True, kind__in=ON_DUTY).order_by("pk")


def without_seat(people: QuerySet[Volunteer], post: Post) -> QuerySet[Volunteer]:
    shift, mine = post.shift, SignUp.objects.filter(volunteer=OuterRef("pk"))
    period = (shift.starts_at, shift.ends_at)
    away = Absence.objects.filter(volunteer=OuterRef("pk"), period__overlap=period)
    busy = mine.filter(Q(status__in=HOLDS_TIME, period__overlap=period) | Q(status__in=ALIVE, shift=shift))
    return people.filter(~Exists(busy), ~Exists(away))


def may_stand(facts: Facts, cover: dict[int, Cover]) -> bool:
    """Their duty reaches there: staff anywhere, who is lent where and when they are."""
    if facts.person.kind is not PersonKind.SECONDED:
        return True
    return cover[facts.person.volunteer].of(facts.place.where.areas, facts.place.interval) is not None


def place_for(found: Secondment, now: datetime) -> Post | None:
    """A post that the person could be told to stand on by this secondment, by every rule: at their home first, then the
    next one. Three queries.
    """
    posts = {post.pk: post for post in open_posts(found, now)}
    if not posts:
        return None
    home = found.volunteer.residence_id
    fit = [posts[facts.place.post] for facts in as_lent(found, list(posts), now) if not refusals(facts)]
    return min(fit, key=lambda post: (post.shift.site.compound_id != home, post.shift.starts_at, post.pk), default=None)


def as_lent(found: Secondment, posts: Sequence[int], now: datetime) -> list[Facts]:
    facts = gather_all(posts, found.volunteer_id, now, by_staff=True)
    return [replace(one, person=replace(one.person, kind=PersonKind.SECONDED)) for one in facts]


def open_posts(found: Secondment, now: datetime) -> QuerySet[Post]:
    start, end = max(now, found.period.lower), min(found.period.upper, now + AHEAD)
    here = Post.objects.with_room().filter(OWN, shift__site__area__path__startswith=found.area.path)
    soon = here.filter(shift__status__in=GOING, shift__starts_at__gte=start, shift__ends_at__lte=end)
    role = Q(role=found.role_id) if found.role_id and found.status != SecondmentStatus.APPROVED else Q()
    rows = soon.filter(role).select_related("shift__site", "role")
    return rows.order_by(F("shift__starts_at"), "pk")[:LOOKED_AT]
