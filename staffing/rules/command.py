"""How communities stand beside each other: who is short of most, and when each will be complete."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from staffing.rules.readiness import Forecast
from staffing.states import Outlook, Ranking

WAY = timedelta(minutes=30)  # from a yes to standing there; a proposal, not a norm


@dataclass(frozen=True, slots=True)
class Tally:
    """Seats over the time looked at.

    `taken` counts those somebody holds, `asked` the offers among them that are not answered yet, `pledged` the seats
    kept for names an organisation owes, `here` those whose holder has checked in.
    """

    need: int = 0
    taken: int = 0
    asked: int = 0
    pledged: int = 0
    here: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.need + other.need,
            self.taken + other.taken,
            self.asked + other.asked,
            self.pledged + other.pledged,
            self.here + other.here,
        )

    @property
    def named(self) -> int:
        return self.taken - self.asked

    @property
    def bare(self) -> int:
        """Not covered by anybody's word."""
        return max(0, self.need - self.taken - self.pledged)

    @property
    def soft(self) -> int:
        return self.asked + self.pledged

    @property
    def missing(self) -> int:
        """Without a name."""
        return self.soft + self.bare

    @property
    def share(self) -> float:
        """The part of the seats that is not covered."""
        return self.bare / self.need if self.need else 0.0

    @property
    def percent(self) -> int:
        return round(100 * self.share)


def total(tallies: Iterable[Tally]) -> Tally:
    return reduce(Tally.__add__, tallies, Tally())


@dataclass(frozen=True, slots=True)
class Ready:
    """When everybody will be in place, and by when they should. `at` None: not by itself, or not known yet."""

    outlook: Outlook
    by: datetime | None = None
    at: datetime | None = None

    @property
    def late(self) -> timedelta:
        return self.at - self.by if self.at and self.by else timedelta()


NOTHING_TO_DO = Ready(Outlook.ON_TIME)


def ready(missing: int, by: datetime, foreseen: Forecast | None) -> Ready:
    """A seat that is taken at an instant has its holder in place WAY later, and never before `by`.

    Complete: in place by then. Too little has happened to say: unknown.
    """
    if not missing:
        return Ready(Outlook.ON_TIME, by, by)
    if foreseen is None:
        return Ready(Outlook.UNKNOWN, by)
    if foreseen.likely is None:
        return Ready(Outlook.NEVER, by)
    at = max(by, foreseen.likely + WAY)
    return Ready(Outlook.LATE if at > by else Outlook.ON_TIME, by, at)


ORDER = [Outlook.ON_TIME, Outlook.UNKNOWN, Outlook.LATE, Outlook.NEVER]


def gravity(found: Ready) -> tuple[int, timedelta]:
    return ORDER.index(found.outlook), found.late


def worst(found: Iterable[Ready]) -> Ready:
    """Of several calls the one that is complete last says when the community is; among those on time the latest."""
    return max(found, key=lambda one: (*gravity(one), one.at.timestamp() if one.at else 0.0), default=NOTHING_TO_DO)


@dataclass(frozen=True, slots=True)
class Line:
    """One community. `came` and `gone`: seats with a name won and given up over the last hour; `free`: people lent to
    it, on duty, without a seat over the time looked at.
    """

    area: int
    name: str
    name_en: str
    tally: Tally
    ready: Ready = NOTHING_TO_DO
    came: int = 0
    gone: int = 0
    free: int = 0

    @property
    def change(self) -> int:
        return self.came - self.gone


KEYS: dict[Ranking, Callable[[Line], tuple[Any, ...]]] = {
    Ranking.SHARE: lambda line: (-line.tally.share, -line.tally.bare, -line.tally.missing, line.area),
    Ranking.MISSING: lambda line: (-line.tally.bare, -line.tally.missing, line.area),
    Ranking.READY: lambda line: (-ORDER.index(line.ready.outlook), -line.ready.late, -line.tally.share, line.area),
    Ranking.NAME: lambda line: (line.name, line.area),
}


def ranked(lines: Iterable[Line], by: Ranking = Ranking.SHARE) -> list[Line]:
    """The worst first; what is alike stays in the order of the areas."""
    return sorted(lines, key=KEYS[by])
