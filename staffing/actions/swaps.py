"""A swap of seats: proposed by one, agreed to by the other, allowed by the lead where that is needed; both or none."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from communities.errors import Gone, Refusal, Refused
from communities.models import User
from staffing import messages
from staffing.actions import deputies, seats
from staffing.actions.signups import write
from staffing.locks import lock_signup, lock_volunteers, patience
from staffing.messages import swaps as told
from staffing.models import Post, SignUp, Swap
from staffing.queries.facts import gather
from staffing.rules.fatigue import Interval
from staffing.rules.signups import Facts, still_fit
from staffing.rules.swaps import needs_lead, stands_until
from staffing.rules.transitions import step
from staffing.states import ALIVE, SignUpStatus, SwapStatus

SWAPPED = "swapped"


@transaction.atomic
def propose(signup_id: int, *, now: datetime, wanted: int | None = None) -> Swap:
    """Offer a confirmed seat to whoever gets the key: handed over, or for their seat on the post `wanted`.

    Proposed again, returns the swap that is open. Raises Refused if the seat is not one to swap, or if the person may
    not stand where they want to.
    """
    signup = lock_signup(signup_id)
    if standing := Swap.objects.standing().filter(offered=signup).first():
        if standing.wanted_id == wanted:
            return standing
        raise Refused("swap_open")
    still_held(signup, now)
    starts = [signup.period.lower]
    if wanted:
        starts.append(wish(signup, wanted, now))
    return Swap.objects.create(offered=signup, wanted_id=wanted, created_at=now, expires_at=stands_until(now, starts))


def wish(signup: SignUp, wanted: int, now: datetime) -> datetime:
    """When the post begins that the person would like instead. Raises Refused if they may not stand there."""
    post = Post.objects.select_related("shift").get(pk=wanted)
    if post.pk == signup.post_id or post.shift.call_up_id != signup.shift.call_up_id:
        raise Refused("swap_elsewhere")
    if found := still_fit(instead_of(signup, post.pk, signup.volunteer_id, now)):
        raise Refused(found)
    if now >= post.shift.starts_at:
        raise Refused("already_started")
    return post.shift.starts_at


def instead_of(given: SignUp | None, post_id: int, volunteer_id: int, now: datetime) -> Facts:
    """The case of a person on a post, as if they had given up the seat they give for it."""
    facts = gather(post_id, volunteer_id, now)
    return facts.without(Interval(given.period.lower, given.period.upper)) if given else facts


def still_held(signup: SignUp, now: datetime) -> None:
    """Raises Refused unless the seat is confirmed and its shift has not begun."""
    if signup.status != SignUpStatus.CONFIRMED:
        raise Refused("swap_not_confirmed", status=signup.status)
    if now >= signup.period.lower:
        raise Refused("already_started")


@transaction.atomic
def agree(key: str, volunteer_id: int, *, now: datetime) -> Swap:
    """The partner says yes. Done at once where no lead has to say so too. Said again by the same, it stays so.

    Raises Swap.DoesNotExist for an unknown key, Gone when the time is up, Refused with every reason.
    """
    swap = hold(Swap.objects.values_list("pk", flat=True).get(key=key), volunteer_id)
    if swap.partner_id == volunteer_id and swap.status in {SwapStatus.AGREED, SwapStatus.DONE}:
        return swap
    go_on(swap, SwapStatus.AGREED, now)
    if swap.offered.volunteer_id == volunteer_id:
        raise Refused("swap_with_oneself")
    swap.partner_id, swap.given, swap.agreed_at = volunteer_id, seat_on(swap.wanted_id, volunteer_id), now
    taken = cases(swap, now)
    if others := unfit(taken[1:]):
        raise Refused([*unfit(taken[:1]), Refusal("swap_other_unfit", {"codes": [one.code for one in others]})])
    if found := unfit(taken):
        raise Refused(found)
    if not needs_lead(taken):
        return complete(swap, now)
    swap.status = SwapStatus.AGREED
    swap.expires_at = min(seat.period.lower for seat in (swap.offered, swap.given) if seat)
    swap.save()
    told.agreed(swap, now)
    return swap


def hold(swap_id: int, *people: int) -> Swap:
    """Both people, then the swap, then its seats, locked."""
    row = Swap.objects.values_list("offered__volunteer_id", "partner_id").get(pk=swap_id)
    lock_volunteers([*people, *(one for one in row if one)])
    with patience():
        swap = Swap.objects.select_for_update(no_key=True).get(pk=swap_id)
        ids = [swap.offered_id, *([swap.given_id] if swap.given_id else [])]
        rows = SignUp.objects.select_related("volunteer__user", "shift__site__area", "post")
        held = {
            row.pk: row for row in rows.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True)
        }
    swap.offered = held[swap.offered_id]
    if swap.given_id:
        swap.given = held[swap.given_id]
    return swap


def go_on(swap: Swap, status: SwapStatus, now: datetime) -> None:
    """Raises Gone or Refused unless the swap may take this step and its time is not up."""
    if refusal := step(SwapStatus(swap.status), status):
        raise Gone("expired") if swap.status == SwapStatus.EXPIRED else Refused(refusal)
    if now >= swap.expires_at:
        raise Gone("expired")


def seat_on(post_id: int | None, volunteer_id: int) -> SignUp | None:
    """The seat that the partner gives. Raises Refused if one is wanted and they have none."""
    if post_id is None:
        return None
    rows = SignUp.objects.confirmed().of(volunteer_id).filter(post_id=post_id)
    with patience():
        found = rows.select_for_update(of=("self",), no_key=True).select_related("volunteer__user").first()
    if not found:
        raise Refused("swap_needs_seat")
    return found


def cases(swap: Swap, now: datetime) -> list[Facts]:
    """Who would stand where: the partner on the seat offered, and the other way round if they give one for it.

    Raises Refused if one of the seats is not what it was, or if the partner has a place there already.
    """
    assert swap.partner_id
    offered, given = swap.offered, swap.given
    for seat in filter(None, (offered, given)):
        still_held(seat, now)
    taken = [(given, offered, swap.partner_id), *([(offered, given, offered.volunteer_id)] if given else [])]
    if any(has_place(person, there, instead=own) for own, there, person in taken):
        raise Refused("swap_has_place")
    return [instead_of(own, there.post_id, person, now) for own, there, person in taken]


def has_place(volunteer_id: int, seat: SignUp, *, instead: SignUp | None) -> bool:
    """Beside the seat they give, the person has another or an offer on that shift. A place in line is none."""
    others = SignUp.objects.of(volunteer_id).filter(shift=seat.shift_id, status__in=ALIVE - {SignUpStatus.WAITLISTED})
    return others.exclude(pk=instead.pk if instead else 0).exists()


def unfit(taken: Sequence[Facts]) -> list[Refusal]:
    return [refusal for facts in taken for refusal in still_fit(facts)]


@transaction.atomic
def approve(swap_id: int, *, by: User, now: datetime) -> Swap:
    """The lead says yes; every rule is asked again. Said again, it stays so."""
    swap = hold(swap_id)
    if swap.status == SwapStatus.DONE:
        return swap
    if swap.status != SwapStatus.AGREED:
        raise (
            Gone("expired") if swap.status == SwapStatus.EXPIRED else Refused("invalid_transition", status=swap.status)
        )
    go_on(swap, SwapStatus.DONE, now)
    if found := unfit(cases(swap, now)):
        raise Refused(found)
    return complete(swap, now, by=by)


def complete(swap: Swap, now: datetime, by: User | None = None) -> Swap:
    """Both seats change hands, or none. The seats stay taken all the while, so nobody in line is asked.

    The database has the last word on nobody being in two places.
    """
    old = [seat for seat in (swap.offered, swap.given) if seat]
    for seat in old:
        write(seat, SignUpStatus.CANCELLED, reason=SWAPPED)
        messages.withdrawn(seat)
    try:
        with transaction.atomic():
            swap.passed_on = handed(swap.offered, swap.partner_id)
            swap.received = handed(swap.given, swap.offered.volunteer_id) if swap.given else None
    except IntegrityError as error:
        raise Refused("overlap") from error
    swap.status, swap.decided_at, swap.decided_by = SwapStatus.DONE, now, by
    swap.save()
    deputies.freed([seat.pk for seat in old], now)
    told.done(swap, now)
    return swap


def handed(seat: SignUp, volunteer_id: int | None) -> SignUp:
    """The same seat, now of this person, who leaves the line of that shift if they were in it."""
    assert volunteer_id
    waiting = SignUp.objects.of(volunteer_id).filter(shift=seat.shift_id, status=SignUpStatus.WAITLISTED).first()
    if waiting:
        write(waiting, SignUpStatus.CANCELLED, reason=SWAPPED)
        messages.withdrawn(waiting)
        seats.leave_line(waiting.post_id)
    return SignUp.objects.create(
        post_id=seat.post_id,
        shift_id=seat.shift_id,
        volunteer_id=volunteer_id,
        status=SignUpStatus.CONFIRMED,
        period=seat.period,
        seat_no=seat.seat_no,
        pledge_id=seat.pledge_id,
    )


@transaction.atomic
def refuse(swap_id: int, *, by: User, now: datetime) -> Swap:
    """The lead says no: everything stays as it was, and both are told. Said again, it stays so."""
    swap = hold(swap_id)
    if swap.status == SwapStatus.REFUSED:
        return swap
    return close(swap, SwapStatus.REFUSED, now, by)


@transaction.atomic
def withdraw(swap_id: int, *, now: datetime, by: User | None = None) -> Swap:
    """One of the two takes it back before it is done. Said again, it stays so."""
    swap = hold(swap_id)
    if swap.status == SwapStatus.WITHDRAWN:
        return swap
    return close(swap, SwapStatus.WITHDRAWN, now, by)


@transaction.atomic
def expire(swap_id: int, *, now: datetime) -> Swap | None:
    """The time is up, or one of the seats is gone; None if neither is so after all."""
    swap = hold(swap_id)
    if not Swap.objects.over(now).filter(pk=swap_id).exists():
        return None
    return close(swap, SwapStatus.EXPIRED, now, None)


def close(swap: Swap, status: SwapStatus, now: datetime, by: User | None) -> Swap:
    if refusal := step(SwapStatus(swap.status), status):
        raise Refused(refusal)
    swap.status, swap.decided_at, swap.decided_by = status, now, by
    swap.save(update_fields=["status", "decided_at", "decided_by"])
    told.ended(swap, now)
    return swap
