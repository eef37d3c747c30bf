"""Taking and giving back seats: each by one conditional statement, so that the hot row is held to the commit only."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import F, Func, PositiveIntegerField, Value
from psycopg.types.range import TimestamptzRange

from communities import history
from communities.history import Context, told_of
from communities.queries.prepared import fetch, later
from staffing.models import Post, SignUp
from staffing.rules.signups import Facts
from staffing.states import SignUpStatus

COLUMNS = {
    "post_id": "bigint",
    "shift_id": "bigint",
    "volunteer_id": "bigint",
    "status": "text",
    "period": "tstzrange",
    "priority": "smallint",
    "auto_accept": "boolean",
    "placed": "boolean",
    "channel": "text",
    "entered_by_id": "bigint",
    "party": "uuid",
    "pledge_id": "bigint",
    "secondment_id": "bigint",
    "replaces_id": "bigint",
    "override_reason": "text",
    "override_by_id": "bigint",
    "respond_by": "timestamptz",
    "only_role_id": "bigint",
    "only_shifts": "bigint[]",
    "created_at": "timestamptz",
}
SIGN_UP = f"""
    insert into staffing_signup ({", ".join(COLUMNS)}, changed_at, reason, late, auto_checkout, {{place}})
    select {", ".join(f"%({name})s::{kind}" for name, kind in COLUMNS.items())}, %(created_at)s::timestamptz, '', false, false, {{given}}
"""
TAKE = f"""
    with seat as (
        update staffing_post
        set taken = taken + 1, free_seats = free_seats[2:],
            last_seat = coalesce(free_seats[1], seats_given + 1),
            seats_given = seats_given + (cardinality(free_seats) = 0)::int
        where id = %(post_id)s::bigint and version = %(version)s::int and taken + pledged < seats
            and (waiting = 0 or %(reserved)s::boolean)
        returning last_seat
    )
    {SIGN_UP.format(place="seat_no", given="last_seat")} from seat returning id, seat_no
"""
JOIN = f"""
    with line as (
        update staffing_post
        set waiting = waiting + 1, tickets = tickets + 1
        where id = %(post_id)s::bigint and version = %(version)s::int and (taken + pledged >= seats or waiting > 0)
        returning tickets
    )
    {SIGN_UP.format(place="position", given="tickets")} from line returning id, position
"""
# The same for several people of one post at once. They take new seats only: one that somebody gave back is for who comes alone.
EACH = {"volunteer_id": "bigint", "party": "uuid", "created_at": "timestamptz"}
MANY = f"""
    with asked as (
        select * from unnest(%(volunteers)s::bigint[], %(parties)s::uuid[], %(moments)s::timestamptz[], %(contexts)s::uuid[], %(about)s::text[])
            with ordinality as asked ({", ".join(EACH)}, context_id, about, number)
    ),
    place as ({{place}}),
    written as (
        insert into staffing_signup ({", ".join(COLUMNS)}, changed_at, reason, late, auto_checkout, {{column}})
        select {", ".join(f"asked.{name}" if name in EACH else f"%({name})s::{kind}" for name, kind in COLUMNS.items())},
            asked.created_at, '', false, false, place.before + asked.number
        from asked, place order by asked.number
        returning *
    ),
    {history.of_each(SignUp, rows="written", told="asked", key="volunteer_id")}
    select volunteer_id, id, {{column}} from written
"""
TAKE_MANY = MANY.format(
    column="seat_no",
    place="""
        update staffing_post
        set taken = taken + %(many)s::int, seats_given = seats_given + %(many)s::int, last_seat = seats_given + %(many)s::int
        where id = %(post_id)s::bigint and version = %(version)s::int and taken + pledged + %(many)s::int <= seats
            and waiting = 0 and free_seats = '{}'
        returning seats_given - %(many)s::int as before
    """,
)
JOIN_MANY = MANY.format(
    column="position",
    place="""
        update staffing_post
        set waiting = waiting + %(many)s::int, tickets = tickets + %(many)s::int
        where id = %(post_id)s::bigint and version = %(version)s::int and (taken + pledged >= seats or waiting > 0)
        returning tickets - %(many)s::int as before
    """,
)
SILENCED = history.silenced(SignUp)


def columns(facts: Facts, status: SignUpStatus, **how: Any) -> dict[str, Any]:
    place = facts.place
    row = {
        "post_id": place.post,
        "shift_id": place.shift,
        "volunteer_id": facts.person.volunteer,
        "status": status,
        "period": TimestamptzRange(place.interval.start, place.interval.end, "[)"),
        "priority": 0,
        "auto_accept": False,
        "placed": False,
        "channel": "web",
        "entered_by_id": None,
        "party": None,
        "pledge_id": None,
        "secondment_id": None,
        "replaces_id": None,
        "override_reason": "",
        "override_by_id": None,
        "respond_by": None,
        "only_role_id": None,
        "only_shifts": [],
        "created_at": facts.now,
    }
    return row | how


def take(facts: Facts, status: SignUpStatus, *, reserved: bool = False, **how: Any) -> SignUp | None:
    """A seat of the post, or None if there is no free one (others waiting count as none) or the post has changed.

    `reserved`: the seat was kept for this person, whoever waits.
    """
    row = columns(facts, status, **how)
    return made(fetch(TAKE, version=facts.place.version, reserved=reserved, **row), "seat_no", row)


def join(facts: Facts, **how: Any) -> SignUp | None:
    """The end of the waitlist, or None if a seat has become free meanwhile or the post has changed."""
    row = columns(facts, SignUpStatus.WAITLISTED, **how)
    return made(fetch(JOIN, version=facts.place.version, **row), "position", row)


def made(found: Sequence[tuple[Any, ...]], place: str, row: dict[str, Any]) -> SignUp | None:
    return next((stored(pk, at, place, row) for pk, at in found), None)


def stored(pk: int, at: int, place: str, row: dict[str, Any]) -> SignUp:
    return SignUp(id=pk, changed_at=row["created_at"], **row, **{place: at})


def send(
    cases: Sequence[Facts], status: SignUpStatus, told: Sequence[Context], parties: Sequence[UUID | None], **how: Any
) -> Callable[[], list[SignUp]]:
    """Within `connection.sent_together()`, ask for what the facts of one post make likely for all of them: seats, or the
    end of the waitlist. Each is in their own name in the history.

    What is returned tells what came of it: a sign-up for each of the cases in their order, or none at all.
    """
    seated = bool(cases[0].place.room)
    row = columns(cases[0], status if seated else SignUpStatus.WAITLISTED, **how)
    people = [facts.person.volunteer for facts in cases]
    each = {"volunteers": people, "parties": list(parties), "moments": [facts.now for facts in cases]}
    same = {name: value for name, value in row.items() if name not in EACH}
    version, many = cases[0].place.version, len(cases)
    connection.settle(SILENCED | history.settings_of_who_acts())  # type: ignore[attr-defined]
    asked = later(TAKE_MANY if seated else JOIN_MANY, version=version, many=many, **same, **each, **told_of(told))
    place = "seat_no" if seated else "position"

    def found() -> list[SignUp]:
        given = {volunteer: (pk, at) for volunteer, pk, at in asked()}
        if not given:
            return []
        return [
            stored(*given[volunteer], place, row | {"volunteer_id": volunteer, "party": party, "created_at": facts.now})
            for volunteer, party, facts in zip(people, parties, cases, strict=True)
        ]

    return found


def enter(facts: Facts, status: SignUpStatus, **how: Any) -> SignUp | None:
    """A seat, or the end of the waitlist: first what the facts make likely, for each try costs a statement."""
    if facts.place.room:
        return take(facts, status, **how) or join(facts, **how)
    return join(facts, **how) or take(facts, status, **how)


def give_back(signup: SignUp, **only_if: int) -> bool:
    """The seat goes back to the post; False, and nothing happens, where the post is not as `only_if` says."""
    back = Func(F("free_seats"), Value(signup.seat_no), function="array_append")
    return bool(Post.objects.filter(pk=signup.post_id, **only_if).update(taken=F("taken") - 1, free_seats=back))


def give_all_back(held: Sequence[SignUp]) -> bool:
    """Seats of one post go back to it at once; False, and nothing happens, while people wait."""
    numbers = [signup.seat_no for signup in held]
    back = Func(F("free_seats"), Value(numbers, output_field=ArrayField(PositiveIntegerField())), function="array_cat")
    post = Post.objects.filter(pk=held[0].post_id, waiting=0)
    return bool(post.update(taken=F("taken") - len(numbers), free_seats=back))


def leave_line(post_id: int, count: int = 1) -> None:
    Post.objects.filter(pk=post_id).update(waiting=F("waiting") - count)


def bump(shift_ids: list[int], now: datetime) -> None:
    """Whatever a sign-up read of these shifts before now no longer counts."""
    Post.objects.filter(shift_id__in=shift_ids).order_by("pk").update(version=F("version") + 1)


RESERVE = """
    update staffing_post
    set taken = taken + 1, free_seats = free_seats[2:],
        last_seat = coalesce(free_seats[1], seats_given + 1),
        seats_given = seats_given + (cardinality(free_seats) = 0)::int
    where id = %s and taken + pledged < seats
    returning last_seat
"""


def reserve(post_id: int) -> int | None:
    """A seat of the post whoever waits, for the caller to hand on; None if it is full."""
    with connection.cursor() as cursor:
        cursor.execute(RESERVE, [post_id])
        found = cursor.fetchone()
    return int(found[0]) if found else None
