"""What the taps at a door come to, whoever made them and in whatever order they arrive (domain.md 5.7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from communities.errors import Refusal
from staffing.states import DoorOutcome as O
from staffing.states import HomeStatus as H
from staffing.states import Need

TRIES = 3  # the first and two more
ELSEWHEN = timedelta(hours=2)  # sooner after the last try it is the same try
MORNING, EVENING = time(10, 0), time(18, 30)
KEPT = timedelta(days=14)  # after closing, a round's doors; then only its counts

# Between people who say different things. A need is never lost; who was met outweighs who was not.
WEIGHT = {O.HOME_SERVICE: 4, O.NOTIFIED: 3, O.REFUSED: 2, O.VACANT: 1}
WITHIN: dict[Need, timedelta | None] = {  # None: by the end of the round
    Need.SAMPLING: None,
    Need.MEDICINE: timedelta(hours=4),
    Need.FOOD: timedelta(hours=12),
    Need.CARE: timedelta(hours=24),
    Need.REPAIR: timedelta(hours=24),
}
NEXT: dict[H, frozenset[H]] = {
    H.OPEN: frozenset({H.PLANNED, H.DONE, H.CANCELLED}),
    H.PLANNED: frozenset({H.OPEN, H.DONE, H.CANCELLED}),
    H.DONE: frozenset(),
    H.CANCELLED: frozenset(),
}


@dataclass(frozen=True, slots=True, order=True)
class Knock:
    """One tap: when, by whom, and what came of it. `place` is its place among taps of the same instant. `desk`:
    somebody at the desk has the last word.
    """

    at: datetime
    by: int
    place: int
    outcome: O
    need: Need | None = None
    desk: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a door stands. `said` holds the different outcomes of different people, the one that counts first."""

    outcome: O = O.PENDING
    needs: tuple[Need, ...] = ()
    tries: int = 0
    said: tuple[O, ...] = ()
    last: datetime | None = None

    @property
    def settled(self) -> bool:
        return settled(self.outcome, self.tries)

    @property
    def disputed(self) -> bool:
        return len(self.said) > 1


def settled(outcome: O, tries: int) -> bool:
    """Nobody has to knock again."""
    return tries >= TRIES if outcome is O.NO_ANSWER else outcome is not O.PENDING


def standing(knocks: Iterable[Knock]) -> Standing:
    """The sum of the taps, those undone left out beforehand.

    A person's later word replaces their earlier one; a tap at the desk replaces everybody's. Having been met, or a
    flat that is empty, outweighs "no answer". Where two people differ, the weightier word counts and both are kept.
    """
    since = from_desk(sorted(knocks))
    if not since:
        return Standing()
    words = {knock.by: knock for knock in since}
    firm = [knock for knock in words.values() if knock.outcome is not O.NO_ANSWER]
    said = tuple(sorted({knock.outcome for knock in firm}, key=lambda word: -WEIGHT[word]))
    needs = sorted({knock.need for knock in firm if knock.need and said[0] is O.HOME_SERVICE})
    return Standing(said[0] if said else O.NO_ANSWER, tuple(needs), tries(since), said, since[-1].at)


def from_desk(knocks: Sequence[Knock]) -> Sequence[Knock]:
    last = max((place for place, knock in enumerate(knocks) if knock.desk), default=0)
    return knocks[last:]


def tries(knocks: Iterable[Knock]) -> int:
    """How often nobody answered, each time at another hour of the day; the knocks in their order."""
    count, last = 0, None
    for knock in knocks:
        if knock.outcome is O.NO_ANSWER and (last is None or knock.at - last >= ELSEWHEN):
            count, last = count + 1, knock.at
    return count


def next_try(last: datetime, zone: ZoneInfo) -> datetime:
    """When somebody is more likely to be at home: in the evening, after an evening the next morning."""
    here = last.astimezone(zone)
    evening = datetime.combine(here.date(), EVENING, tzinfo=zone)
    if evening - here >= ELSEWHEN:
        return evening
    return datetime.combine(here.date() + timedelta(days=1), MORNING, tzinfo=zone)


def due(need: Need, at: datetime, ends_at: datetime) -> datetime:
    """By when somebody should have come. What has to be done within the round gets at least an hour."""
    within = WITHIN[need]
    return at + within if within else max(ends_at, at + timedelta(hours=1))


def closing(pending: int, disputed: int, waiver: str) -> list[Refusal]:
    """Why the round cannot be closed; a reason waives both."""
    if waiver.strip():
        return []
    found = [
        Refusal("doors_pending", {"doors": pending}) if pending else None,
        Refusal("doors_disputed", {"doors": disputed}) if disputed else None,
    ]
    return [refusal for refusal in found if refusal]


def step(here: H, there: H) -> Refusal | None:
    """Why a home service cannot take the step; None if it can."""
    return None if there in NEXT[here] else Refusal("home_is_over" if not NEXT[here] else "home_step")
