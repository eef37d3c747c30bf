"""What people on a board hold and still need, as the board and its page of things show it."""

from collections.abc import Iterable
from typing import Any

from staffing.models import Equipment, Shift, SignUp
from staffing.queries.equipment import asked_for, held, things_at
from staffing.states import SignUpStatus


def with_things(shift: Shift, signups: Iterable[SignUp]) -> list[Equipment]:
    """Gives each its `held` (what they were handed), `out` (how much is expected back), `has` (the same in words; of
    who is there, all they have) and `lacks` (what their post asks for and they were not handed).

    Returns what is handed out at the place.
    """
    people: list[Any] = list(signups)
    things = things_at(shift.site.area)
    known = held(one.pk for one in people)
    usual: dict[int, list[Equipment]] = {}
    for one in people:
        one.held = known.get(one.pk, [])
        one.out = sum(issue.out for issue in one.held)
        wanted = usual.setdefault(one.post.role_id, asked_for(things, one.post.role))
        given = {issue.thing_id: issue.number for issue in one.held}
        here = one.status == SignUpStatus.CHECKED_IN
        pieces = [(issue.thing, issue.held if here else issue.out) for issue in one.held]
        one.has = " · ".join(f"{thing} × {number}" for thing, number in pieces if number)
        one.lacks = [thing for thing in wanted if given.get(thing.pk, 0) < thing.each] if here else []
    return things
