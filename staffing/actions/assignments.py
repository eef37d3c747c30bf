"""Many people put on seats at once, as their duty: the rules of one, asked of facts that are read together."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from communities.errors import Refusal, Refused
from communities.models import User
from staffing import messages
from staffing.actions import seats
from staffing.actions.decisions import Placed, duty
from staffing.actions.signups import Entry
from staffing.locks import lock_volunteers
from staffing.models import SignUp
from staffing.queries.facts import cases
from staffing.queries.secondments import Cover, coverings
from staffing.rules.fatigue import Interval
from staffing.rules.signups import Facts, refusals
from staffing.states import SignUpStatus


@transaction.atomic
def assign_together(pairs: Sequence[tuple[int, int]], *, by: User, now: datetime) -> Placed:
    """Each (post, person), like `decisions.assign`: who has a place on the post keeps it, who is refused does not keep
    the others. No person twice, for what one is given here is not among the facts of the next.

    One statement for each seat, and some ten for all.
    """
    placed = Placed()
    people = {person.pk: person for person in lock_volunteers(person for _post, person in pairs)}
    found = cases(pairs, now, by_staff=True)
    cover = coverings(people, span(found)) if found else {}
    for facts in found:
        who = facts.person.volunteer
        if facts.is_there:
            continue
        if reasons := against(facts, cover):
            placed.stayed[who] = reasons
        elif signup := seat(facts, cover, by):
            signup.volunteer = people[who]
            placed.done.append(signup)
        else:
            placed.stayed[who] = (Refusal("seat_taken"),)
    messages.all_confirmed(placed.done, now)
    return placed


def span(found: Sequence[Facts]) -> Interval:
    return Interval(min(each.place.interval.start for each in found), max(each.place.interval.end for each in found))


def against(facts: Facts, cover: Mapping[int, Cover]) -> Sequence[Refusal]:
    try:
        duty(facts, cover[facts.person.volunteer])
    except Refused as refused:
        return refused.reasons
    return refusals(facts)


def seat(facts: Facts, cover: Mapping[int, Cover], by: User) -> SignUp | None:
    entry = Entry(channel="desk", by=by, on_behalf=True)
    secondment = duty(facts, cover[facts.person.volunteer])
    return seats.take(facts, SignUpStatus.CONFIRMED, secondment_id=secondment, **entry.columns())
