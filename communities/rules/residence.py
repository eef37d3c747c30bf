"""Which compound somebody lives in, from the text of a staff list, and how sure that is.

A learned alias first, then names with the areas that stand beside them, then what sounds alike, which is never sure by
itself. Nothing of a door is kept: a text is cut before its building.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

SURE = 80  # from here on nobody is asked
MOST_CHOICES = 6
STEMS = ("住宅小区", "小区", "社区", "大院", "宿舍", "家属院", "花园", "村")
HAN_NUMBER = "一二三四五六七八九十"
LOOSE = re.compile(r"(?<![\da-z]) | (?![\da-z])")
HOUSE = re.compile(rf"([\da-z]+|[{HAN_NUMBER}]+)(号楼|栋|幢|座|#楼?)")
NUMBER = rf"(\d[\da-z]*|[a-z]+|[{HAN_NUMBER}]+)"  # in "A3号楼" the letter may be the compound's: it is left to its name
TAIL = re.compile(rf"({NUMBER}(号楼|栋|幢|座|#|单元|室|层|门)|\d+-\d+).*$|\d+号?$")
ENGLISH_TAIL = re.compile(r"\b(building|bldg|block|unit|apartment|apt|room|flat)\b.*$")


class How(StrEnum):
    """What the guess rests on."""

    ALIAS = "alias"  # somebody has decided this text before
    NAME_AND_AREA = "name_and_area"
    NAME = "name"  # the only one of that name
    BUILDING = "building"  # of several, the only one with that building
    STEM = "stem"  # without the word for compound
    COMMUNITY = "community"  # the only compound of the community
    AREA_DIFFERS = "area_differs"
    SEVERAL = "several"
    NEAR = "near"  # sounds alike
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Home:
    """A compound as people write of it. `areas` are ids from the city down to its community."""

    compound: int
    names: tuple[str, ...]
    areas: tuple[int, ...]
    buildings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Guess:
    """`confidence` is 0 to 100; `choices` are the compounds to ask about, the likeliest first."""

    compound: int | None
    confidence: int
    how: How
    choices: tuple[int, ...] = ()

    @property
    def sure(self) -> bool:
        return self.compound is not None and self.confidence >= SURE


NOTHING = Guess(None, 0, How.NOTHING)


@dataclass(frozen=True, slots=True)
class Mention:
    start: int
    end: int
    what: tuple[int, ...]  # homes (places in the list), or areas (ids)

    def within(self, other: "Mention") -> bool:
        return other.start <= self.start and self.end <= other.end and other.end - other.start > self.end - self.start


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with what it mentions; `part` is what is left of it without the areas."""

    homes: tuple[Mention, ...]
    areas: tuple[Mention, ...]
    part: str
    building: str


@dataclass(slots=True)
class Names:
    """A list of names to look up in texts. The longest name at a place counts."""

    known: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    lengths: set[int] = field(default_factory=set)

    def add(self, name: str, what: int) -> None:
        if len(name) > 1:
            self.known[name].add(what)
            self.lengths.add(len(name))

    def mentioned(self, text: str) -> Iterator[Mention]:
        for start in range(len(text)):
            for length in self.lengths:
                if what := self.known.get(text[start : start + length]):
                    yield Mention(start, min(start + length, len(text)), tuple(sorted(what)))


class Gazetteer:
    """All compounds and areas by every name they go by, and the texts that somebody has decided before."""

    def __init__(
        self, homes: Sequence[Home], areas: Mapping[int, Iterable[str]], aliases: Mapping[str, int] | None = None
    ) -> None:
        self.homes, self.aliases = homes, dict(aliases or {})
        self.by_compound = {home.compound: home for home in homes}
        self.of_area: defaultdict[int, list[int]] = defaultdict(list)
        self.names, self.stems, self.areas, self.short_areas = Names(), Names(), Names(), Names()
        for index, home in enumerate(homes):
            self.of_area[home.areas[-1]].append(index)
            self.learn_names(index, home)
        for area, names in areas.items():
            for name in names:
                self.learn_area(squeezed(name), area)

    def learn_area(self, name: str, area: int) -> None:
        for spelling in spellings(name):
            self.areas.add(spelling, area)
        if (stem := without_stem(name)) != name:
            self.short_areas.add(stem, area)

    def learn_names(self, index: int, home: Home) -> None:
        for name in map(squeezed, home.names):
            self.names.add(name, index)
            if (stem := without_stem(name)) != name:
                self.stems.add(stem, index)

    def read(self, text: str) -> Reading:
        key = place_of(text)
        homes, areas = list(self.names.mentioned(key)), list(self.areas.mentioned(key))
        homes = [one for one in homes if not any(one.within(other) for other in homes + areas)]
        areas = [one for one in areas if not any(one.within(other) for other in homes + areas)]
        covered = [one for one in areas if not any(one.start == home.start and one.end == home.end for home in homes)]
        return Reading(tuple(homes), tuple(covered), without(key, covered), building_of(text))

    def guess(self, text: str) -> Guess:
        """The compound meant, or the ones to ask about."""
        if known := self.aliases.get(place_of(text)):
            return Guess(known, 100, How.ALIAS)
        reading = self.read(text)
        if reading.homes:
            return self.by_name(reading, max(reading.homes, key=lambda one: (one.end - one.start, one.start)))
        return self.by_stem(reading) or self.by_area(reading)

    def by_name(self, reading: Reading, mention: Mention) -> Guess:
        fits = [index for index in mention.what if self.agrees(index, reading)]
        if not fits:
            return Guess(None, 40, How.AREA_DIFFERS, self.compounds(mention.what))
        if len(fits) == 1:
            how = (100, How.NAME_AND_AREA) if reading.areas else (90, How.NAME)
            return Guess(self.homes[fits[0]].compound, *how)
        there = [index for index in fits if reading.building in self.homes[index].buildings]
        if len(there) == 1:
            return Guess(self.homes[there[0]].compound, 85, How.BUILDING)
        return Guess(None, 50, How.SEVERAL, self.compounds(fits))

    def by_stem(self, reading: Reading) -> Guess | None:
        mentions = list(self.stems.mentioned(reading.part))
        if not mentions:
            return None
        longest = max(mentions, key=lambda one: (one.end - one.start, one.start))
        fits = [index for index in longest.what if self.agrees(index, reading)]
        if len(fits) == 1 and reading.areas:
            return Guess(self.homes[fits[0]].compound, 85, How.STEM)
        return Guess(None, 65 if len(fits) == 1 else 50, How.STEM, self.compounds(fits or longest.what))

    def by_area(self, reading: Reading) -> Guess:
        """A community without a compound: sure where it has but one and nothing else is said, else to be asked."""
        areas = reading.areas or self.short_areas.mentioned(reading.part)
        here = [index for one in areas for area in one.what for index in self.of_area.get(area, ())]
        fits = [index for index in dict.fromkeys(here) if self.agrees(index, reading)]
        if len(fits) == 1 and not reading.part:
            return Guess(self.homes[fits[0]].compound, 80, How.COMMUNITY)
        return replace(NOTHING, choices=self.compounds(fits), confidence=30 if fits else 0)

    def agrees(self, index: int, reading: Reading) -> bool:
        """The home lies in every area that the text names."""
        areas = self.homes[index].areas
        return all(any(area in areas for area in one.what) for one in reading.areas)

    def compounds(self, indexes: Iterable[int]) -> tuple[int, ...]:
        return tuple(self.homes[index].compound for index in list(indexes)[:MOST_CHOICES])

    def weighed(self, guess: Guess, text: str, near: Sequence[tuple[int, float]]) -> Guess:
        """The guess with what sounds alike (compound, likeness 0 to 1), which is to be asked about first."""
        if guess.how is not How.NOTHING or not near:
            return guess
        reading = self.read(text)
        scored = sorted(((self.likeness(one, reading), one[0]) for one in near), reverse=True)
        best = dict.fromkeys([compound for _score, compound in scored] + list(guess.choices))
        return Guess(None, max(scored[0][0], guess.confidence), How.NEAR, tuple(best)[:MOST_CHOICES])

    def likeness(self, near: tuple[int, float], reading: Reading) -> int:
        compound, alike = near
        areas = self.by_compound[compound].areas if compound in self.by_compound else ()
        agrees = bool(reading.areas) and all(any(area in areas for area in one.what) for one in reading.areas)
        return min(SURE - 1, round(60 * alike) + (15 if agrees else 0))


def squeezed(text: str) -> str:
    """Letters and digits alone, full-width and capitals folded."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def place_of(text: str) -> str:
    """What a text says of a place down to the compound: the key under which a decision about it is remembered."""
    plain = closed(ENGLISH_TAIL.sub("", folded(text)))
    cut = TAIL.sub("", plain)
    return squeezed(cut) or squeezed(plain)


def building_of(text: str) -> str:
    found = HOUSE.search(closed(folded(text)))
    return found[1] if found else ""


def closed(text: str) -> str:
    """Without spaces, but for those between letters and numbers: in "A 12号楼" the building is 12."""
    return LOOSE.sub("", text)


def without_stem(name: str) -> str:
    for ending in STEMS:
        if name.endswith(ending) and len(name) - len(ending) > 1:
            return name.removesuffix(ending)
    return name


def spellings(name: str) -> list[str]:
    """龙城街道 is also written 龙城街办."""
    stem = name.removesuffix("街道")
    return [name, f"{stem}街办", f"{stem}街道办事处"] if stem != name else [name]


def without(text: str, mentions: Sequence[Mention]) -> str:
    taken = {place for one in mentions for place in range(one.start, one.end)}
    return "".join(letter for place, letter in enumerate(text) if place not in taken)
