"""Which seats a change of zones reaches, which of them have not been looked at, and the repair list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from communities.access import May, Visitor, within
from communities.models import ZoneStatus
from staffing.models import RecheckedSeat, Shift, SignUp, ZoneRecheck
from staffing.queries import reach
from staffing.states import LOST, ShiftStatus, Verdict

GRACE = timedelta(minutes=1)
OVER = (ShiftStatus.CANCELLED, ShiftStatus.FINISHED)


@dataclass(frozen=True, slots=True)
class Figures:
    """Held seats by what becomes of them; `line` are places in line that are lost, `people` those who are told."""

    seats: int = 0
    stay: int = 0
    approve: int = 0
    cannot_enter: int = 0
    cannot_leave: int = 0
    on_duty: int = 0
    line: int = 0
    people: int = 0

    @property
    def lost(self) -> int:
        return self.cannot_enter + self.cannot_leave


def add_up(found: Iterable[tuple[Verdict, bool, int]]) -> Figures:
    """Of (verdict, held a seat, volunteer)."""
    rows = list(found)
    held = [verdict for verdict, seat, _who in rows if seat]
    return Figures(
        seats=len(held),
        stay=held.count(Verdict.STAYS) + held.count(Verdict.APPROVE),
        approve=held.count(Verdict.APPROVE),
        cannot_enter=held.count(Verdict.CANNOT_ENTER),
        cannot_leave=held.count(Verdict.CANNOT_LEAVE),
        on_duty=held.count(Verdict.ON_DUTY),
        line=sum(verdict in LOST for verdict, seat, _who in rows if not seat),
        people=len({who for verdict, _seat, who in rows if verdict in LOST}),
    )


def figures(recheck: ZoneRecheck) -> Figures:
    rows = recheck.found.values_list("verdict", "held_seat", "sign_up__volunteer_id")
    return add_up((Verdict(verdict), held, who) for verdict, held, who in rows)


def of_compounds(compounds: Any) -> Q:
    return Q(shift__site__compound__in=compounds) | Q(volunteer__residence__in=compounds)


def of_area(path: str) -> Q:
    return Q(shift__site__area__path__startswith=path) | Q(volunteer__residence__community__path__startswith=path)


def of_places(statuses: Iterable[ZoneStatus]) -> Q:
    """At these places, or of people who live there."""
    statuses = list(statuses)
    found = of_compounds([status.compound_id for status in statuses if status.compound_id])
    for status in statuses:
        if status.area:
            found |= of_area(status.area.path)
    return found


def statuses_of(recheck: ZoneRecheck) -> list[ZoneStatus]:
    """Where the rules have changed: at one place, or wherever a level is in force or will be."""
    if recheck.zone_status:
        return [recheck.zone_status]
    if not recheck.policy:
        return []
    in_force = Q(valid__endswith__isnull=True) | Q(valid__endswith__gt=recheck.opened_at)
    return list(ZoneStatus.objects.filter(in_force, level=recheck.policy.level).select_related("area"))


def begins(recheck: ZoneRecheck) -> datetime:
    """From when on the change counts; shifts that are over by then do not mind."""
    status = recheck.zone_status
    return max(recheck.opened_at, status.valid.lower) if status else recheck.opened_at


def in_reach(recheck: ZoneRecheck) -> QuerySet[SignUp]:
    """Seats, offers and places in line that the change can reach.

    Those made since were made under its rules, but for what was on its way at that very moment: hence the grace.
    """
    person = recheck.access_pass.volunteer_id if recheck.access_pass else recheck.mover_id
    reached = Q(volunteer=person) if person else of_places(statuses_of(recheck))
    found = SignUp.objects.alive().filter(reached, created_at__lte=recheck.opened_at + GRACE)
    return found.filter(shift__ends_at__gt=begins(recheck)).exclude(shift__status__in=OVER)


def shifts_near(recheck: ZoneRecheck) -> list[int]:
    """Shifts where somebody may be signing up under the old rules this very moment."""
    coming = Shift.objects.filter(ends_at__gt=begins(recheck)).exclude(status__in=OVER)
    at_places = Q(pk__in=[])
    for status in statuses_of(recheck):
        at_places |= (
            Q(site__area__path__startswith=status.area.path) if status.area else Q(site__compound=status.compound_id)
        )
    theirs = in_reach(recheck).values("shift")
    return list(coming.filter(at_places | Q(pk__in=theirs)).order_by("pk").values_list("pk", flat=True))


def left(recheck: ZoneRecheck) -> QuerySet[SignUp]:
    seen = RecheckedSeat.objects.filter(recheck=recheck, sign_up=OuterRef("pk"))
    return in_reach(recheck).exclude(Exists(seen))


def left_by_shift(recheck: ZoneRecheck) -> list[dict[int, int]]:
    """For each shift, the next first: its sign-ups that are left, and whose they are."""
    rows = left(recheck).order_by("shift__starts_at", "shift_id", "pk").values_list("shift_id", "pk", "volunteer_id")
    return [{pk: who for _shift, pk, who in group} for _shift, group in groupby(rows, key=itemgetter(0))]


def cases_of(rows: Mapping[int, SignUp], now: datetime) -> list[reach.Case]:
    if not rows:
        return []
    since = min(row.period.lower for row in rows.values())
    until = max(row.period.upper for row in rows.values())
    return reach.cases(list(rows), now, since, until)


def due(now: datetime) -> list[int]:
    """Re-checks that are not done, and those so young that a sign-up may have slipped past."""
    found = ZoneRecheck.objects.filter(Q(finished_at=None) | Q(opened_at__gt=now - 2 * GRACE))
    return list(found.order_by("pk").values_list("pk", flat=True))


def visible_to(user: Visitor) -> QuerySet[ZoneRecheck]:
    """Those of one's own areas, and those that reached a seat there."""
    seat = RecheckedSeat.objects.filter(within(user, May.SEE, "sign_up__shift__site__area"), recheck=OuterRef("pk"))
    return ZoneRecheck.objects.filter(within(user, May.SEE, "area") | Exists(seat))


def seats_seen_by(user: Visitor) -> QuerySet[RecheckedSeat]:
    """The repair lists' rows with names: of shifts where one may see names."""
    return RecheckedSeat.objects.filter(within(user, May.NAMES, "sign_up__shift__site__area"))


URGENCY = [Verdict.ON_DUTY, Verdict.CANNOT_ENTER, Verdict.CANNOT_LEAVE, Verdict.APPROVE, Verdict.STAYS]


def repair(user: Visitor, recheck: ZoneRecheck, verdict: str = "") -> QuerySet[RecheckedSeat]:
    """The list as the reader may see it: people on duty first, then the seats that were lost, the next shift first."""
    order = Case(*[When(verdict=one, then=Value(place)) for place, one in enumerate(URGENCY)], default=Value(9))
    found = seats_seen_by(user).filter(recheck=recheck, **({"verdict": verdict} if verdict else {}))
    return found.select_related(
        "sign_up__volunteer__user", "sign_up__volunteer__residence", "sign_up__post__role", "sign_up__shift__site__area"
    ).order_by(order, "sign_up__shift__starts_at", "sign_up__post_id", "pk")
