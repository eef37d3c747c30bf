"""A rota as it stands and as it will: the rules' people, the days that are published, and those still to come."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from communities.queries.customs import customs_of
from staffing.models import LentPerson, Post, Rota, RotaDay, RotaDayOff, RotaMember, Secondment, SignUp
from staffing.rules.fatigue import Interval
from staffing.rules.rota_patterns import Pattern
from staffing.rules.rotas import NEAR, Gap, Ground, Hand, Turn, deal
from staffing.states import FILLS_SEAT, HOLDS_SEAT, ShiftStatus, SignUpStatus
from volunteers.models import Absence, Volunteer
from volunteers.states import PersonKind

TO_COME = HOLDS_SEAT - {SignUpStatus.CHECKED_IN}
AWAY = Absence.objects.filter(volunteer=OuterRef("volunteer"), period__overlap=OuterRef("period"))
FARTHEST = timedelta(days=60)  # as far as a rota is worked out ahead


def zone_of(rota: Rota) -> ZoneInfo:
    return customs_of([rota.area_id])[rota.area_id].zone


def pattern_of(rota: Rota, zone: ZoneInfo) -> Pattern:
    return Pattern(rota.pattern, tuple(rota.changes), zone)


def ground_of(rota: Rota) -> Ground:
    seats = dict(rota.sites.values_list("site_id", "seats"))
    return Ground(seats, rota.first_day, timedelta(minutes=rota.role.max_block_minutes))


def span(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants of these days, and the night after the last."""
    start, end = first, last + timedelta(days=2)
    return datetime.combine(start, time(), tzinfo=zone), datetime.combine(end, time(), tzinfo=zone)


def hands_of(rota: Rota, first: date, last: date, zone: ZoneInfo) -> list[Hand]:
    """The people of the rota with all that binds them around these days; six statements, however many they are."""
    members = list(rota.members.staying(first))
    since, until = span(first, last, zone)
    near = (since - NEAR, until + NEAR)
    people = [member.volunteer_id for member in members]
    duties = periods(SignUp.objects.holding_time().filter(volunteer__in=people, period__overlap=near))
    away = periods(Absence.objects.touching(*near).filter(volunteer__in=people))
    elsewhere = LentPerson.objects.filter(volunteer__in=people, binds=True, period__overlap=near)
    for volunteer, others in periods(elsewhere.exclude(lending__taker__in=areas_of(rota))).items():
        away[volunteer] += others
    here = periods(Secondment.objects.binding().filter(volunteer__in=people, area__in=areas_of(rota)))
    off, on = days_off([member.pk for member in members])
    return [
        Hand(
            id=member.pk,
            phase=member.phase,
            site=member.site_id,
            duties=tuple(duties[member.volunteer_id]),
            away=tuple(away[member.volunteer_id]),
            here=tuple(here[member.volunteer_id]),
            off=frozenset(off[member.pk]),
            on=frozenset(on[member.pk]),
            since=member.from_day,
            until=member.until_day or date.max,
        )
        for member in members
    ]


def areas_of(rota: Rota) -> list[int]:
    """Where somebody is lent who may be told to stand here: the area, and those above it."""
    return list(rota.area.ancestor_ids)


def periods(rows: QuerySet[Any]) -> defaultdict[int, list[Interval]]:
    found: defaultdict[int, list[Interval]] = defaultdict(list)
    for volunteer, period in rows.values_list("volunteer_id", "period"):
        found[volunteer].append(Interval(period.lower, period.upper))
    return found


def days_off(members: Sequence[int]) -> tuple[defaultdict[int, set[date]], defaultdict[int, set[date]]]:
    """By member: the days off they were given, and the pattern's own that they serve on for them."""
    off, on = defaultdict[int, set[date]](set), defaultdict[int, set[date]](set)
    for member, day, instead in RotaDayOff.objects.filter(member__in=members).values_list("member", "day", "instead"):
        off[member].add(day)
        if instead:
            on[member].add(instead)
    return off, on


def seats_of(rota: Rota) -> QuerySet[Post]:
    """The rota's own seats in the shifts of its call; what other agencies fill is not among them."""
    posts = Post.objects.filter(shift__call_up=rota.call_up_id, role=rota.role_id, agency=None)
    return posts.exclude(shift__status=ShiftStatus.CANCELLED)


@dataclass(slots=True)
class Standing:
    """Published days as they are now. `turns` of the rota's people, `guests` of others (shift, site, volunteer)."""

    turns: list[Turn] = field(default_factory=list)
    guests: list[Turn] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


def standing(rota: Rota, days: Mapping[date, RotaDay], zone: ZoneInfo) -> Standing:
    found = Standing()
    if not days:
        return found
    slots = {change: number for number, change in enumerate(rota.changes)}
    posts = seats_of(rota).filter(shift__starts_at__range=span(min(days), max(days), zone))
    places: dict[int, tuple[date, int, int]] = {}
    for pk, starts_at, site, seats, taken in posts.values_list(
        "pk", "shift__starts_at", "shift__site_id", "seats", "taken"
    ):
        local = starts_at.astimezone(zone)
        slot = slots.get(local.time())
        if slot is None or local.date() not in days:
            continue
        places[pk] = (local.date(), slot, site)
        if seats > taken:
            found.gaps.append(Gap(*places[pk], seats - taken, reasons_in(days[local.date()], slot, site)))
    who = dict(rota.members.values_list("volunteer_id", "pk"))
    held = SignUp.objects.filter(post__in=list(places), status__in=FILLS_SEAT).order_by("post_id", "seat_no")
    for post, volunteer in held.values_list("post_id", "volunteer_id"):
        if member := who.get(volunteer):
            found.turns.append(Turn(*places[post], member))
        else:
            found.guests.append(Turn(*places[post], volunteer))
    found.gaps.sort()
    return found


def reasons_in(day: RotaDay, slot: int, site: int) -> tuple[tuple[str, int], ...]:
    """Why the seats were left empty when the day was published; nothing for those that came free since."""
    rows = (row for row in day.gaps if (row["slot"], row["site"]) == (slot, site))
    return tuple((code, number) for row in rows for code, number in row["reasons"])


@dataclass(slots=True)
class Sheet:
    """Some days of a rota: those that stand as they are, those to come as they would be dealt now."""

    days: list[date]
    published: dict[date, RotaDay]
    turns: list[Turn]
    guests: list[Turn]
    gaps: list[Gap]
    spare: dict[date, list[int]]
    seats: int


def next_day(rota: Rota, today: date) -> date:
    """The first day that is not published yet and can be."""
    last = rota.days.order_by("-day").values_list("day", flat=True).first()
    return max([rota.first_day, today, *([last + timedelta(days=1)] if last else [])])


def sheet(rota: Rota, first: date, number: int, today: date, zone: ZoneInfo) -> Sheet:
    """`number` days from the first on; about ten statements, whatever the size."""
    last = first + timedelta(days=number - 1)
    published = {row.day: row for row in rota.days.filter(day__range=(first, last))}
    ground = ground_of(rota)
    stands = standing(rota, published, zone)
    found = Sheet(
        days=[first + timedelta(days=index) for index in range(number)],
        published=published,
        turns=stands.turns,
        guests=stands.guests,
        gaps=stands.gaps,
        spare={},
        seats=sum(ground.seats.values()) * len(rota.changes),
    )
    begin = next_day(rota, today)
    if ground.seats and not rota.ended_at and begin <= last <= begin + FARTHEST:
        dealt = deal(pattern_of(rota, zone), ground, hands_of(rota, begin, last, zone), begin, (last - begin).days + 1)
        found.turns += [turn for turn in dealt.turns if turn.day >= first]
        found.gaps += [gap for gap in dealt.gaps if gap.day >= first]
        found.spare = {day: hands for day, hands in dealt.spare.items() if day >= first}
    return found


def candidates(rota: Rota, now: datetime) -> QuerySet[Volunteer]:
    """Who is on duty with the area, or with one above it, and in no rota yet."""
    lent = Secondment.objects.active().filter(area__in=areas_of(rota), period__endswith__gt=now).values("volunteer")
    free = Volunteer.objects.filter(pk__in=lent, kind=PersonKind.SECONDED)
    return free.exclude(pk__in=RotaMember.objects.staying(now.date()).values("volunteer")).order_by("pk")


def names_of(members: Iterable[int], guests: Iterable[int] = ()) -> tuple[dict[int, str], dict[int, str]]:
    """By member, and by volunteer; two statements."""
    own = RotaMember.objects.filter(pk__in=set(members)).values_list("pk", "volunteer__user__name")
    others = Volunteer.objects.filter(pk__in=set(guests)).values_list("pk", "user__name")
    return dict(own), dict(others)


def giving_up(rota: Rota, day: date, posts: Sequence[int]) -> QuerySet[SignUp]:
    """The seats of people of the rota who do not serve on that day after all."""
    not_coming = rota.members.filter(Q(days_off__day=day) | Q(until_day__lt=day)).values("volunteer")
    held = SignUp.objects.filter(Exists(AWAY) | Q(volunteer__in=not_coming), post__in=posts, status__in=TO_COME)
    return held.filter(volunteer__in=rota.members.values("volunteer")).order_by("volunteer_id")


def away_with_seats(now: datetime) -> list[tuple[int, datetime]]:
    """Rotas with people who hold a seat to come and have said since that they are away; with each seat's start."""
    held = SignUp.objects.filter(
        Exists(AWAY),
        status__in=TO_COME,
        shift__call_up__rota__ended_at=None,
        shift__call_up__rota__isnull=False,
        shift__starts_at__gt=now,
    )
    return list(held.values_list("shift__call_up__rota", "shift__starts_at").distinct())
