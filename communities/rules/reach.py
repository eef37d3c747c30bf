"""Who can get to a place: zones and passes (domain.md 5.4). One rule for the page, the API, placement and the write.

Of all zones over a place or a home each has its say, so a stricter zone, or one more, never lets more people through.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from communities.errors import Refusal
from communities.states import Entry

ENTRY_ORDER = [Entry.ANYONE, Entry.GROUP, Entry.RESIDENTS, Entry.HOLDERS]
CONFINED = frozenset({Entry.RESIDENTS, Entry.HOLDERS})  # whoever may not leave stays behind the fence itself


@dataclass(frozen=True, slots=True)
class Zone:
    """The policy in force at a place, as its level's row says. Zones with the same `group` are one; "" is none.

    `allows` and `pass_for` are kinds of sites: what may take place inside (empty: all), and where all need a pass.
    """

    entry: Entry = Entry.ANYONE
    residents_may_leave: bool = True
    needs_approval: bool = False
    strictness: int = 0
    group: str = ""
    allows: frozenset[str] = frozenset()
    pass_for: frozenset[str] = frozenset()


OPEN = Zone()


def strictest(zones: Iterable[Zone]) -> Zone:
    """Of a compound's own zone and the overlays of the areas above it, the one that people are told of."""
    return max(zones, key=lambda zone: zone.strictness, default=OPEN)


def no_looser(zone: Zone, than: Zone) -> bool:
    """Whoever `than` keeps out or in, `zone` does too."""
    return (
        ENTRY_ORDER.index(zone.entry) >= ENTRY_ORDER.index(than.entry)
        and zone.residents_may_leave <= than.residents_may_leave
        and zone.needs_approval >= than.needs_approval
        and (not than.allows or (bool(zone.allows) and zone.allows <= than.allows))
        and zone.pass_for >= than.pass_for
    )


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A compound (None: outside every compound), the zones over it, the areas it lies in, and the kind of the site."""

    compound: int | None = None
    zones: tuple[Zone, ...] = ()
    areas: tuple[int, ...] = ()
    kind: str = ""

    @property
    def zone(self) -> Zone:
        return strictest(self.zones)


@dataclass(frozen=True, slots=True)
class Pass:
    """Lets one person through the fence of a compound, or of every compound of an area, over [start, end)."""

    start: datetime
    end: datetime
    compound: int | None = None
    area: int | None = None

    def opens(self, where: Whereabouts, start: datetime, end: datetime) -> bool:
        here = self.compound == where.compound if self.compound else self.area in where.areas
        return here and self.start <= start and end <= self.end


def same_fence(home: Whereabouts, place: Whereabouts) -> bool:
    return home.compound is not None and home.compound == place.compound


def belongs(where: Whereabouts, zone: Zone) -> bool:
    """It lies in that very zone, or in another part of it."""
    return bool(zone.group) and any(other.group == zone.group for other in where.zones)


def shut_out(zone: Zone, home: Whereabouts, place: Whereabouts) -> Refusal | None:
    """Why the zone over the place keeps the person out."""
    if zone.entry is Entry.HOLDERS or place.kind in zone.pass_for:
        return Refusal("zone_needs_pass")
    if same_fence(home, place):
        return None
    if zone.entry is Entry.RESIDENTS:
        return Refusal("zone_residents_only")
    if zone.entry is Entry.GROUP and not belongs(home, zone):
        return Refusal("zone_group_only")
    return None


def shut_in(zone: Zone, home: Whereabouts, place: Whereabouts) -> Refusal | None:
    """Why the zone over the home keeps the person in."""
    if zone.residents_may_leave or same_fence(home, place):
        return None
    within = zone.entry not in CONFINED and belongs(place, zone)
    return None if within else Refusal("zone_cannot_leave")


def blocked(
    home: Whereabouts, place: Whereabouts, *, may_enter: bool = False, may_leave: bool = False
) -> Refusal | None:
    """Why somebody who lives at `home` cannot serve at `place`; None if the way is free.

    `may_enter`, `may_leave`: a pass opens the fence of the place, or that of the home.
    """
    if any(zone.allows and place.kind not in zone.allows for zone in place.zones):
        return Refusal("zone_activity")
    walls = [] if may_enter else [shut_out(zone, home, place) for zone in strict_first(place)]
    walls += [] if may_leave else [shut_in(zone, home, place) for zone in strict_first(home)]
    return next((wall for wall in walls if wall), None)


def strict_first(where: Whereabouts) -> list[Zone]:
    return sorted(where.zones, key=lambda zone: -zone.strictness)


def needs_approval(home: Whereabouts, place: Whereabouts) -> bool:
    """Serving here waits for the community lead's word."""
    return any(zone.needs_approval for zone in place.zones)
