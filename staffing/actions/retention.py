"""What the clock forgets: everything that has been kept for as long as `rules/retention.py` says. Twice is once."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from staffing.actions.erasing import forget_people, hold
from staffing.actions.forgetting import forget
from staffing.queries.retention import by_the_clock, counted, left_long_ago, old, served_long_ago
from staffing.states import Cause

PEOPLE = 200
ADDRESS = ("phone_cipher", "phone_hash", "email")
WAYS = ("account.EmailAddress", "communities.Browser", "communities.DeadEnd")


def to_forget(now: datetime) -> dict[str, int]:
    """The dry run: how many rows of what."""
    found = {term.code: counted(term, now) for term in by_the_clock()}
    return found | {"address": left_long_ago(now).count(), "name": served_long_ago(now).count()}


def forget_old(now: datetime) -> dict[str, int]:
    """Returns how many rows of what went, or were emptied."""
    found = {term.code: forget(term.table, old(term, now), term.blank) for term in by_the_clock()}
    return found | {"address": addresses(now), "name": names(now)}


def addresses(now: datetime) -> int:
    """Of people who left: nobody writes to them any more. Their name stays with their hours."""
    return sum(forget_addresses(ids) for ids in parts(list(left_long_ago(now).values_list("pk", flat=True))))


@transaction.atomic
def forget_addresses(ids: list[int]) -> int:
    hold(ids)
    for table in WAYS:
        forget(table, Q(user__in=ids))
    return forget("communities.User", Q(pk__in=ids), ADDRESS, events=Q(pgh_obj_id__in=ids))


def names(now: datetime) -> int:
    return sum(forget_names(ids, now) for ids in parts(list(served_long_ago(now).values_list("pk", flat=True))))


@transaction.atomic
def forget_names(ids: list[int], now: datetime) -> int:
    hold(ids)
    return len(forget_people(ids, Cause.TIME, now))


def parts(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + PEOPLE] for start in range(0, len(ids), PEOPLE))
