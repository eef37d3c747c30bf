"""Locks in their one order: people (sorted), then the reserves of a call, then sign-ups, then posts. 3 s is the
longest anybody waits.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from zlib import crc32

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from communities.errors import Busy
from communities.queries.prepared import fetch, loaded
from staffing.models import SignUp
from volunteers.models import Volunteer


@contextmanager
def patience() -> Iterator[None]:
    """A lock that does not come in time is Busy, for the door to say "in a moment"."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Busy from error
        raise


def lock_volunteers(ids: Iterable[int]) -> list[Volunteer]:
    """Hold these people until the transaction ends; only their own other requests want them."""
    who = list(set(ids))
    which = "id = %(ids)s::bigint" if len(who) == 1 else "id = any(%(ids)s::bigint[])"  # one person's plan can be kept
    with patience():
        return loaded(Volunteer, f"where {which} order by id for no key update", ids=who[0] if len(who) == 1 else who)


HOLD = "select from volunteers_volunteer where id = any(%(ids)s::bigint[]) order by id for no key update"


def hold_volunteers(ids: Iterable[int]) -> None:
    """The same for many, whose rows nobody needs."""
    with patience():
        fetch(HOLD, ids=list(set(ids)))


def lock_volunteer(volunteer_id: int) -> None:
    lock_volunteers([volunteer_id])


def lock_owner(user_id: int) -> Volunteer | None:
    """Hold the volunteer who is this account's owner; None if they have never served."""
    with patience():
        return next(iter(loaded(Volunteer, "where user_id = %(user)s::bigint for no key update", user=user_id)), None)


def lock_signup(signup_id: int) -> SignUp:
    """Hold the person, then the sign-up, and return it as it is now."""
    volunteer_id = SignUp.objects.values_list("volunteer_id", flat=True).get(pk=signup_id)
    lock_volunteer(volunteer_id)
    with patience():
        rows = SignUp.objects.select_related("shift__call_up", "post", "volunteer__user")
        return rows.select_for_update(of=("self",), no_key=True).get(pk=signup_id)


RESERVES = crc32(b"reserves of a call") - 2**31


def lock_reserves(call_up_id: int | None, *, alone: bool = True) -> None:
    """Between those who join the reserves of a call (side by side) and whoever gives out a freed seat of it (alone).

    So no seat comes free unseen while somebody joins. Before any post of the call is touched, until the end of the
    transaction.
    """
    if call_up_id is None:
        return
    function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with patience(), connection.cursor() as cursor:
        cursor.execute(f"select {function}(%s, %s)", [RESERVES, call_up_id % 2**31])
