"""What staffing tells people. Each function is called inside the action that makes it true."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from communities.messages.outbox import Note, post, withdraw
from staffing.models import SignUp

ABOUT_A_SEAT = ["signed_up", "waitlisted", "offered", "confirmed", "changed", "reminder"]


def note(kind: str, signup: SignUp, now: datetime, key: str = "", **facts: Any) -> Note:
    """About one sign-up, to the person it belongs to. The key tells one state of it from the next."""
    return Note(
        kind=kind,
        key=f"{signup.pk}:{key or signup.status}",
        target=signup.pk,
        reader=signup.volunteer.user_id,
        due_at=now,
        expires_at=signup.period.lower,
        facts=facts,
    )


def signed_up(signup: SignUp, now: datetime) -> None:
    post([note(signup.status if signup.status in ("waitlisted", "confirmed") else "signed_up", signup, now)])


def confirmed(signup: SignUp, now: datetime) -> None:
    post([note("confirmed", signup, now)])


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
    """They said so themselves; there is nothing to tell them, and nothing more to remind them of."""
    withdraw(ABOUT_A_SEAT, [signup.pk])


def changed(signups: Iterable[SignUp], now: datetime, *, version: int, **old: Any) -> None:
    """The shift has another time or place; `old` is what it was (ISO instants, names)."""
    signups = list(signups)
    withdraw(["reminder"], [signup.pk for signup in signups])
    post([note("changed", signup, now, key=f"v{version}", **old) for signup in signups])
