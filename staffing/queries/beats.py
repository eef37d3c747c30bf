"""Who holds which beat, and the doors on a person's phone."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from communities.access import Visitor
from communities.models import User
from staffing.models import BeatHolding, DoorRound, RoundDoor, RoundEntrance, SignUp
from staffing.rules.beats import AFTER, BEFORE, ON_IT, Holding, sees
from staffing.states import SignUpStatus


def holding_of(row: BeatHolding) -> Holding:
    seat = row.sign_up
    return Holding(
        since=row.since,
        until=row.until,
        starts_at=seat.period.lower,
        ends_at=seat.period.upper,
        status=SignUpStatus(seat.status),
        changed_at=seat.changed_at,
    )


def holdings_of(user: User, stairs: Iterable[int]) -> dict[int, list[Holding]]:
    """The person's times with each of these entrances."""
    found: dict[int, list[Holding]] = {}
    rows = BeatHolding.objects.filter(sign_up__volunteer__user=user, beat__entrances__in=list(stairs))
    pairs = rows.values_list("pk", "beat__entrances")
    holdings = {row.pk: holding_of(row) for row in rows.select_related("sign_up").distinct()}
    for pk, entrance in pairs:
        if entrance:
            found.setdefault(entrance, []).append(holdings[pk])
    return found


def held_now(user: Visitor, now: datetime, prefix: str = "") -> Q:
    """Rows under a holding that is on the person's phone now: the rule `sees`, as a condition."""
    if not isinstance(user, User):
        return Q(pk__in=[])
    rows = BeatHolding.objects.filter(
        Q(until=None) | Q(until__gt=now),
        sign_up__volunteer__user=user,
        sign_up__status__in=ON_IT,
        sign_up__period__startswith__lte=now + BEFORE,
        sign_up__period__endswith__gt=now - AFTER,
        since__lte=now,
    )
    return Q(**{f"{prefix}holdings__in": rows})


def entrances_on_phone(user: Visitor, now: datetime) -> QuerySet[RoundEntrance]:
    """The entrances of the beats one holds now, of rounds that are open."""
    return (
        RoundEntrance.objects.filter(held_now(user, now, "beat__"), round__closed_at=None)
        .select_related("round__area", "entrance__building__compound", "beat")
        .distinct()
        .order_by("round_id", "beat__no", "pk")
    )


def shown_until(user: User, stairs: RoundEntrance, now: datetime) -> datetime:
    """When the entrance leaves the person's phone."""
    held = holdings_of(user, [stairs.pk])[stairs.pk]
    return max(holding.shuts for holding in held if holding.status in ON_IT)


def doors_of(stairs: RoundEntrance) -> Sequence[RoundDoor]:
    """From the top floor down, as one sees the building."""
    rows = stairs.doors.select_related("door").order_by("-door__floor", "door__number", "pk")
    return sorted(rows, key=lambda row: (-(row.door.floor or 0), len(row.door.number), row.door.number))


def with_holders(rounds: Iterable[DoorRound]) -> QuerySet[BeatHolding]:
    return (
        BeatHolding.objects.filter(beat__round__in=rounds, until=None)
        .select_related("sign_up__volunteer__user", "sign_up__shift", "beat")
        .order_by("beat__no", "pk")
    )


def seats_for(found: DoorRound) -> QuerySet[SignUp]:
    """Confirmed seats a beat of the round can be given to: of its shift, without one of any shift there meanwhile."""
    rows = SignUp.objects.filter(status__in=ON_IT).select_related("volunteer__user", "shift__site")
    if found.shift_id:
        return rows.filter(shift=found.shift_id).order_by("seat_no", "pk")
    here = {"shift__site__area__path__startswith": found.area.path}
    return rows.filter(**here, period__overlap=(found.begins_at, found.ends_at)).order_by("period", "pk")


def sees_doors(seat: SignUp, now: datetime) -> bool:
    """This seat has doors on the person's phone now."""
    held = BeatHolding.objects.filter(sign_up=seat, beat__round__closed_at=None).select_related("sign_up")
    return any(sees(holding_of(row), now) for row in held)
