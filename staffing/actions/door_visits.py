"""Taps at doors: taken in whatever order and however late they arrive, each once; what they come to is a rule's.

The entrances are held, sorted, from before the taps are read until the counts are written; so two phones at one door
end as if one had waited for the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from communities.errors import Invalid, Refusal, Refused
from communities.models import User
from staffing.actions import homes
from staffing.locks import patience
from staffing.models import DoorVisit, RoundDoor, RoundEntrance
from staffing.queries.beats import holdings_of
from staffing.rules.beats import Holding, made_while
from staffing.rules.doors import KEPT, TRIES, Knock, standing
from staffing.states import DoorOutcome, Need

MOST_TAPS = 200


@dataclass(frozen=True, slots=True)
class Tap:
    """One tap of a phone. `undo`: the tap of that client id is taken back."""

    client_id: UUID
    made_at: datetime
    door: int = 0
    outcome: DoorOutcome = DoorOutcome.PENDING
    need: Need | None = None
    undo: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a tap: taken, known already, or refused with a reason."""

    client_id: UUID
    result: str
    refusal: Refusal | None = None


@transaction.atomic
def record(taps: Sequence[Tap], *, by: User, now: datetime, sent_at: datetime | None = None) -> list[Taken]:
    """Take the taps of one phone, in their order; sent again, the same answer and nothing twice.

    `sent_at` is the phone's clock when it sent them, by which a wrong clock is put right. Raises Invalid above 200.
    """
    if len(taps) > MOST_TAPS:
        raise Invalid(visits=_("At most 200 taps at once."))
    skew = now - sent_at if sent_at else timedelta(0)
    doors = lock(taps, by)
    known = {visit.client_id: visit for visit in of_phone(taps, by)}
    held = holdings_of(by, {door.stairs_id for door in doors.values()})
    taken = [take(tap, min(tap.made_at + skew, now), doors, known, held, by, now) for tap in taps]
    DoorVisit.objects.bulk_create(visit for visit in known.values() if visit.pk is None)
    settle({visit.door_id for visit in known.values()} & doors.keys(), now)
    return taken


def lock(taps: Sequence[Tap], by: User) -> dict[int, RoundDoor]:
    """Hold the entrances of these doors, and read them as they are now."""
    ids = {tap.door for tap in taps} | set(of_phone(taps, by).values_list("door", flat=True))
    stairs = RoundEntrance.objects.filter(pk__in=RoundDoor.objects.filter(pk__in=ids).values("stairs"))
    with patience():
        list(stairs.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    return RoundDoor.objects.select_related("stairs__round").in_bulk(ids)


def of_phone(taps: Iterable[Tap], by: User) -> QuerySet[DoorVisit]:
    return DoorVisit.objects.filter(by=by, client_id__in={tap.client_id for tap in taps})


def take(
    tap: Tap,
    at: datetime,
    doors: dict[int, RoundDoor],
    known: dict[UUID, DoorVisit],
    held: dict[int, list[Holding]],
    by: User,
    now: datetime,
) -> Taken:
    """Put one tap among those that are known, or say why not."""
    earlier = known.get(tap.client_id)
    if tap.undo:
        return undone(earlier, tap.client_id, doors, now)
    if earlier:
        same = earlier.door_id == tap.door and earlier.outcome == tap.outcome
        return Taken(tap.client_id, "known" if same else "refused", None if same else Refusal("tap_reused"))
    door = doors.get(tap.door)
    holdings = held.get(door.stairs_id, []) if door else []
    if not door or not any(made_while(holding, at) for holding in holdings):
        return Taken(tap.client_id, "refused", Refusal("not_your_door"))
    if refusal := closed(door, at, now):
        return Taken(tap.client_id, "refused", refusal)
    known[tap.client_id] = noted(door, tap.outcome, tap.need, by=by, at=at, now=now, client_id=tap.client_id)
    return Taken(tap.client_id, "taken")


def closed(door: RoundDoor, at: datetime, now: datetime) -> Refusal | None:
    """A tap from before the closing counts still, as long as the doors are kept."""
    end = door.stairs.round.closed_at
    return Refusal("door_round_closed") if end and (at >= end or now >= end + KEPT) else None


def undone(visit: DoorVisit | None, client_id: UUID, doors: dict[int, RoundDoor], now: datetime) -> Taken:
    if not visit:
        return Taken(client_id, "refused", Refusal("no_such_tap"))
    if visit.undone_at:
        return Taken(client_id, "known")
    if refusal := closed(doors[visit.door_id], now, now):
        return Taken(client_id, "refused", refusal)
    visit.undone_at = now
    if visit.pk:
        visit.save(update_fields=["undone_at"])
    return Taken(client_id, "taken")


def noted(
    door: RoundDoor,
    outcome: DoorOutcome,
    need: Need | None,
    *,
    by: User,
    at: datetime,
    now: datetime,
    client_id: UUID,
    desk: bool = False,
) -> DoorVisit:
    return DoorVisit(
        door=door,
        by=by,
        client_id=client_id,
        outcome=outcome,
        need=need or "",
        desk=desk,
        made_at=at,
        received_at=now,
    )


@transaction.atomic
def decide(door_id: int, outcome: DoorOutcome, need: Need | None = None, *, by: User, now: datetime) -> RoundDoor:
    """The desk's word about a door, which replaces what was said before. Raises Refused when the round is closed."""
    door = RoundDoor.objects.get(pk=door_id)
    with patience():
        RoundEntrance.objects.select_for_update(no_key=True).get(pk=door.stairs_id)
    door = RoundDoor.objects.select_related("stairs__round").get(pk=door_id)
    if door.stairs.round.closed_at:
        raise Refused("door_round_closed")
    noted(door, outcome, need, by=by, at=now, now=now, client_id=uuid4(), desk=True).save()
    settle({door.pk}, now)
    door.refresh_from_db()
    return door


def settle(ids: Iterable[int], now: datetime) -> None:
    """What the doors stand at, by their visits; then what their homes need, and the counts. The entrances are held."""
    doors = list(RoundDoor.objects.filter(pk__in=ids).select_related("stairs__round").order_by("pk"))
    knocks = knocks_of(doors)
    for door in doors:
        found = standing(knocks.get(door.pk, ()))
        door.outcome, door.needs, door.tries = found.outcome, [str(need) for need in found.needs], found.tries
        door.said, door.last_at = [str(word) for word in found.said], found.last
    RoundDoor.objects.bulk_update(doors, ["outcome", "needs", "tries", "said", "last_at"])
    homes.follow(doors, now)
    count({door.stairs_id for door in doors})


def knocks_of(doors: Sequence[RoundDoor]) -> dict[int, list[Knock]]:
    found: dict[int, list[Knock]] = {}
    for visit in DoorVisit.objects.filter(door__in=doors, undone_at=None):
        knock = Knock(
            visit.made_at,
            visit.by_id,
            visit.pk,
            DoorOutcome(visit.outcome),
            Need(visit.need) if visit.need else None,
            visit.desk,
        )
        found.setdefault(visit.door_id, []).append(knock)
    return found


COUNTS = {
    "notified": Q(outcome=DoorOutcome.NOTIFIED),
    "no_answer": Q(outcome=DoorOutcome.NO_ANSWER, tries__gte=TRIES),
    "home_service": Q(outcome=DoorOutcome.HOME_SERVICE),
    "vacant": Q(outcome=DoorOutcome.VACANT),
    "refused": Q(outcome=DoorOutcome.REFUSED),
    "again": Q(outcome=DoorOutcome.NO_ANSWER, tries__lt=TRIES),
    "disputed": Q(said__len__gt=1),
}


def count(stairs: Iterable[int]) -> None:
    """The counts of these entrances, from their doors."""
    doors = RoundDoor.objects.filter(stairs=OuterRef("pk")).order_by().values("stairs")
    sums = {
        name: Coalesce(Subquery(doors.annotate(n=Count("pk", filter=which)).values("n")), 0)
        for name, which in COUNTS.items()
    }
    RoundEntrance.objects.filter(pk__in=list(stairs)).update(**sums)
