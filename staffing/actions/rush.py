"""A rush: who signs up at the same moment is given a place in one transaction, each in their own name.

It does only what is plain. Whoever is not sure of a place here (somebody holds them, they have one already, a rule
says no, the post has changed) is left to staffing.actions.signups, which decides about them alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from communities import history
from communities.batching import Batches
from communities.history import Context
from communities.queries.prepared import later, loaded
from staffing import messages
from staffing.actions import seats
from staffing.locks import lock_reserves
from staffing.models import SignUp
from staffing.queries import kept_places
from staffing.queries.kept_places import Asked
from staffing.rules.placement import best
from staffing.rules.signups import Facts, waits_for_approval
from staffing.states import ALIVE, SignUpStatus
from volunteers.models import Volunteer

MOST = 8  # in one transaction


@dataclass(frozen=True, slots=True)
class Hope:
    """What the owner of an account would like. `columns`: what else the sign-up says; `seat_only`: no place in line."""

    user: int
    asked: Asked
    columns: dict[str, Any]
    now: datetime
    seat_only: bool = False

    @property
    def key(self) -> UUID | None:
        return self.columns.get("party")

    @property
    def shared(self) -> dict[str, Any]:
        """What of the columns may be the same for others."""
        return {name: value for name, value in self.columns.items() if name != "party"}


@dataclass(frozen=True, slots=True)
class Named:
    hope: Hope
    told: Context


def together(hope: Hope) -> SignUp | None:
    """The sign-up, done with those of others who come at this moment; None if it has to be done alone."""
    told = history.current()
    if told is None or connection.in_atomic_block:
        return None
    return BATCHES.join(Named(hope, told))


def all_or_none(cases: Sequence[Named]) -> list[SignUp | None]:
    try:
        return all_at_once(cases)
    except DatabaseError:
        connection.close_if_unusable_or_obsolete()
        raise


def all_at_once(cases: Sequence[Named]) -> list[SignUp | None]:
    """What came of each, in four trips to the database: hold the people, read, take the places, tell and commit.

    The locks are taken in their one order, and the posts in that of their ids.
    """
    done = {}
    with connection.sent_together(), transaction.atomic():  # type: ignore[attr-defined]
        people = hold_owners([case.hope.user for case in cases])
        for number, signup in written(cases, sorted(decided(cases, people), key=lambda one: one[1].place.post)):
            signup.volunteer = people[cases[number].hope.user]
            done[number] = signup
        messages.signed_up(list(done.values()), cases[0].hope.now)
    return [done.get(number) for number in range(len(cases))]


def hold_owners(users: Sequence[int]) -> dict[int, Volunteer]:
    """The volunteers of these accounts, held until the end, but for those whom somebody else holds."""
    tail = "where user_id = any(%(users)s::bigint[]) order by id for no key update skip locked"
    return {person.user_id: person for person in loaded(Volunteer, tail, users=list(set(users)))}


def decided(cases: Sequence[Named], people: dict[int, Volunteer]) -> list[tuple[int, Facts]]:
    """For whom the rules say yes: their number, and the best post as those before them leave it."""
    hopes = first_of_each([case.hope for case in cases], people)
    wanted = {number: places for number, hope in hopes.items() if (places := kept_places.on(hope.asked, hope.now))}
    if not wanted:
        return []
    calls = sorted({hope.asked.call_up for hope in hopes.values() if hope.asked.call_up})
    for call_up in calls:
        lock_reserves(call_up, alone=False)
    ids = {number: people[hopes[number].user].pk for number in wanted}
    keys = [hope.key for hope in hopes.values() if hope.key]
    here = later(HERE, people=list(ids.values()), calls=calls, keys=keys, alive=list(ALIVE)) if calls else list
    read = kept_places.together([(ids[number], places) for number, places in wanted.items()], cases[0].hope.now)
    taken = {part for volunteer, call_up, key in here() for part in ((volunteer, call_up), key)}
    found, counts = read()
    yes = []
    for number, places in wanted.items():
        hope = hopes[number]
        if not taken.isdisjoint({(ids[number], hope.asked.call_up), hope.key} - {None}):
            continue
        facts = best(counts.cases(found[ids[number]], places, hope.now))
        if facts and not facts.is_there and (facts.place.room or not hope.seat_only):
            counts.add(facts.place)
            yes.append((number, facts))
    return yes


# What the people have of the calls already, and what their keys have led to.
HERE = """
    select u.volunteer_id, s.call_up_id, u.party from staffing_signup u join staffing_shift s on s.id = u.shift_id
    where (u.volunteer_id = any(%(people)s::bigint[]) and s.call_up_id = any(%(calls)s::bigint[]) and u.status = any(%(alive)s::text[]))
       or u.party = any(%(keys)s::uuid[])
"""


def first_of_each(hopes: Sequence[Hope], people: dict[int, Volunteer]) -> dict[int, Hope]:
    """By number, the hopes of those who are held; of one person the first."""
    numbers = {hope.user: number for number, hope in reversed(list(enumerate(hopes)))}
    return {number: hopes[number] for user, number in sorted(numbers.items(), key=itemgetter(1)) if user in people}


def written(cases: Sequence[Named], yes: Sequence[tuple[int, Facts]]) -> list[tuple[int, SignUp]]:
    """One statement for all who want the same of one post."""
    asked = []
    for alike in groups(cases, yes).values():
        numbers, facts = zip(*alike, strict=True)
        hopes = [cases[number].hope for number in numbers]
        told = [cases[number].told for number in numbers]
        keys = [hope.key for hope in hopes]
        asked.append((numbers, seats.send(facts, first_status(facts[0]), told, keys, **hopes[0].shared)))
    return [pair for numbers, found in asked for pair in zip(numbers, found(), strict=False)]


def groups(cases: Sequence[Named], yes: Sequence[tuple[int, Facts]]) -> dict[Any, list[tuple[int, Facts]]]:
    """Seats before the line, for a line is there once the last seat is gone."""
    found: dict[Any, list[tuple[int, Facts]]] = {}
    for number, facts in yes:
        like = facts.place.post, bool(facts.place.room), first_status(facts), repr(cases[number].hope.shared)
        found.setdefault(like, []).append((number, facts))
    return found


def first_status(facts: Facts) -> SignUpStatus:
    return SignUpStatus.SIGNED_UP if waits_for_approval(facts) else SignUpStatus.CONFIRMED


BATCHES = Batches[Named, SignUp](all_or_none, MOST)
