"""What speaks for a person on a proposed seat, and what a lead could do about one that stays empty."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from staffing.rules.fillings import Candidate, Opening, direct, same_fence
from volunteers.rules.qualifications import lacking


class Why(NamedTuple):
    """One reason for a proposed seat, as a code with what it speaks of."""

    code: str
    facts: Mapping[str, str] = MappingProxyType({})


def why(
    candidate: Candidate, opening: Opening, *, alone: bool, shows_others: bool = False, accompanied: bool = False
) -> list[Why]:
    """What speaks for this person here, the strongest first; said to the lead and to the person alike.

    `alone`: nobody else could be asked for it. `shows_others`: nobody else there is experienced. `accompanied`: somebody
    they come with is proposed there too; who that is, is not said.
    """
    place, person = opening.place, candidate.person
    wanted = [*place.requires, *place.prefers]
    able = set(wanted) - set(lacking(wanted, person.held, place.day))
    found = [Why("can_do", {"qualification": slug}) for slug in wanted if slug in able][:2]
    if shows_others:
        found.append(Why("shows_others", {"times": str(candidate.times)}))
    if accompanied:
        found.append(Why("in_company"))
    if direct(candidate, opening):
        found.append(Why("lent_here"))
    if opening.call in candidate.waits:
        found.append(Why("in_line"))
    if same_fence(candidate, opening):
        found.append(Why("lives_there"))
    elif place.community in person.home.areas:
        found.append(Why("lives_near"))
    if alone:
        found.append(Why("nobody_else"))
    if not candidate.hours:
        found.append(Why("not_served_lately"))
    return found or [Why("free_then")]


def only_seasoned(
    sound: Iterable[tuple[int, int]], people: Mapping[int, Candidate], openings: Mapping[int, Opening]
) -> set[tuple[int, int]]:
    """Those who are the only experienced person among the people of their shift."""
    there: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for volunteer, post in sound:
        there[openings[post].place.shift].append((volunteer, post))
    found = set()
    for pairs in there.values():
        skilled = [one for one in pairs if people[one[0]].seasoned]
        if len(skilled) == 1 and len(pairs) > 1 and not openings[skilled[0][1]].guided:
            found.add(skilled[0])
    return found


def accompanied_then(
    sound: Iterable[tuple[int, int]], mates: Iterable[tuple[int, int]], openings: Mapping[int, Opening]
) -> set[tuple[int, int]]:
    """Those who are proposed for the shift that somebody they come with is proposed for, too."""
    shifts: defaultdict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for volunteer, post in sound:
        shifts[volunteer][openings[post].place.shift] = (volunteer, post)
    found = set()
    for one, other in mates:
        for shift in shifts[one].keys() & shifts[other].keys():
            found |= {shifts[one][shift], shifts[other][shift]}
    return found


def guided_then(
    sound: Iterable[tuple[int, int]], people: Mapping[int, Candidate], openings: Mapping[int, Opening]
) -> set[int]:
    """The shifts of the proposal that have somebody experienced then."""
    shifts = {openings[post].place.shift for volunteer, post in sound if people[volunteer].seasoned}
    return shifts | {opening.place.shift for opening in openings.values() if opening.guided}


HELP = {
    "qualified": "train",
    "not_asked_before": "call",
    "free": "call",
    "rested": "ask_above",
    "within_reach": "call",
    "nearby": "call",
    "banned": "unban",
    "kind": "ask_above",
    "asked_or_placed": "call",
    "all_placed": "call",
    "hours": "ask_above",
    "costly": "ask_above",
    "several_rules": "call",
    "protected": "protect",
}


def help_for(binding: str) -> str:
    """What a lead could do about a seat that stays empty: call, ask_above, train, unban or protect."""
    return HELP.get(binding, "call")
