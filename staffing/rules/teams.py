"""Teams: how many, of whom, how alike they are, and what makes a proposal the same one still."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from communities.errors import Refusal

MOST_TEAMS, FEWEST_PEOPLE = 500, 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be in a team: where they live (a community's id, None if nobody knows) and what they can do."""

    person: int
    home: int | None = None
    skills: frozenset[int] = frozenset()


type Groups = Sequence[Sequence[Candidate]]


def against(people: int, teams: int) -> list[Refusal]:
    """Every reason why so many people cannot be split into so many teams."""
    if not 1 <= teams <= MOST_TEAMS:
        return [Refusal("teams_number", {"most": MOST_TEAMS})]
    if people < FEWEST_PEOPLE * teams:
        return [Refusal("teams_too_small", {"people": people, "teams": teams, "least": FEWEST_PEOPLE})]
    return []


@dataclass(frozen=True, slots=True)
class Balance:
    """How alike teams are: of each, in their order, the people, and those from each home and with each skill."""

    sizes: tuple[int, ...]
    homes: Mapping[int | None, tuple[int, ...]]
    skills: Mapping[int, tuple[int, ...]]

    @property
    def home_spread(self) -> int:
        """The most by which two teams differ in people from one home."""
        return max(map(spread, self.homes.values()), default=0)

    @property
    def skill_spread(self) -> int:
        return max(map(spread, self.skills.values()), default=0)


def spread(numbers: Sequence[int]) -> int:
    return max(numbers, default=0) - min(numbers, default=0)


def balance(groups: Groups) -> Balance:
    homes = [Counter(one.home for one in group) for group in groups]
    skills = [Counter(skill for one in group for skill in one.skills) for group in groups]
    return Balance(tuple(map(len, groups)), by_name(homes), by_name(skills))


def by_name[Name](counts: Sequence[Counter[Name]]) -> dict[Name, tuple[int, ...]]:
    """Most people first."""
    total: Counter[Name] = sum(counts, Counter())
    return {name: tuple(count[name] for count in counts) for name, _number in total.most_common()}


def fingerprint(groups: Iterable[Iterable[int]]) -> str:
    """The same for the same people in the same teams: what is adopted is what was looked at."""
    said = [sorted(group) for group in groups]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def numbered(name: str, teams: int) -> list[str]:
    """Names for teams of one kind."""
    return [f"{name} {number}" for number in range(1, teams + 1)] if name else [""] * teams
