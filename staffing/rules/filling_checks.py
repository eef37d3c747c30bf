"""Whether somebody may be proposed for an open seat: the checks of sign-up, and those of asking somebody unasked.

Each check names all that it reads of a person and of a post, so that people and posts that are alike to it are asked
about once.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from communities.errors import Refusal
from staffing.rules import fillings, signups
from staffing.rules.fillings import Candidate, Opening
from staffing.rules.signups import Facts
from volunteers.states import PersonKind

type Marks = frozenset[tuple[str, int]]


class Apart(NamedTuple):
    """The marks by which a person and a post have to do with each other; where they share none, the check reads no more
    of them than this.
    """

    person_marks: Callable[[Candidate], Marks]
    post_marks: Callable[[Opening], Marks]
    of_person: Callable[[Candidate], Hashable] = lambda candidate: None
    of_post: Callable[[Opening], Hashable] = lambda opening: None


class Check(NamedTuple):
    """A rule by name; `of_person` and `of_post` hold all that it reads."""

    name: str
    asks: Callable[[Candidate, Opening], list[Refusal]]
    of_person: Callable[[Candidate], Hashable]
    of_post: Callable[[Opening], Hashable]
    apart: Apart | None = None


def by_sign_up(check: Callable[[Facts], list[Refusal]]) -> Callable[[Candidate, Opening], list[Refusal]]:
    return lambda candidate, opening: check(fillings.facts(candidate, opening))


def states(opening: Opening) -> Hashable:
    place = opening.place
    return place.shift_status, place.call_status, place.sign_up_from, place.sign_up_until, place.interval, opening.now


def way(candidate: Candidate) -> Hashable:
    person = candidate.person
    return person.kind, person.home, candidate.zones, person.passes


def spot(opening: Opening) -> Hashable:
    return opening.place.where, opening.place.interval, opening.now


def fences(candidate: Candidate) -> Marks:
    """The compounds and areas that open to the person: by living there, or by a pass."""
    home, passes = candidate.person.home.compound, candidate.person.passes
    opened = {("compound", one.compound) if one.compound else ("area", one.area or 0) for one in passes}
    return frozenset(opened | ({("compound", home)} if home else set()))


def behind_fences(candidate: Candidate) -> Hashable:
    """What counts of a home for places elsewhere: a pass may open its fence from inside."""
    person = candidate.person
    return person.kind is PersonKind.MEDICAL, candidate.zones, (person.home, person.passes) if person.passes else ()


def grounds(opening: Opening) -> Marks:
    return areas(opening) | {("compound", opening.place.where.compound or 0)}


def areas(opening: Opening) -> Marks:
    return frozenset(("area", area) for area in opening.place.where.areas)


def loans(candidate: Candidate) -> Marks:
    return frozenset(("area", area) for area, _period in [*candidate.lent, *candidate.away])


def free_to_ask(candidate: Candidate) -> Hashable:
    """What counts of a person elsewhere than where they are lent."""
    return candidate.person.kind, candidate.reachable, candidate.away


def protection(opening: Opening) -> Hashable:
    place = opening.place
    return place.risky, place.insured, place.briefed, place.day


CHECKS: Sequence[Check] = (
    Check("window", by_sign_up(signups.window), lambda c: None, states),
    Check(
        "kind",
        by_sign_up(signups.kind),
        lambda c: (c.person.kind, c.person.organisations),
        lambda o: (o.place.person_kinds, o.place.agency),
        Apart(
            lambda c: frozenset(("agency", one) for one in c.person.organisations),
            lambda o: frozenset({("agency", o.place.agency or 0)}),
            lambda c: c.person.kind,
            lambda o: (o.place.person_kinds, o.place.agency),
        ),
    ),
    Check("adult", by_sign_up(signups.adult), lambda c: c.person.is_adult, lambda o: None),
    Check(
        "qualified", by_sign_up(signups.qualified), lambda c: c.person.held, lambda o: (o.place.requires, o.place.day)
    ),
    Check(
        "within_reach",
        by_sign_up(signups.within_reach),
        way,
        spot,
        Apart(
            fences,
            grounds,
            behind_fences,
            lambda o: (o.place.where.zones, o.place.where.kind, o.place.interval, o.now),
        ),
    ),
    Check("free", by_sign_up(signups.free), lambda c: (c.busy, c.person.absences), lambda o: o.place.interval),
    Check(
        "rested",
        by_sign_up(signups.rested),
        lambda c: c.busy,
        lambda o: (o.place.interval, o.place.max_block, o.place.block_override, o.place.zone),
    ),
    Check("protected", by_sign_up(signups.protected), lambda c: c.person.held, protection),
    Check(
        "nearby",
        fillings.nearby,
        lambda c: c.areas,
        lambda o: o.pool,
        Apart(lambda c: frozenset(("area", one) for one in c.areas), lambda o: frozenset({("area", o.pool)})),
    ),
    Check(
        "not_asked_before",
        fillings.not_asked_before,
        lambda c: (c.shifts, c.unwilling),
        lambda o: (o.place.shift, o.call),
        Apart(
            lambda c: frozenset({("shift", one) for one in c.shifts} | {("call", one) for one in c.unwilling}),
            lambda o: frozenset({("shift", o.place.shift), ("call", o.call or 0)}),
        ),
    ),
    Check(
        "asked_or_placed",
        fillings.asked_or_placed,
        lambda c: (c.person.kind, c.reachable, c.lent, c.away),
        lambda o: (o.place.where.areas, o.place.interval),
        Apart(loans, areas, free_to_ask, lambda o: o.place.interval),
    ),
)


def against(candidate: Candidate, opening: Opening) -> list[Refusal]:
    """Every reason why this person is not proposed for this post; empty means that they may be."""
    return [refusal for check in CHECKS for refusal in check.asks(candidate, opening)]
