"""What a lead does with a rota: begin it, say who is in it, publish its days, change a day off, mend what came open."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction

from communities.errors import Invalid, Refused
from communities.models import Area, Site, User
from staffing.actions.rota_days import Publisher, mend
from staffing.locks import patience
from staffing.models import CallUp, Role, Rota, RotaDay, RotaDayOff, RotaMember, RotaSite
from staffing.phrases import field_error
from staffing.queries import rotas as queries
from staffing.rules.rota_patterns import CHANGES, OFF, STANDARD, faults, next_phase, phases, unreadable
from staffing.rules.rotas import Dealt, deal, homes

__all__ = [
    "RotaPlan",
    "begin",
    "end",
    "enlist",
    "give_day_off",
    "leave",
    "mend",
    "preview",
    "publish",
    "take_back_day_off",
]


@dataclass(frozen=True, slots=True)
class RotaPlan:
    """What a rota shall be. `seats` by site, the same in every shift: 1 to 500."""

    call_up: int
    role: int
    seats: Mapping[int, int]
    first_day: date
    changes: Sequence[time] = CHANGES
    pattern: str = STANDARD
    briefing: str = ""
    briefing_en: str = ""


@transaction.atomic
def begin(area_id: int, plan: RotaPlan, *, by: User, now: datetime) -> Rota:
    """A rota without people yet. Raises Invalid per field, Refused with every rest rule that its pattern breaks.

    Begun again for the same call, returns the one that is there.
    """
    if there := Rota.objects.filter(area=area_id, call_up=plan.call_up).first():
        return there
    area = Area.objects.get(pk=area_id)
    check(area, plan)
    role = Role.objects.get(pk=plan.role)
    rota = Rota(
        area=area,
        call_up_id=plan.call_up,
        role=role,
        changes=list(plan.changes),
        pattern=plan.pattern,
        first_day=plan.first_day,
        briefing=plan.briefing,
        briefing_en=plan.briefing_en,
        created_by=by,
        is_demo=by.is_demo,
    )
    pattern = queries.pattern_of(rota, queries.zone_of(rota))
    if found := faults(pattern, timedelta(minutes=role.max_block_minutes)):
        raise Refused(found)
    try:
        with transaction.atomic():
            rota.save()
    except IntegrityError as error:
        raise Refused("call_has_rota") from error
    RotaSite.objects.bulk_create(RotaSite(rota=rota, site_id=site, seats=seats) for site, seats in plan.seats.items())
    return rota


def check(area: Area, plan: RotaPlan) -> None:
    errors = {}
    if code := unreadable(plan.pattern, plan.changes):
        errors["changes" if code == "changes_out_of_order" else "pattern"] = code
    if not CallUp.objects.filter(pk=plan.call_up, community__path__startswith=area.path).exists():
        errors["call_up"] = "unknown_call"
    if not Role.objects.filter(pk=plan.role).exists():
        errors["role"] = "unknown_role"
    if Site.objects.filter(pk__in=list(plan.seats), area__path__startswith=area.path).count() != len(plan.seats):
        errors["sites"] = "unknown_site"
    if not plan.seats or any(isinstance(n, bool) or not 1 <= n <= 500 for n in plan.seats.values()):
        errors["sites"] = "seats_out_of_range"
    if errors:
        raise Invalid(**{name: field_error(code) for name, code in errors.items()})


def hold(rota_id: int) -> Rota:
    """The rota, locked: its people and days are changed by one at a time."""
    with patience():
        rows = Rota.objects.select_related("area", "call_up", "role", "created_by")
        return rows.select_for_update(of=("self",), no_key=True).get(pk=rota_id)


@transaction.atomic
def enlist(rota_id: int, volunteers: Iterable[int] | None, *, day: date, by: User, now: datetime) -> list[RotaMember]:
    """Take people into the rota from that day on: those named, or (None) everybody on duty with the area.

    Who is in a rota already stays where they are. Raises Invalid where one of those named is not on duty here.
    """
    rota = hold(rota_id)
    able = queries.candidates(rota, now)
    if volunteers is not None:
        wanted = set(volunteers) - set(rota.members.staying(day).values_list("volunteer_id", flat=True))
        able = able.filter(pk__in=wanted)
        if len(able) != len(wanted):
            raise Invalid(volunteers=field_error("unknown_person"))
    found = list(able)
    rows = [
        RotaMember(rota=rota, volunteer=person, phase=phase, site_id=site, from_day=max(day, rota.first_day))
        for person, (phase, site) in zip(found, places_for(rota, len(found)), strict=True)
    ]
    return RotaMember.objects.bulk_create(rows)


def places_for(rota: Rota, number: int) -> list[tuple[int, int]]:
    """Phase and usual site for so many who join."""
    length, seats = len(rota.pattern), dict(rota.sites.values_list("site_id", "seats"))
    there = list(rota.members.filter(until_day=None).values_list("phase", "site_id"))
    if not there:
        return list(zip(phases(number, length), homes(seats, number), strict=True)) if number else []
    taken, at = [phase for phase, _site in there], Counter(site for _phase, site in there)
    found = []
    for _person in range(number):
        phase = next_phase(taken, length)
        site = min(seats, key=lambda pk: (at[pk] / seats[pk], pk))
        taken.append(phase)
        at[site] += 1
        found.append((phase, site))
    return found


@transaction.atomic
def leave(member_id: int, last_day: date, *, by: User, now: datetime) -> RotaMember:
    """The person is in the rota until that day. Seats they hold after it are given up, and filled as far as may be."""
    found = RotaMember.objects.get(pk=member_id)
    rota = hold(found.rota_id)
    found.refresh_from_db()
    found.until_day = max(last_day, found.from_day)
    found.save(update_fields=["until_day"])
    for day in rota.days.filter(day__gt=found.until_day).values_list("day", flat=True):
        mend(rota, day, by=by, now=now)
    return found


@transaction.atomic
def end(rota_id: int, *, by: User, now: datetime) -> Rota:
    """No more days are published; those that are stand. Its people are free for another rota."""
    rota = hold(rota_id)
    if not rota.ended_at:
        today = now.astimezone(queries.zone_of(rota)).date()
        for member in rota.members.filter(until_day=None):
            member.until_day = max(today, member.from_day)
            member.save(update_fields=["until_day"])
        rota.ended_at = now
        rota.save(update_fields=["ended_at"])
    return rota


def preview(rota: Rota, day: date) -> Dealt:
    """What publishing the day would place, and what it would leave empty; nothing is written."""
    zone = queries.zone_of(rota)
    pattern, hands = queries.pattern_of(rota, zone), queries.hands_of(rota, day, day, zone)
    return deal(pattern, queries.ground_of(rota), hands, day, 1)


@transaction.atomic
def publish(rota_id: int, day: date, *, by: User, now: datetime) -> RotaDay:
    """The day stands: its shifts, its seats, and everybody on them, in one transaction. Published again, as it is.

    What nobody was left for is offered to the reserves of the call. Raises Refused where the day is not the next one,
    or where a shift lacks what people have to know (no_briefing ...).
    """
    rota = hold(rota_id)
    if there := rota.days.filter(day=day).first():
        return there
    if rota.ended_at:
        raise Refused("rota_ended")
    zone = queries.zone_of(rota)
    if day != queries.next_day(rota, now.astimezone(zone).date()):
        raise Refused("rota_day_order")
    return Publisher(rota, day, zone, by, now).publish(preview(rota, day))


@transaction.atomic
def give_day_off(member_id: int, day: date, instead: date | None = None, *, by: User, now: datetime) -> RotaDayOff:
    """The person need not come on that day; they would serve on the pattern's own day off `instead`, if rest allows.

    On days that stand already their seat is given up, and both days are mended. Asked again, returns the first.
    """
    member = RotaMember.objects.get(pk=member_id)
    rota = hold(member.rota_id)
    zone = queries.zone_of(rota)
    check_day_off(rota, member, day, instead, now.astimezone(zone).date())
    found, new = RotaDayOff.objects.get_or_create(
        member=member, day=day, defaults={"instead": instead, "given_by": by, "given_at": now}
    )
    if new:
        for touched in rota.days.filter(day__in=[at for at in (day, instead) if at]).values_list("day", flat=True):
            mend(rota, touched, by=by, now=now)
    return found


def check_day_off(rota: Rota, member: RotaMember, day: date, instead: date | None, today: date) -> None:
    def is_off(at: date) -> bool:
        return rota.pattern[(member.phase + (at - rota.first_day).days) % len(rota.pattern)] == OFF

    errors = {}
    if day < today or not member.from_day <= day <= (member.until_day or date.max):
        errors["day"] = "in_the_past" if day < today else "day_outside_rota"
    elif is_off(day):
        errors["day"] = "day_off_already"
    if instead and (instead < today or not is_off(instead)):
        errors["instead"] = "in_the_past" if instead < today else "not_a_day_off"
    if errors:
        raise Invalid(**{name: field_error(code) for name, code in errors.items()})


@transaction.atomic
def take_back_day_off(day_off_id: int, *, by: User, now: datetime) -> None:
    """The day is again as the pattern has it; a seat that is still free then may be theirs again."""
    found = RotaDayOff.objects.select_related("member").get(pk=day_off_id)
    rota = hold(found.member.rota_id)
    found.delete()
    for touched in rota.days.filter(day__in=[at for at in (found.day, found.instead) if at]).values_list(
        "day", flat=True
    ):
        mend(rota, touched, by=by, now=now)


@transaction.atomic
def mend_day(rota_id: int, day: date, *, by: User, now: datetime) -> int:
    """The same by hand, of a day that stands: how many stand in. Raises Refused where it does not."""
    rota = hold(rota_id)
    if not rota.days.filter(day=day).exists():
        raise Refused("rota_day_open")
    return mend(rota, day, by=by, now=now)


def sweep(now: datetime) -> int:
    """Seats of people who are away by now go to the reserves, then to those left over; returns how many days."""
    days: defaultdict[int, set[datetime]] = defaultdict(set)
    for rota_id, start in queries.away_with_seats(now):
        days[rota_id].add(start)
    return sum(mend_days(rota_id, starts, now) for rota_id, starts in days.items())


@transaction.atomic
def mend_days(rota_id: int, starts: Iterable[datetime], now: datetime) -> int:
    rota = hold(rota_id)
    zone = queries.zone_of(rota)
    touched = rota.days.filter(day__in={start.astimezone(zone).date() for start in starts}).select_related(
        "published_by"
    )
    for found in touched:
        if by := found.published_by or rota.created_by:
            mend(rota, found.day, by=by, now=now)
    return len(touched)
