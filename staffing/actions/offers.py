"""A freed seat and the people in line: offered in order, for a time, and passed on when unanswered."""

from datetime import datetime, timedelta

from django.db import transaction

from communities.errors import Gone, Refused
from staffing import messages
from staffing.actions import seats
from staffing.locks import lock_signup, patience
from staffing.models import Post, SignUp
from staffing.queries.facts import gather
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
    """Give the seat of a sign-up that has just ended to the next in line who may still have it, else to the post."""
    while not seats.give_back(freed, waiting=0):
        if heir := next_in_line(freed.post_id):
            if offer(heir, freed.seat_no, now):
                return heir
        elif not settle_line(freed.post_id):
            return None
    return None


def next_in_line(post_id: int) -> SignUp | None:
    with patience():
        line = SignUp.objects.waiting().filter(post_id=post_id).select_related("volunteer__user")
        return line.select_for_update(of=("self",), no_key=True).first()


def settle_line(post_id: int) -> bool:
    """The counter says that somebody waits, but nobody does: true up the counter and try again."""
    return bool(Post.objects.filter(pk=post_id, waiting__gt=0).update(waiting=0))


def offer(waiting: SignUp, seat_no: int | None, now: datetime) -> bool:
    """Offer the seat; False if the person is no longer eligible, who then leaves the line and is told."""
    facts = gather(waiting.post_id, waiting.volunteer_id, now)
    if found := still_fit(facts):
        waiting.status, waiting.reason = SignUpStatus.CANCELLED, found[0].code[:30]
        waiting.save(update_fields=["status", "reason", "changed_at"])
        seats.leave_line(waiting.post_id)
        messages.passed_over(waiting, now)
        return False
    waiting.status, waiting.seat_no, waiting.respond_by = SignUpStatus.INVITED, seat_no, deadline(facts)
    waiting.save(update_fields=["status", "seat_no", "respond_by", "changed_at"])
    seats.leave_line(waiting.post_id)
    tell(waiting, facts, now)
    return True


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
    pass_on(signup, now)
    return signup


def fill_from_line(post_id: int, now: datetime) -> None:
    """Offer the seats that have just opened on the post to those in line, as far as both reach."""
    while Post.objects.filter(pk=post_id, waiting__gt=0).exists():
        if (seat := seats.reserve(post_id)) is None or not pass_on(SignUp(post_id=post_id, seat_no=seat), now):
            return
