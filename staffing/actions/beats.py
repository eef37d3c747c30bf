"""Beats: entrances dealt by the work they are, given to seats and taken back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities.errors import Invalid, Refused
from communities.models import User
from staffing.actions.door_rounds import hold
from staffing.models import Beat, BeatHolding, DoorRound, RoundEntrance, SignUp
from staffing.queries.door_rounds import stairs_of
from staffing.rules import beats as rules
from staffing.rules.beats import ON_IT

MOST_BEATS = 500


@transaction.atomic
def deal(round_id: int, beats: int, *, by: User, now: datetime) -> list[Beat]:
    """The round's entrances anew, in at most so many beats. Raises Refused once a beat has been given out, Invalid."""
    if not 1 <= beats <= MOST_BEATS:
        raise Invalid(beats=_("A whole number from 1 to %(most)s.") % {"most": MOST_BEATS})
    found = opened(round_id)
    if BeatHolding.objects.filter(beat__round=found).exists():
        raise Refused("beats_held")
    found.beats.all().delete()
    rows = {row.entrance_id: row for row in found.entrances.all()}
    dealt = rules.deal(stairs_of(found), beats)
    made = Beat.objects.bulk_create(Beat(round=found, no=no) for no, _stairs in enumerate(dealt, 1))
    for beat, stairs in zip(made, dealt, strict=True):
        for one in stairs:
            rows[one.entrance].beat = beat
    RoundEntrance.objects.bulk_update(rows.values(), ["beat"])
    return made


def opened(round_id: int) -> DoorRound:
    found = hold(round_id)
    if found.closed_at:
        raise Refused("door_round_closed")
    return found


@transaction.atomic
def give(beat_id: int, sign_up_id: int, *, by: User, now: datetime) -> BeatHolding:
    """This seat has the beat from now on, beside others that have it. Asked again, nothing changes.

    Raises Refused unless the seat is confirmed and of the same community.
    """
    beat = Beat.objects.select_related("round").get(pk=beat_id)
    opened(beat.round_id)
    seat = SignUp.objects.select_related("shift__site__area").get(pk=sign_up_id)
    if seat.status not in ON_IT or not seat.shift.site.area.path.startswith(beat.round.area.path):
        raise Refused("beat_needs_seat")
    held = BeatHolding.objects.filter(beat=beat, sign_up=seat, until=None)
    if found := held.first():
        return found
    try:
        with transaction.atomic():
            return BeatHolding.objects.create(beat=beat, sign_up=seat, since=now, given_by=by)
    except IntegrityError:
        return held.get()


@transaction.atomic
def take_back(holding_id: int, *, by: User, now: datetime) -> BeatHolding:
    """The seat no longer has the beat. What was tapped until now counts, also when it arrives later."""
    found = BeatHolding.objects.select_for_update(no_key=True).get(pk=holding_id)
    if found.until is None:
        found.until = max(now, found.since)
        found.save(update_fields=["until"])
    return found


@transaction.atomic
def hand_out(round_id: int, *, by: User, now: datetime) -> Sequence[BeatHolding]:
    """Each beat that nobody holds to a confirmed seat of the round's shift that has none, in the order of seats."""
    found = opened(round_id)
    free = found.beats.exclude(holdings__in=BeatHolding.objects.filter(until=None)).order_by("no")
    idle = SignUp.objects.filter(shift=found.shift, status__in=ON_IT).exclude(
        beats__in=BeatHolding.objects.filter(beat__round=found, until=None)
    )
    pairs = zip(free, idle.order_by("seat_no", "pk"), strict=False) if found.shift_id else ()
    return BeatHolding.objects.bulk_create(
        BeatHolding(beat=beat, sign_up=seat, since=now, given_by=by) for beat, seat in pairs
    )
