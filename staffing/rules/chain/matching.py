"""Who a line of the list is: by phone, then by name and building, then by a name used before; else somebody new."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from staffing.rules.chain.characters import fold
from staffing.rules.chain.entries import Entry
from staffing.rules.chain.names import HONORIFIC, NICKNAME, can_be_name
from staffing.rules.chain.words import RELATION

MOST_CHOICES = 4
RELATED = re.compile(
    rf"(?:我们?家?的?)?(?:{RELATION})+|(?:my|our|his|her) [a-z]+|my|our|his|her|mom|mother|dad|father|wife|husband"
)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody the community knows. `compound` is where they live; `buildings` as they wrote them in earlier lists."""

    volunteer: int
    name: str
    compound: int | None = None
    buildings: frozenset[str] = frozenset()
    has_phone: bool = False


@dataclass(frozen=True, slots=True)
class Roll:
    """Those of the community whom the list may mean."""

    by_phone: Mapping[str, Known] = field(default_factory=dict)
    by_name: Mapping[str, Sequence[Known]] = field(default_factory=dict)
    by_alias: Mapping[str, Known] = field(default_factory=dict)
    by_family_name: Mapping[str, Sequence[Known]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """`how`: phone, name, alias or new; or empty, with the reason to ask and whom it may be."""

    how: str = ""
    volunteer: int | None = None
    reason: str = ""
    choices: tuple[Known, ...] = ()


NEW = Match("new")


def endings(names: Iterable[str]) -> dict[str, str]:
    """How people shorten the names of places, where that leaves no doubt: 西苑 for 香樟西苑. Ending -> name."""
    short = [(name[at:], name) for name in names for at in range(len(name) - 1)]
    counted = Counter(ending for ending, _name in short)
    return {ending: name for ending, name in short if counted[ending] == 1}


def without_place(entry: Entry, places: Collection[str]) -> Entry:
    """The name of a place in front is nobody's; the person is who comes next."""
    if entry.name not in places:
        return entry
    remarks = entry.comment.split()
    name = next((one for one in remarks if one not in places and can_be_name(fold(one), opens=False)), None)
    rest = [str(entry.name), *(one for one in remarks if one != name)]
    return replace(entry, name=name, comment=" ".join(rest))


def match(entry: Entry, roll: Roll, compound: int | None = None) -> Match:
    """`compound` is the one that the line names, if it names one."""
    if not entry.name:
        return Match(reason="only_question" if entry.flags.question and not entry.phone else "no_name")
    if entry.phone and (found := roll.by_phone.get(entry.phone)):
        return Match("phone", found.volunteer)
    if entry.flags.proxy and is_unnamed(entry.comment):
        return Match(reason="proxy_unnamed")
    namesakes = [known for known in roll.by_name.get(entry.name, ()) if could_be(known, entry, compound)]
    if len(namesakes) == 1 and not (entry.phone and namesakes[0].has_phone):
        return Match("name", namesakes[0].volunteer)
    if namesakes:
        return Match(reason="several_people" if len(namesakes) > 1 else "other_phone", choices=shortened(namesakes))
    if found := roll.by_alias.get(entry.name):
        return Match("alias", found.volunteer)
    return by_family_name(entry, roll, compound)


def by_family_name(entry: Entry, roll: Roll, compound: int | None) -> Match:
    """袁阿姨 may be anybody of that family name who lives there; with a phone of her own she is somebody new."""
    name = entry.name or ""
    if entry.phone or not (HONORIFIC.fullmatch(name) or NICKNAME.fullmatch(name)):
        return NEW
    family = name[1] if NICKNAME.fullmatch(name) else name[0]
    relatives = [known for known in roll.by_family_name.get(family, ()) if could_be(known, entry, compound)]
    return Match(reason="family_name", choices=shortened(relatives)) if relatives else NEW


def could_be(known: Known, entry: Entry, compound: int | None) -> bool:
    """Nothing that is known of them speaks against it."""
    elsewhere = compound and known.compound and known.compound != compound
    other_building = entry.address.building and known.buildings and entry.address.building not in known.buildings
    return not elsewhere and not other_building


def shortened(found: Sequence[Known]) -> tuple[Known, ...]:
    return tuple(found[:MOST_CHOICES])


def is_unnamed(comment: str) -> bool:
    """Somebody signs up "my mother", and nobody else is named beside: whose the name is, is the writer's."""
    remarks = comment.split()
    related = [remark for remark in remarks if RELATED.fullmatch(fold(remark))]
    return bool(related) and not any(can_be_name(fold(one), opens=False) for one in remarks if one not in related)


def fingerprint_of(entry: Entry) -> str:
    """Who the line is about, in one text: what a second paste of it has in common with the first."""
    address = entry.address
    where = f"{address.building}/{address.entrance}/{address.flat}"
    remark = "" if entry.name or entry.phone else entry.comment
    return "|".join([entry.name or "", entry.phone or "", where, remark])
