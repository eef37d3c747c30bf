"""A proposal to fill open seats: asked for, changed, adopted seat by seat, undone. Nothing stands before it is adopted."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from communities.errors import Invalid, Refusal, Refused
from communities.models import Area, User
from staffing import messages
from staffing.actions import offers, seats
from staffing.actions.decisions import duty
from staffing.actions.signups import Entry, end
from staffing.locks import hold_volunteers, lock_reserves, lock_volunteers, patience
from staffing.models import Filling, FillingChunk, FillingFacts, FillingPart, Move, SignUp
from staffing.phrases import field_error
from staffing.queries import candidates as queries
from staffing.queries.fillings import answered
from staffing.rules import fillings as rules
from staffing.rules.filling_checks import against
from staffing.rules.fillings import Candidate, Opening
from staffing.rules.signups import Facts
from staffing.signals import filling_opened
from staffing.states import FillingStatus, Mark, MoveStatus, SignUpStatus
from volunteers.models import Volunteer

AT_ONCE = 20  # shifts whose seats are given while somebody waits; the clock does the others


@transaction.atomic
def propose(
    area_id: int,
    start: datetime,
    end: datetime,
    *,
    by: User,
    now: datetime,
    call_up_id: int | None = None,
    seconds: int = 60,
    seed: int = 1,
) -> Filling:
    """Have it worked out who could take the open seats of shifts that begin in [start, end). Asked for again while it
    is worked out, returns the first. Raises Invalid(ends_at=…).
    """
    if code := unfit_window(start, end, now):
        raise Invalid(ends_at=field_error(code))
    area = Area.objects.select_for_update(no_key=True).get(pk=area_id)  # two requests at once are one
    scope = {"area": area, "call_up_id": call_up_id, "starts_at": start, "ends_at": end}
    if found := Filling.objects.unsolved().filter(**scope, seed=seed).first():
        return found
    found = Filling.objects.create(
        **scope, seconds=seconds, seed=seed, made_by=by, made_at=now, begun_at=now, is_demo=by.is_demo
    )
    wake(found)
    return found


def unfit_window(start: datetime, end: datetime, now: datetime) -> str:
    if end <= start:
        return "ends_before_start"
    if end <= now:
        return "in_the_past"
    return "window_too_long" if end - start > rules.LONGEST else ""


def wake(filling: Filling) -> None:
    transaction.on_commit(lambda: filling_opened.send(sender=Filling, filling_id=filling.pk), robust=True)


def hold(filling_id: int) -> Filling:
    with patience():
        rows = Filling.objects.select_related("area", "call_up", "made_by", "adopted_by")
        return rows.select_for_update(of=("self",), no_key=True).get(pk=filling_id)


def need(filling: Filling, *statuses: FillingStatus) -> None:
    if filling.status not in statuses:
        raise Refused("filling_not_now", status=filling.status)


def write(filling: Filling, **fields: object) -> Filling:
    for name, value in fields.items():
        setattr(filling, name, value)
    filling.save(update_fields=list(fields))
    return filling


@transaction.atomic
def stop(filling_id: int, *, by: User, now: datetime) -> Filling:
    """No longer: the best plan found so far becomes the proposal. Of one that is there already, nothing changes."""
    filling = hold(filling_id)
    return write(filling, stop_asked=True) if filling.status == FillingStatus.SOLVING else filling


@transaction.atomic
def put_aside(filling_id: int, *, by: User, now: datetime) -> Filling:
    """Nothing comes of it. Put aside again, returns it as it is."""
    filling = hold(filling_id)
    if filling.status == FillingStatus.STOPPED:
        return filling
    need(filling, FillingStatus.SOLVING, FillingStatus.READY, FillingStatus.FAILED)
    forget(filling)
    return write(filling, status=FillingStatus.STOPPED, stop_asked=True)


def forget(filling: Filling) -> None:
    """What was read for it and worked out so far."""
    FillingFacts.objects.filter(filling=filling).delete()
    FillingPart.objects.filter(filling=filling).delete()
    FillingChunk.objects.filter(filling=filling).delete()


@transaction.atomic
def mark(move_id: int, said: Mark, *, by: User, now: datetime) -> Move:
    """Pin a proposed seat, say that it is not wanted, or leave it free again. It counts when worked out again."""
    filling = hold(Move.objects.values_list("filling", flat=True).get(pk=move_id))
    move = Move.objects.select_related("volunteer__user", "filling").get(pk=move_id)
    if move.mark == said:
        return move
    need(filling, FillingStatus.READY)
    move.mark = said
    move.save(update_fields=["mark"])
    return move


@transaction.atomic
def rework(filling_id: int, *, by: User, now: datetime) -> Filling:
    """Work it out again with what was pinned and what is not wanted, changing as little else as it can.

    While it is worked out, returns it as it is.
    """
    filling = hold(filling_id)
    if filling.status == FillingStatus.SOLVING:
        return filling
    need(filling, FillingStatus.READY, FillingStatus.FAILED)
    forget(filling)
    wake(filling)
    return write(filling, status=FillingStatus.SOLVING, stop_asked=False, begun_at=now, progress={}, tries=0)


def adopt(filling_id: int, *, by: User, now: datetime) -> Filling:
    """Ask the volunteers and place the seconded, every rule checked again; one transaction per shift.

    What does not hold any more stays as it is and says why. Adopted again, goes on with what is left.
    """
    begin(filling_id, by, now)
    give(filling_id, now, at_most=AT_ONCE)
    return Filling.objects.get(pk=filling_id)


@transaction.atomic
def begin(filling_id: int, by: User, now: datetime) -> Filling:
    filling = hold(filling_id)
    if filling.status == FillingStatus.ADOPTED:
        return filling
    need(filling, FillingStatus.READY)
    if not left(filling.pk):
        raise Refused("nothing_to_adopt")
    return write(filling, status=FillingStatus.ADOPTED, adopted_by=by, adopted_at=now)


def left(filling_id: int) -> list[int]:
    """The shifts whose seats have not been given yet."""
    moves = Move.objects.filter(filling=filling_id, status=MoveStatus.PROPOSED).exclude(mark=Mark.BANNED)
    return sorted(set(moves.values_list("post__shift", flat=True)))


def give(filling_id: int, now: datetime, at_most: int | None = None) -> None:
    for shift_id in left(filling_id)[:at_most]:
        give_shift(filling_id, shift_id, now)


@transaction.atomic
def give_shift(filling_id: int, shift_id: int, now: datetime) -> None:
    """The seats of one shift: people first, then all is read and decided, then written. Done twice is done once."""
    mine = Move.objects.filter(filling=filling_id, post__shift=shift_id, status=MoveStatus.PROPOSED)
    mine = mine.exclude(mark=Mark.BANNED).order_by("pk")
    people = {person.pk: person for person in lock_volunteers(mine.values_list("volunteer", flat=True))}
    with patience():
        moves = list(mine.select_for_update(of=("self",), no_key=True))
    filling = Filling.objects.select_related("area", "adopted_by").get(pk=filling_id)
    if filling.status != FillingStatus.ADOPTED:
        return
    openings = {one.place.post: one for one in queries.openings(sorted({m.post_id for m in moves}), filling.area, now)}
    found = {one.person.volunteer: one for one in known(people, openings, now)}
    for move in moves:
        settle(move, filling, people[move.volunteer_id], found[move.volunteer_id], openings[move.post_id])


def known(people: Mapping[int, Volunteer], openings: Mapping[int, Opening], now: datetime) -> list[Candidate]:
    if not openings:
        return []
    spans = [one.place.interval for one in openings.values()]
    start, until = min(one.start for one in spans), max(one.end for one in spans)
    return queries.candidates(sorted(people), start, until, now)


def settle(move: Move, filling: Filling, person: Volunteer, candidate: Candidate, opening: Opening) -> None:
    """One seat, as the rules say now."""
    found = against(candidate, opening) or changed(move, candidate, opening)
    signup = None if found else take(move, filling, candidate, opening)
    if not signup:
        finish(move, MoveStatus.GONE, code=(found[0].code if found else "seat_taken")[:30])
        return
    signup.volunteer = person
    finish(move, MoveStatus.INVITED if move.asked else MoveStatus.PLACED, sign_up=signup)
    if move.asked:
        messages.offered(signup, opening.now)
    else:
        messages.confirmed(signup, opening.now)


def changed(move: Move, candidate: Candidate, opening: Opening) -> list[Refusal]:
    """Who was to be placed is not lent there any more; who was to be asked is never placed instead."""
    return [] if move.asked or rules.direct(candidate, opening) else [Refusal("not_lent_here")]


def take(move: Move, filling: Filling, candidate: Candidate, opening: Opening) -> SignUp | None:
    """An offer, or the seat itself for somebody who is lent there."""
    facts: Facts = rules.facts(candidate, opening)
    by = filling.adopted_by
    if move.asked:
        how = Entry(channel="desk", by=by, on_behalf=True).columns() | {"respond_by": offers.deadline(facts)}
        return seats.take(facts, SignUpStatus.INVITED, **how)
    entry = Entry(channel="desk", by=by, on_behalf=True)
    return seats.take(facts, SignUpStatus.CONFIRMED, secondment_id=duty(facts), **entry.columns())


def finish(move: Move, status: MoveStatus, **fields: object) -> None:
    move.status = status
    for name, value in fields.items():
        setattr(move, name, value)
    move.save(update_fields=["status", *fields])


GIVEN = (MoveStatus.INVITED, MoveStatus.PLACED)


@transaction.atomic
def undo(filling_id: int, *, by: User, now: datetime) -> Filling:
    """Take the whole proposal back, as long as nobody has answered; all are told. Undone again, returns it as it is."""
    given = Move.objects.filter(filling=filling_id, status__in=GIVEN)
    hold_volunteers(given.values_list("volunteer", flat=True))
    for call in sorted(set(given.exclude(post__shift__call_up=None).values_list("post__shift__call_up", flat=True))):
        lock_reserves(call)
    filling = hold(filling_id)
    if filling.status == FillingStatus.UNDONE:
        return filling
    need(filling, FillingStatus.ADOPTED)
    if answered(filling):
        raise Refused("already_answered")
    for move in given.select_related("sign_up__volunteer__user").order_by("pk"):
        take_back(move, now)
    return write(filling, status=FillingStatus.UNDONE)


def take_back(move: Move, now: datetime) -> None:
    signup = move.sign_up
    assert signup
    end(signup, SignUpStatus.CANCELLED, now, reason="proposal_undone", respond_by=None)
    messages.cancelled([signup], now)
    finish(move, MoveStatus.UNDONE)
