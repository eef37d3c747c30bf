"""The zones of an area over time: what is in force, what was before, what comes; and what waits for somebody."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from communities.models import Area, Compound, ZonePolicy, ZoneProposal, ZoneStatus
from communities.rules.reach import CONFINED
from communities.states import Entry

BACK, AHEAD = timedelta(days=14), timedelta(days=7)
WIDTH = 420  # of a lane, in its own units: twenty for a day
HEIGHTS = {"off": 4, "info": 11, "warn": 18, "bad": 28}


@dataclass(frozen=True, slots=True)
class Bar:
    """One status on the timeline: where it begins and how long it is, in units of the lane."""

    status: ZoneStatus
    policy: ZonePolicy | None
    x: int
    width: int

    @property
    def tone(self) -> str:
        return tone(self.policy)[0]

    @property
    def height(self) -> int:
        """The taller, the stricter; so it does not hang on colour."""
        return HEIGHTS[self.tone]

    @property
    def y(self) -> int:
        return 28 - self.height


@dataclass(frozen=True, slots=True)
class Lane:
    """A compound, or the area with its overlay, and its zones in order."""

    place: Compound | Area
    bars: Sequence[Bar]
    present: ZoneStatus | None
    policy: ZonePolicy | None

    @property
    def chip(self) -> tuple[str, str]:
        return tone(self.policy)


def tone(policy: ZonePolicy | None) -> tuple[str, str]:
    """Colour and shape of a level, from what it lets people do."""
    if not policy or (policy.entry == Entry.ANYONE and not policy.strictness):
        return "off", "dash"
    if policy.entry in CONFINED:
        return "bad", "lock"
    return ("warn", "half") if policy.entry == Entry.GROUP else ("info", "ring")


def statuses(places: Q, now: datetime) -> QuerySet[ZoneStatus]:
    """Those that touch the timeline, in order."""
    return ZoneStatus.objects.during(now - BACK, now + AHEAD).filter(places).select_related("recheck").order_by("valid")


def lanes(compounds: Sequence[Compound], now: datetime) -> list[Lane]:
    """Two queries, however many compounds."""
    found: defaultdict[int | None, list[ZoneStatus]] = defaultdict(list)
    for status in statuses(Q(compound__in=compounds), now):
        found[status.compound_id].append(status)
    levels = ZonePolicy.objects.select_related("escalates_to").by_level()
    return [lane(compound, found[compound.pk], levels, now) for compound in compounds]


def overlays(area: Area, now: datetime) -> list[Lane]:
    """Of the area itself, and of those above and below it that have one."""
    near = Q(area__in=area.ancestor_ids) | Q(area__path__startswith=area.path)
    found: defaultdict[int, list[ZoneStatus]] = defaultdict(list)
    places: dict[int, Area] = {}
    for status in statuses(near, now).select_related("area", "recheck"):
        assert status.area
        places[status.area.pk] = status.area
        found[status.area.pk].append(status)
    levels = ZonePolicy.objects.select_related("escalates_to").by_level()
    order = sorted(places.values(), key=lambda place: place.path)
    return [lane(place, found[place.pk], levels, now) for place in order]


def lane(place: Compound | Area, rows: Iterable[ZoneStatus], levels: dict[str, ZonePolicy], now: datetime) -> Lane:
    rows = list(rows)
    present = next((row for row in rows if in_force(row, now)), None)
    bars = [bar(row, levels.get(row.level), now) for row in rows]
    return Lane(place, bars, present, levels.get(present.level) if present else None)


def in_force(status: ZoneStatus, now: datetime) -> bool:
    return status.valid.lower <= now and (status.valid.upper is None or now < status.valid.upper)


def bar(status: ZoneStatus, policy: ZonePolicy | None, now: datetime) -> Bar:
    start = units(status.valid.lower, now)
    end = units(status.valid.upper, now) if status.valid.upper else WIDTH
    return Bar(status, policy, start, max(end - start, 2))


def units(instant: datetime, now: datetime) -> int:
    """Where an instant lies on the lane."""
    part = (instant - (now - BACK)) / (BACK + AHEAD)
    return round(min(max(part, 0.0), 1.0) * WIDTH)


def ticks(now: datetime) -> list[tuple[int, datetime]]:
    """Every seven days, with the present third."""
    return [(units(now + timedelta(days=days), now), now + timedelta(days=days)) for days in (-14, -7, 0)]


def to_release(found: Iterable[Lane], now: datetime) -> list[Lane]:
    """Where somebody may look whether the zone can be released. Nothing is released by itself."""
    return [
        lane
        for lane in found
        if lane.present and lane.present.earliest_release_at and lane.present.earliest_release_at <= now
    ]


def proposals_in(area: Area) -> list[ZoneProposal]:
    here = Q(compound__community__path__startswith=area.path) | Q(area__path__startswith=area.path)
    found = ZoneProposal.objects.waiting().filter(here)
    return list(found.select_related("compound", "area", "proposed_by").order_by("proposed_at"))
