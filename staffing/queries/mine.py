"""What the page of one's own shifts shows."""

from datetime import datetime, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum, Window

from communities.models import DeadEnd, Message, User
from staffing.models import Driver, EquipmentIssue, Post, SignUp
from staffing.queries.beats import entrances_on_phone
from staffing.queries.tickets import open_to, own, tickets
from staffing.states import ALIVE
from volunteers.models import ServiceRecord, Volunteer

SHOWN = 8
RECORDS = 30
MESSAGES = 30
LATELY = timedelta(days=2)


def volunteer_of(user: User, now: datetime) -> Volunteer | None:
    """With the communities they are enrolled in, as `communities`, the channels that do not reach them, as `dead`,
    and whether they drive (`drives`), have doors on their phone now (`knocks`), and things to bring back (`holds`).
    """
    enrolled = Q(enrolments__isnull=False, enrolments__ended_at=None)
    here = ArrayAgg("enrolments__community", filter=enrolled, default=[])
    found = Volunteer.objects.filter(user=user).select_related("residence", "user").annotate(communities=here)
    dead = DeadEnd.objects.filter(user=OuterRef("user")).order_by("channel").values("channel")
    drives = Exists(Driver.objects.filter(volunteer=OuterRef("pk")))
    knocks = Exists(entrances_on_phone(user, now).order_by())
    holds = Exists(EquipmentIssue.objects.out().filter(sign_up__volunteer=OuterRef("pk")))
    return found.annotate(dead=ArraySubquery(dead), drives=drives, knocks=knocks, holds=holds).first()


def told(user: User) -> QuerySet[Message]:
    """The newest messages to the person, the newest first."""
    return Message.objects.filter(reader=user).order_by("-due_at", "-pk")[:MESSAGES]


def coming(user: User, now: datetime) -> QuerySet[SignUp]:
    """Living places that are not over, one's own and of those one brought, and what others ended in the last days."""
    alive = Q(status__in=ALIVE, period__endswith__gt=now)
    ended = Q(status="cancelled", period__endswith__gt=now, changed_at__gt=now - LATELY)
    ended &= ~Q(reason__in=["withdrawn", "moved", "swapped"])
    return tickets().filter(own(user), alive | ended).order_by("period", "pk")


def near(person: Volunteer, now: datetime) -> list[Post]:
    """Free seats in the communities of the person, which the rules let them take."""
    communities = set(person.communities)  # type: ignore[attr-defined]
    if person.residence:
        communities.add(person.residence.community_id)
    return open_to(person, now, within=Q(shift__site__area__in=communities) & ~Q(shift__call_up=None))[:SHOWN]


def records(person: Volunteer) -> QuerySet[ServiceRecord]:
    """The newest first, each with the sum of all as `all_minutes` and `all_times`."""
    sums = {"all_minutes": Window(Sum("minutes")), "all_times": Window(Count("pk"))}
    return ServiceRecord.objects.filter(volunteer=person).annotate(**sums).order_by("-started_at", "-pk")[:RECORDS]
