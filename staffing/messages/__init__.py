"""What staffing tells people. Each function is called inside the action that makes it true.

Who withdrew consent to be scheduled is told nothing more, from that moment on. Who wants no notices (muted) is told
only that a duty of theirs has changed or is cancelled. Calls at night go to those alone who agreed to urgent ones.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from communities.messages.outbox import Note, acknowledge, post, withdraw
from communities.models import Message
from communities.states import MessageStatus
from staffing.models import Milestone, Shortage, SignUp
from staffing.states import SignUpStatus

REMINDERS = ["reminder", "reminded_again"]
ABOUT_A_SEAT = ["signed_up", "waitlisted", "offered", "confirmed", "changed", *REMINDERS]
UNTIL_THE_END = {"cancelled"}  # still news when the shift has begun


def note(kind: str, signup: SignUp, now: datetime, key: str = "", **facts: Any) -> Note:
    """About one sign-up, to the person it belongs to. The key tells one state of it from the next."""
    return Note(
        kind=kind,
        key=f"{signup.pk}:{key or signup.status}:{signup.period.lower.timestamp():.0f}",
        target=signup.pk,
        reader=signup.volunteer.user_id,
        due_at=now,
        expires_at=signup.period.upper if kind in UNTIL_THE_END else signup.period.lower,
        facts=facts,
    )


def signed_up(signups: Sequence[SignUp], now: datetime) -> None:
    kinds = {SignUpStatus.WAITLISTED: "waitlisted", SignUpStatus.CONFIRMED: "confirmed"}
    post([note(kinds.get(SignUpStatus(signup.status), "signed_up"), signup, now) for signup in signups])


def confirmed(signup: SignUp, now: datetime) -> None:
    acknowledge(["offered", "changed"], [signup.pk])
    post([note("confirmed", signup, now)])


def all_confirmed(signups: Sequence[SignUp], now: datetime) -> None:
    """The same for many at once."""
    acknowledge(["offered", "changed"], [signup.pk for signup in signups])
    post([note("confirmed", signup, now) for signup in signups])


def offered(signup: SignUp, now: datetime) -> None:
    """A freed or kept seat waits for the person's answer until respond_by."""
    assert signup.respond_by
    post([note("offered", signup, now, key=f"offer:{signup.respond_by.timestamp():.0f}")])


def passed_over(signup: SignUp, now: datetime) -> None:
    post([note("passed_over", signup, now)])


def declined(signup: SignUp, now: datetime) -> None:
    post([note("declined", signup, now)])


def cancelled(signups: Iterable[SignUp], now: datetime) -> None:
    """Somebody else ended it: told once each, and nothing that was still to be said about the seat goes out."""
    signups = list(signups)
    withdraw(ABOUT_A_SEAT, [signup.pk for signup in signups])
    post([note("cancelled", signup, now) for signup in signups])


def withdrawn(signup: SignUp) -> None:
    """Nothing more is said about the seat; who gave it up themselves has answered what was said before."""
    withdraw(ABOUT_A_SEAT, [signup.pk])
    if signup.status == SignUpStatus.DECLINED or signup.reason == "withdrawn":
        acknowledge(ABOUT_A_SEAT, [signup.pk])


def heard(signup: SignUp) -> None:
    """The person has answered the reminder, so nobody asks once more."""
    withdraw(["reminded_again"], [signup.pk])
    acknowledge(REMINDERS, [signup.pk])


def short(shortages: Iterable[Shortage], now: datetime) -> None:
    """Of shifts that have become short of people: the point leader and the contact of the call, once each."""
    post([told for shortage in shortages for told in about_shortage(shortage, now)])


def about_shortage(shortage: Shortage, now: datetime) -> Iterable[Note]:
    shift, call = shortage.shift, shortage.shift.call_up
    for reader in sorted({pk for pk in (shift.leader_id, call.contact_id if call else None) if pk}):
        yield Note("short", str(shortage.pk), shortage.pk, now, reader=reader, expires_at=shift.starts_at)


def changed(signups: Iterable[SignUp], now: datetime, *, version: int, **old: Any) -> None:
    """The shift has another time or place; `old` is what it was (ISO instants, ids).

    Who has not been told of an earlier change yet is told of both as one.
    """
    signups = list(signups)
    targets = [signup.pk for signup in signups]
    first = untold(targets)
    withdraw([*REMINDERS, "changed"], targets)
    post([note("changed", signup, now, key=f"v{version}", **first.get(signup.pk, old)) for signup in signups])


def untold(targets: list[int]) -> dict[int, dict[str, Any]]:
    """The facts of changes that have not left yet, by sign-up."""
    waiting = Message.objects.filter(kind="changed", target__in=targets, status=MessageStatus.SCHEDULED)
    return dict(waiting.order_by("-pk").values_list("target", "facts"))


def behind(milestones: Iterable[Milestone], now: datetime) -> None:
    """Milestones that were missed: their owners hear of each once, and those above them when it lasts."""
    post([told for milestone in milestones for told in about_milestone(milestone, now)])


def about_milestone(milestone: Milestone, now: datetime) -> Iterable[Note]:
    due = milestone.due
    if milestone.owner_id:
        yield behind_note(milestone, milestone.owner_id, now)
    if milestone.escalate_to_id and now >= due + timedelta(minutes=milestone.escalate_minutes):
        yield behind_note(milestone, milestone.escalate_to_id, now)


def behind_note(milestone: Milestone, reader: int, now: datetime) -> Note:
    plan = milestone.plan
    return Note(
        kind="behind",
        key=f"{plan.call_up_id}:{milestone.aim}:{milestone.due.timestamp():.0f}",
        target=milestone.pk,
        reader=reader,
        due_at=now,
        expires_at=plan.call_up.ends_at,
    )
