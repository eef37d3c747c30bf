"""Who can get to a place: sealed zones (domain.md 5.4). One rule for the page, the API, placement and the write."""

from collections.abc import Iterable
from dataclasses import dataclass

from communities.errors import Refusal
from communities.states import Entry


@dataclass(frozen=True, slots=True)
class Zone:
    """The policy in force at a place, as its level's row says."""

    entry: Entry = Entry.ANYONE
    residents_may_leave: bool = True
    needs_approval: bool = False
    strictness: int = 0
    group: str = ""


OPEN = Zone()


def strictest(zones: Iterable[Zone]) -> Zone:
    """Of a compound's own zone and the overlays of the areas above it, the strictest wins."""
    return max(zones, key=lambda zone: zone.strictness, default=OPEN)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A compound (None: outside every compound) and the zone over it."""

    compound: int | None = None
    zone: Zone = OPEN


def same_fence(home: Whereabouts, place: Whereabouts) -> bool:
    return home.compound is not None and home.compound == place.compound


def same_group(home: Whereabouts, place: Whereabouts) -> bool:
    return same_fence(home, place) or bool(place.zone.group and place.zone.group == home.zone.group)


def blocked(home: Whereabouts, place: Whereabouts, *, has_pass: bool = False) -> Refusal | None:
    """Why somebody who lives at `home` cannot serve at `place`; None if the way is free."""
    if has_pass:
        return None
    if place.zone.entry is Entry.RESIDENTS and not same_fence(home, place):
        return Refusal("zone_residents_only")
    if place.zone.entry is Entry.GROUP and not same_group(home, place):
        return Refusal("zone_group_only")
    if not home.zone.residents_may_leave:
        free = same_group(home, place) if home.zone.entry is Entry.GROUP else same_fence(home, place)
        return None if free else Refusal("zone_cannot_leave")
    return None


def needs_approval(home: Whereabouts, place: Whereabouts) -> bool:
    """Serving here waits for the community lead's word."""
    return place.zone.needs_approval
