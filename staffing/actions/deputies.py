"""Who stands in for the lead of a shift: named, told, and in charge from the moment the lead cannot come."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from communities.errors import Invalid, Refused
from communities.models import User
from staffing.locks import patience
from staffing.messages import deputies as told
from staffing.models import Shift
from staffing.phrases import field_error
from staffing.queries.deputies import in_charge, lead_seat_held, still_here
from staffing.rules.deputies import Charge, without
from staffing.states import ShiftStatus

OVER = (ShiftStatus.FINISHED, ShiftStatus.CANCELLED)


def hold(shift_id: int) -> Shift:
    with patience():
        rows = Shift.objects.select_for_update(of=("self",), no_key=True)
        return rows.select_related("site__area", "call_up").get(pk=shift_id)


def charge_of(shift: Shift) -> Charge:
    return Charge(shift.leader_id, shift.deputy_id)


def check(charge: Charge) -> None:
    if charge.deputy and charge.deputy == charge.leader:
        raise Invalid(deputy=field_error("own_deputy"))


def put(shift: Shift, charge: Charge, now: datetime) -> None:
    """Write who is in charge of a shift that is held, and tell whoever stands in from now on. The same again: as it is."""
    check(charge)
    if charge == Charge(shift.leader_id, shift.deputy_id):
        return
    new = charge.deputy and charge.deputy != shift.deputy_id
    shift.leader_id, shift.deputy_id = charge.leader, charge.deputy
    shift.version += 1
    shift.save(update_fields=["leader", "deputy", "version"])
    if new and shift.status != ShiftStatus.DRAFT:
        told.named(shift, now)


@transaction.atomic
def name(shift_id: int, deputy: int | None, *, by: User, now: datetime) -> Shift:
    """This account stands in, or nobody does. The same again: as it is. Raises Invalid for the leader themselves."""
    shift = hold(shift_id)
    if shift.deputy_id == deputy:
        return shift
    if shift.status in OVER:
        raise Refused("invalid_transition", status=shift.status)
    put(shift, Charge(shift.leader_id, deputy), now)
    return shift


@transaction.atomic
def step_up(shift_id: int, *, by: User, now: datetime) -> Shift:
    """The lead cannot be there: who stands in is in charge, is told, and so is the desk.

    Raises Refused if nobody stands in.
    """
    shift = hold(shift_id)
    if shift.status in OVER:
        raise Refused("invalid_transition", status=shift.status)
    if not shift.deputy_id:
        raise Refused("nobody_stands_in")
    change(shift, Charge(shift.deputy_id), shift.leader_id, now)
    return shift


def freed(signup_ids: Iterable[int], now: datetime) -> None:
    """These seats have just ended, by whoever's word: who was in charge there, or stood in, is so no more.

    Who is moved to another seat of the same shift stays what they are there.
    """
    for signup in in_charge(signup_ids, now):
        gone = signup.volunteer.user_id
        if still_here(signup.shift_id, gone):
            continue
        shift = hold(signup.shift_id)
        before = charge_of(shift)
        after = without(before, gone, led_by_seat=signup.post.role.leads and not lead_seat_held(shift.pk))
        if after != before and shift.status not in OVER:
            change(shift, after, gone, now)


def change(shift: Shift, after: Charge, gone: int | None, now: datetime) -> None:
    put(shift, after, now)
    told.moved_on(shift, gone, now)


def forget(user_ids: Collection[int], now: datetime) -> None:
    """People who are about to be forgotten lead nobody and stand in for nobody on shifts that are still to come."""
    coming = Shift.objects.filter(ends_at__gt=now)
    for shift in coming.filter(Q(leader__in=user_ids) | Q(deputy__in=user_ids)).order_by("pk"):
        after = charge_of(shift)
        for gone in user_ids:
            after = without(after, gone)
        row = Shift.objects.filter(pk=shift.pk)
        row.update(leader=after.leader, deputy=after.deputy, version=F("version") + 1)
