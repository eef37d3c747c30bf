"""Supplies: asked for without a name, changed as needs change, brought by one carrier each, forgotten in time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from communities.errors import Invalid, Refused
from communities.limits import Limit, spend
from communities.models import Compound, User
from staffing.actions.door_rounds import forget_events
from staffing.locks import lock_volunteer, patience
from staffing.messages import supplies as told
from staffing.models import SupplyChange, SupplyRequest
from staffing.phrases import field_error
from staffing.queries.supplies import carrier
from staffing.rules.supplies import changeable, refusals, step
from staffing.states import SUPPLY_HELD, SUPPLY_OVER, SupplyNeed, SupplyStatus

CLAIMS = Limit("supply-claims", 30, 60)
KEPT = timedelta(days=14)
MOST_PARCELS = 99
# Whoever comes first: the row is taken only while it waits.
CLAIM = """
    update staffing_supplyrequest set status = 'matched', carrier_id = %(carrier)s, claims = claims + 1
    where id = %(request)s and status = 'open'
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a household needs: no name, no phone. `place` is house, stairwell and flat; parcels 1 to 99."""

    need: SupplyNeed
    due_at: datetime
    parcels: int = 1
    compound_id: int | None = None
    place: str = ""


def check(area_id: int, wish: Wish, now: datetime) -> None:
    errors = {}
    if wish.due_at <= now:
        errors["due_at"] = "in_the_past"
    if isinstance(wish.parcels, bool) or not 1 <= wish.parcels <= MOST_PARCELS:
        errors["parcels"] = "parcels_out_of_range"
    if wish.compound_id and not Compound.objects.filter(pk=wish.compound_id, community=area_id).exists():
        errors["compound"] = "unknown_compound"
    if errors:
        raise Invalid(**{name: field_error(code) for name, code in errors.items()})


@transaction.atomic
def ask(area_id: int, wish: Wish, *, by: User, now: datetime) -> SupplyRequest:
    """Write down what has to be brought. Raises Invalid per field."""
    check(area_id, wish, now)
    made = SupplyRequest.objects.create(
        area_id=area_id,
        compound_id=wish.compound_id,
        place=wish.place.strip()[:60],
        need=wish.need,
        parcels=wish.parcels,
        due_at=wish.due_at,
        created_by=by,
        created_at=now,
        is_demo=by.is_demo,
    )
    keep(made, by, now)
    return made


def keep(found: SupplyRequest, by: User, now: datetime) -> None:
    SupplyChange.objects.create(
        request=found, need=found.need, parcels=found.parcels, due_at=found.due_at, at=now, by=by
    )


def hold(request_id: int) -> SupplyRequest:
    with patience():
        rows = SupplyRequest.objects.select_related("carrier")
        return rows.select_for_update(of=("self",), no_key=True).get(pk=request_id)


@transaction.atomic
def change(
    request_id: int, need: SupplyNeed, parcels: int, due_at: datetime, *, by: User, now: datetime
) -> SupplyRequest:
    """The household needs something else, more or less, or at another time; whoever brings it is told.

    What it was before stays in its history. Said again, nothing changes.
    """
    found = hold(request_id)
    if (found.need, found.parcels, found.due_at) == (need, parcels, due_at):
        return found
    if refusal := changeable(SupplyStatus(found.status)):
        raise Refused(refusal)
    check(found.area_id, Wish(need, due_at, parcels), now)
    found.need, found.parcels, found.due_at = need, parcels, due_at
    found.save(update_fields=["need", "parcels", "due_at"])
    keep(found, by, now)
    told.changed(found, now)
    return found


def claim(request_id: int, volunteer_id: int, *, now: datetime) -> SupplyRequest:
    """The person brings it, if nobody was faster. Asked again by the same person, the request as it is.

    Raises Refused: taken, over, or what the rules say about the person. TooMany after 30 tries a minute.
    """
    spend((CLAIMS, str(volunteer_id)))
    return take(request_id, volunteer_id, now)


@transaction.atomic
def take(request_id: int, volunteer_id: int, now: datetime) -> SupplyRequest:
    lock_volunteer(volunteer_id)
    found = SupplyRequest.objects.get(pk=request_id)
    if found.carrier_id == volunteer_id and found.status in SUPPLY_HELD:
        return found
    if reasons := refusals(carrier(volunteer_id, found.area_id, now)):
        raise Refused(reasons)
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"request": request_id, "carrier": volunteer_id})
        won = cursor.rowcount == 1
    found.refresh_from_db()
    if not won:
        raise Refused("supply_is_over" if found.status in SUPPLY_OVER else "supply_taken")
    return found


@transaction.atomic
def hand(request_id: int, volunteer_id: int, *, by: User, now: datetime) -> SupplyRequest:
    """The desk gives it to somebody at the station, who is told. Given to the same person again, as it is."""
    before = SupplyRequest.objects.values_list("carrier", "status").get(pk=request_id)
    found = take(request_id, volunteer_id, now)
    if before != (volunteer_id, found.status):
        told.handed(found, now)
    return found


def go(found: SupplyRequest, status: SupplyStatus, **fields: Any) -> SupplyRequest:
    """One step; Refused if it is not the next. Asked for the state it is in, nothing happens."""
    if found.status == status:
        return found
    if refusal := step(SupplyStatus(found.status), status):
        raise Refused(refusal)
    found.status = status
    for name, value in fields.items():
        setattr(found, name, value)
    found.save(update_fields=["status", *fields])
    return found


@transaction.atomic
def release(request_id: int, *, now: datetime) -> SupplyRequest:
    """Whoever brings it cannot after all: it waits for somebody else."""
    return go(hold(request_id), SupplyStatus.OPEN, carrier=None)


@transaction.atomic
def set_out(request_id: int, *, now: datetime) -> SupplyRequest:
    return go(hold(request_id), SupplyStatus.DELIVERING)


@transaction.atomic
def deliver(request_id: int, *, now: datetime) -> SupplyRequest:
    """It is at the door."""
    return go(hold(request_id), SupplyStatus.DELIVERED, finished_at=now)


@transaction.atomic
def cancel(request_id: int, *, by: User, now: datetime, reason: str) -> SupplyRequest:
    """Nobody has to bring it any more; whoever was about to is told."""
    if not reason.strip():
        raise Invalid(reason=field_error("reason_missing"))
    found = hold(request_id)
    if found.status == SupplyStatus.CANCELLED:
        return found
    go(found, SupplyStatus.CANCELLED, finished_at=now, reason=reason[:200])
    told.cancelled(found, now)
    return found


def forget(now: datetime) -> int:
    """Fourteen days after it is over: where it was, who brought it, and the history go; what was needed stays."""
    due = SupplyRequest.objects.to_forget(now - KEPT).order_by("pk").values_list("pk", flat=True)
    return sum(forget_some(list(due[:500]), now) for _batch in range(0, len(due), 500))


@transaction.atomic
def forget_some(ids: list[int], now: datetime) -> int:
    gone = SupplyRequest.objects.filter(pk__in=ids, forgotten_at=None)
    number = gone.update(place="", carrier=None, reason="", forgotten_at=now)
    forget_events(SupplyRequest, ids)
    return number
