"""A rota dealt out: a pattern, people and days in; who stands where, and what stays empty and why, out.

The same for the same people, in whatever order they come. Every turn is asked of the rest rules themselves
(rules/fatigue.py) before it is given, with whatever else the person has to do.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from staffing.rules.fatigue import DEFAULT, Interval, Limits, strains
from staffing.rules.rota_patterns import NIGHTS, Pattern

NEAR = timedelta(days=8)  # duties further off cannot break a rest rule
TOO_FEW = "too_few_people"


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody of the rota. `phase` as of the rota's first day; `site` where they usually stand.

    `off` are days off they were given besides the pattern's; `on` pattern days off on which they would serve instead.
    `here` are the times for which they are lent; None is without end.
    """

    id: int
    phase: int
    site: int | None = None
    duties: tuple[Interval, ...] = ()
    away: tuple[Interval, ...] = ()
    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()
    here: tuple[Interval, ...] | None = None
    since: date = date.min
    until: date = date.max


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    day: date
    slot: int
    site: int
    hand: int


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """Seats of one site and shift that nobody is left for; `reasons` of that shift's people, with how many each."""

    day: date
    slot: int
    site: int
    seats: int
    reasons: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class Dealt:
    turns: list[Turn] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    spare: dict[date, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """Seats by site, the same in every shift, and the first day, from which phases are counted."""

    seats: Mapping[int, int]
    first: date
    max_block: timedelta
    limits: Limits = DEFAULT


def homes(seats: Mapping[int, int], people: int) -> list[int]:
    """A usual site for each of so many, in turn, so that any shift of neighbours fills every site."""
    rounds = max(seats.values())
    line = [site for number in range(rounds) for site in sorted(seats) if seats[site] > number]
    return [line[index % len(line)] for index in range(people)]


def deal(pattern: Pattern, ground: Ground, hands: Iterable[Hand], first: date, days: int) -> Dealt:
    """Who stands where on these days. `hands` know the duties they have already; none of these days is among them."""
    dealer, found = Dealer(pattern, ground, hands), Dealt()
    for number in range(days):
        dealer.day(first + timedelta(days=number), found)
    return found


type Free = Mapping[int, Mapping[int, int]]  # seats by site, by shift


def fill(pattern: Pattern, ground: Ground, hands: Iterable[Hand], day: date, free: Free) -> list[Turn]:
    """Of a day that stands: who of those without a shift on it can take the seats that are free."""
    dealer, found = Dealer(pattern, ground, hands), Dealt()
    for slot in sorted(free):
        left = sorted(dealer.idle(day), key=lambda hand: (dealer.slot(hand, day) != slot, hand.phase, hand.id))
        dealer.stand_in(left, Counter(free[slot]), slot, day, found)
    return found.turns


class Dealer:
    """What has been dealt so far, by person."""

    def __init__(self, pattern: Pattern, ground: Ground, hands: Iterable[Hand]) -> None:
        self.pattern, self.ground = pattern, ground
        self.hands = sorted(hands, key=lambda hand: (hand.phase, hand.id))
        self.duties = {hand.id: list(hand.duties) for hand in self.hands}

    def day(self, day: date, found: Dealt) -> None:
        """First everybody their own shift; then those left over may stand in where somebody is missing."""
        due, left = self.due(day), list[Hand]()
        short: dict[int, tuple[Counter[int], Counter[str]]] = {}
        for slot in range(len(self.pattern.changes)):
            able, reasons = self.able(due[slot], slot, day)
            kept, over = self.chosen(able, day)
            left += over
            free = self.seat(kept, slot, day, found)
            if missing := sum(self.ground.seats.values()) - len(due[slot]):
                reasons[TOO_FEW] += max(0, missing)
            if free.total():
                short[slot] = free, +reasons
        left += self.willing(day)
        for slot, (free, reasons) in short.items():
            left = self.stand_in(left, free, slot, day, found)
            found.gaps += [Gap(day, slot, site, free[site], told(reasons)) for site in sorted(free) if free[site]]
        found.spare[day] = sorted(hand.id for hand in left)

    def slot(self, hand: Hand, day: date) -> int | None:
        return self.pattern.slot(hand.phase, (day - self.ground.first).days)

    def due(self, day: date) -> dict[int, list[Hand]]:
        """By shift, whose turn it is by the pattern."""
        found: defaultdict[int, list[Hand]] = defaultdict(list)
        for hand in self.hands:
            slot = self.slot(hand, day)
            if slot is not None and hand.since <= day <= hand.until:
                found[slot].append(hand)
        return found

    def idle(self, day: date) -> list[Hand]:
        """Those who serve on the day, by the pattern or by choice, and have no shift of it."""
        blocks = {self.pattern.block(slot, day) for slot in range(len(self.pattern.changes))}
        due = [hand for hands in self.due(day).values() for hand in hands]
        return [hand for hand in [*due, *self.willing(day)] if blocks.isdisjoint(self.duties[hand.id])]

    def willing(self, day: date) -> list[Hand]:
        """Those whose day off it would be, and who serve on it for another."""
        wishing = (hand for hand in self.hands if day in hand.on and hand.since <= day <= hand.until)
        return [hand for hand in wishing if self.slot(hand, day) is None]

    def able(self, hands: Sequence[Hand], slot: int, day: date) -> tuple[list[Hand], Counter[str]]:
        able, reasons = list[Hand](), Counter[str]()
        for hand in hands:
            if code := self.against(hand, slot, day):
                reasons[code] += 1
            else:
                able.append(hand)
        return able, reasons

    def against(self, hand: Hand, slot: int, day: date, ahead: Sequence[Interval] = ()) -> str | None:
        """Why the person cannot stand there; None if they can. `ahead`: duties that must stay possible."""
        block = self.pattern.block(slot, day)
        if day in hand.off:
            return "day_off"
        if any(block.overlaps(away) for away in hand.away):
            return "absent"
        if hand.here is not None and not any(time.start <= block.start and block.end <= time.end for time in hand.here):
            return "not_lent_here"
        near = [duty for duty in self.duties[hand.id] if abs(duty.start - block.start) < NEAR]
        if any(block.overlaps(duty) for duty in near):
            return "overlap"
        if self.pattern.is_night(slot) and self.nights(hand.id, slot, day) >= NIGHTS:
            return "too_many_nights"
        zone, limits = self.pattern.zone, self.ground.limits
        found = strains(block, [*near, *ahead], zone, max_block=self.ground.max_block, limits=limits)
        return found[0].code if found else None

    def nights(self, hand: int, slot: int, day: date) -> int:
        """How many nights in a row the person has behind them and, if they are dealt already, before them."""
        taken, count = set(self.duties[hand]), 0
        for step in (-1, 1):
            at = day + timedelta(days=step)
            while self.pattern.block(slot, at) in taken:
                count, at = count + 1, at + timedelta(days=step)
        return count

    def chosen(self, able: list[Hand], day: date) -> tuple[list[Hand], list[Hand]]:
        """As many as there are seats, and those who are over: others each day."""
        need = sum(self.ground.seats.values())
        if len(able) <= need:
            return able, []
        start, over = day.toordinal() * 7, len(able) - need
        free = {able[(start + index * len(able) // over) % len(able)].id for index in range(over)}
        return [hand for hand in able if hand.id not in free], [hand for hand in able if hand.id in free]

    def seat(self, hands: Sequence[Hand], slot: int, day: date, found: Dealt) -> Counter[int]:
        """Everybody at their usual site while it has room, then wherever there is some; returns the seats left."""
        free, others = Counter(self.ground.seats), list[Hand]()
        for hand in hands:
            if hand.site is not None and free[hand.site] > 0:
                self.give(hand, hand.site, free, slot, day, found)
            else:
                others.append(hand)
        for hand in others:
            self.give(hand, emptiest(free), free, slot, day, found)
        return free

    def stand_in(self, left: Sequence[Hand], free: Counter[int], slot: int, day: date, found: Dealt) -> list[Hand]:
        """Those left over take the seats, if they can, and tomorrow's own shift stays possible; returns who is left."""
        still = list[Hand]()
        for hand in left:
            if free.total() and self.against(hand, slot, day, self.ahead(hand, day)) is None:
                self.give(hand, emptiest(free), free, slot, day, found)
            else:
                still.append(hand)
        return still

    def ahead(self, hand: Hand, day: date) -> list[Interval]:
        """The person's own shift of the next day."""
        following = day + timedelta(days=1)
        slot = self.slot(hand, following)
        block = None if slot is None or following in hand.off else self.pattern.block(slot, following)
        return [block] if block and block not in self.duties[hand.id] else []

    def give(self, hand: Hand, site: int, free: Counter[int], slot: int, day: date, found: Dealt) -> None:
        free[site] -= 1
        self.duties[hand.id].append(self.pattern.block(slot, day))
        found.turns.append(Turn(day, slot, site, hand.id))


def emptiest(free: Counter[int]) -> int:
    return max(sorted(free), key=lambda site: free[site])


def told(reasons: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])))
