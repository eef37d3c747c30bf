"""A freed seat and the people in line: offered in order, for a time, and passed on when unanswered."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from psycopg.types.range import TimestamptzRange

from communities.errors import Gone, Refused
from staffing import messages
from staffing.actions import deputies, seats
from staffing.locks import lock_reserves, lock_signup, patience
from staffing.models import Post, Shift, SignUp
from staffing.queries.facts import gather
from staffing.queries.reserves import call_of, in_reserve, reserves_for
from staffing.rules.signups import Facts, still_fit
from staffing.rules.transitions import step
from staffing.signals import seat_offered
from staffing.states import HOLDS_SEAT, SignUpStatus

URGENT = timedelta(minutes=15)
CALM = timedelta(hours=2)


def deadline(facts: Facts) -> datetime:
    """Until when an offer stands: 15 minutes for an urgent call, else two hours, and never past the start."""
    return min(facts.now + (URGENT if facts.place.urgent else CALM), facts.place.interval.start)


def pass_on(freed: SignUp, now: datetime) -> SignUp | None:
    """Give the seat of a sign-up that has just ended to the next in line who may still have it, then to the reserves
    of the call, else back to the post.
    """
    hold_reserves(freed.post_id)
    while True:
        if heir := from_line(freed, now) or from_reserves(freed, now):
            return heir
        if seats.give_back(freed, waiting=0):
            return None
        settle_line(freed.post_id)


def pass_on_all(freed: Sequence[SignUp], now: datetime, *, gone: int = 0) -> None:
    """The same for seats of one post: one by one while somebody is in line for them, the others at once.

    `gone`: how many have left the post's line in the same transaction.
    """
    post_id, left = freed[0].post_id, list(freed)
    hold_reserves(post_id)
    if gone:
        seats.leave_line(post_id, gone)
    while left and (reserves_for(post_id, now) or not seats.give_all_back(left)):
        pass_on(left.pop(0), now)


def hold_reserves(post_id: int) -> None:
    """Nobody else gives out a seat of the post's call, or joins the reserves, until the transaction ends."""
    lock_reserves(call_of(post_id))


def from_line(freed: SignUp, now: datetime) -> SignUp | None:
    """The first in the post's own line who may have the seat. Who no longer may leaves the line, and is told.

    The post itself is touched last: whoever leaves the line by themselves holds their own row and wants the post.
    """
    left = 0
    while (heir := next_in_line(freed.post_id)) and not offered_to(heir, freed, now):
        left += 1
    if heir or left:
        seats.leave_line(freed.post_id, left + bool(heir))
    return heir


def next_in_line(post_id: int) -> SignUp | None:
    with patience():
        line = SignUp.objects.waiting().filter(post_id=post_id).select_related("volunteer__user")
        return line.select_for_update(of=("self",), no_key=True).first()


def settle_line(post_id: int) -> None:
    """True up the counter if it says that somebody waits, but nobody does. Nobody joins while the post is held."""
    with patience():
        Post.objects.select_for_update(no_key=True).get(pk=post_id)
    if not SignUp.objects.waiting().filter(post_id=post_id).exists():
        Post.objects.filter(pk=post_id).update(waiting=0)


def offered_to(waiting: SignUp, freed: SignUp, now: datetime) -> bool:
    facts = gather(waiting.post_id, waiting.volunteer_id, now)
    if found := still_fit(facts):
        waiting.status, waiting.reason = SignUpStatus.CANCELLED, found[0].code[:30]
        waiting.save(update_fields=["status", "reason", "changed_at"])
        messages.passed_over(waiting, now)
        return False
    offer(waiting, facts, freed.seat_no)
    tell(waiting, facts, now)
    return True


def offer(waiting: SignUp, facts: Facts, seat_no: int | None) -> None:
    """The sign-up now holds the seat of the post it is decided about, until the deadline."""
    place = facts.place
    waiting.post_id, waiting.shift_id = place.post, place.shift
    waiting.period = TimestamptzRange(place.interval.start, place.interval.end, "[)")
    waiting.status, waiting.seat_no, waiting.respond_by = SignUpStatus.INVITED, seat_no, deadline(facts)
    waiting.save(update_fields=["post_id", "shift_id", "period", "status", "seat_no", "respond_by", "changed_at"])


def from_reserves(freed: SignUp, now: datetime) -> SignUp | None:
    """The first of the call's reserves who may have the seat; the others stay in line where they are."""
    return next((heir for pk in reserves_for(freed.post_id, now) if (heir := called_over(pk, freed, now))), None)


def called_over(signup_id: int, freed: SignUp, now: datetime) -> SignUp | None:
    """The person in line elsewhere, now asked for this seat; None if they are not in line any more, or may not have it."""
    with patience():
        rows = SignUp.objects.waiting().select_related("volunteer__user").filter(pk=signup_id)
        reserve = rows.select_for_update(of=("self",), no_key=True).first()
    if not reserve or still_fit(facts := gather(freed.post_id, reserve.volunteer_id, now)):
        return None
    line = reserve.post_id
    try:
        with transaction.atomic():
            offer(reserve, facts, freed.seat_no)
    except IntegrityError:  # at this very moment they have got another place here by themselves
        return None
    seats.leave_line(line)
    tell(reserve, facts, now)
    return reserve


def tell(offered: SignUp, facts: Facts, now: datetime) -> None:
    """Ask the person, or, if they ticked so and there is time left, take the seat for them in a moment."""
    if takes_it_unasked(offered, facts):
        transaction.on_commit(lambda: seat_offered.send(sender=SignUp, signup_id=offered.pk), robust=True)
    else:
        messages.offered(offered, now)


def takes_it_unasked(offered: SignUp, facts: Facts) -> bool:
    return offered.auto_accept and facts.place.interval.start - facts.now > CALM


@transaction.atomic
def accept(signup_id: int, *, now: datetime) -> SignUp:
    """The person takes the offered seat. All guards run again, since an offer held the seat but not their time.

    An invitation that replaces another seat of theirs gives that one up. Raises Gone after the deadline, Refused with
    the reasons if they may no longer have it. Asked again, returns the sign-up as it is.
    """
    signup = lock_signup(signup_id)
    if signup.status == SignUpStatus.CONFIRMED:
        return signup
    if refusal := step(SignUpStatus(signup.status), SignUpStatus.CONFIRMED, signup.reason):
        raise Gone("expired") if signup.status == SignUpStatus.EXPIRED else Refused(refusal)
    if signup.status != SignUpStatus.INVITED:
        raise Refused("invalid_transition", status=signup.status)
    if signup.respond_by and now >= signup.respond_by:
        raise Gone("expired")
    replaced = give_up_replaced(signup)
    facts = gather(signup.post_id, signup.volunteer_id, now)
    if found := still_fit(facts):
        raise Refused(found)
    signup.status, signup.respond_by = SignUpStatus.CONFIRMED, None
    signup.save(update_fields=["status", "respond_by", "changed_at"])
    if replaced:
        deputies.freed([replaced.pk], now)
        pass_on(replaced, now)
    messages.confirmed(signup, now)
    return signup


def give_up_replaced(signup: SignUp) -> SignUp | None:
    """The seat that this one replaces, ended (its person is the same, so the lock is already held)."""
    old = SignUp.objects.filter(pk=signup.replaces_id or 0, status__in=HOLDS_SEAT).first()
    if old:
        old.status, old.reason = SignUpStatus.CANCELLED, "moved"
        old.save(update_fields=["status", "reason", "changed_at"])
        messages.withdrawn(old)
    return old


@transaction.atomic
def decline(signup_id: int, *, now: datetime) -> SignUp:
    """The person says no to an offer. No reason is asked; the next in line is asked at once."""
    return close_offer(lock_signup(signup_id), SignUpStatus.DECLINED, now)


@transaction.atomic
def expire(signup_id: int, *, now: datetime) -> SignUp | None:
    """An unanswered offer passes on; None if it was answered or is not due after all."""
    signup = lock_signup(signup_id)
    overdue = signup.status == SignUpStatus.INVITED and signup.respond_by and signup.respond_by <= now
    return close_offer(signup, SignUpStatus.EXPIRED, now) if overdue else None


def close_offer(signup: SignUp, status: SignUpStatus, now: datetime) -> SignUp:
    if signup.status == status:
        return signup
    if signup.status != SignUpStatus.INVITED:
        raise Refused("invalid_transition", status=signup.status)
    signup.status = status
    signup.save(update_fields=["status", "changed_at"])
    messages.withdrawn(signup)
    deputies.freed([signup.pk], now)
    pass_on(signup, now)
    return signup


def fill_from_line(post_id: int, now: datetime) -> None:
    """Offer the seats that have just opened on the post to those in line, as far as both reach."""
    hold_reserves(post_id)
    while Post.objects.filter(pk=post_id, waiting__gt=0).exists() or reserves_for(post_id, now):
        if (seat := seats.reserve(post_id)) is None or not pass_on(SignUp(post_id=post_id, seat_no=seat), now):
            return


def open_to_reserves(shift: Shift, now: datetime) -> None:
    """The seats of a shift that has just opened go to the reserves of its call first."""
    if in_reserve(shift.call_up_id):
        for post_id in shift.posts.order_by("pk").values_list("pk", flat=True):
            fill_from_line(post_id, now)
