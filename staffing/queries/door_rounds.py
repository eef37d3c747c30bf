"""How far a round of doors has come: by entrance, building, compound; and the work that an entrance is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Count, Max, QuerySet

from communities.models import Compound, Entrance
from staffing.models import DoorRound, RoundEntrance
from staffing.models.door_rounds import COUNTED
from staffing.rules.beats import Stairs

UNKNOWN_STOREYS = 6  # without a lift, until somebody says


@dataclass(frozen=True, slots=True)
class Figures:
    """Doors and their outcomes. `done` have one; `again` are to be tried once more, `untouched` nobody has knocked at."""

    doors: int = 0
    notified: int = 0
    no_answer: int = 0
    home_service: int = 0
    vacant: int = 0
    refused: int = 0
    again: int = 0
    disputed: int = 0

    @property
    def done(self) -> int:
        return self.notified + self.no_answer + self.home_service + self.vacant + self.refused

    @property
    def pending(self) -> int:
        return self.doors - self.done

    @property
    def untouched(self) -> int:
        return self.pending - self.again

    @property
    def share(self) -> int:
        """Per cent, full only when no door is left."""
        return self.done * 100 // self.doors if self.doors else 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class House:
    """A building of a round with its entrances."""

    no: str
    storeys: int | None
    has_lift: bool
    figures: Figures
    entrances: Sequence[RoundEntrance]


@dataclass(frozen=True, slots=True)
class Ground:
    compound: Compound
    figures: Figures
    houses: Sequence[House] = field(default_factory=tuple)


def figures(row: RoundEntrance) -> Figures:
    counts = {name: getattr(row, name) for name in (*COUNTED, "again", "disputed")}
    return Figures(doors=row.doors_count, **counts)


def total(rows: Iterable[RoundEntrance]) -> Figures:
    return sum((figures(row) for row in rows), Figures())


def entrances_of(rounds: Iterable[DoorRound]) -> QuerySet[RoundEntrance]:
    return (
        RoundEntrance.objects.filter(round__in=rounds)
        .select_related("entrance__building__compound", "beat")
        .order_by("entrance__building__compound", "entrance__building", "entrance")
    )


def grounds(rows: Sequence[RoundEntrance]) -> list[Ground]:
    """Compounds, their buildings, their entrances, each with its coverage. The rows as `entrances_of` orders them."""
    return [
        Ground(compound, total(inside), [house(list(each)) for _no, each in groupby(inside, building_of)])
        for compound, found in groupby(rows, lambda row: row.entrance.building.compound)
        if (inside := list(found))
    ]


def building_of(row: RoundEntrance) -> int:
    return row.entrance.building_id


def house(rows: Sequence[RoundEntrance]) -> House:
    building = rows[0].entrance.building
    return House(building.no, building.storeys, building.has_lift, total(rows), rows)


def totals(rounds: Sequence[DoorRound]) -> dict[int, Figures]:
    """By round, in one query."""
    found: dict[int, Figures] = {}
    for row in RoundEntrance.objects.filter(round__in=rounds):
        found[row.round_id] = found.get(row.round_id, Figures()) + figures(row)
    return found


def stairs_of(found: DoorRound) -> list[Stairs]:
    """The entrances in the order in which one walks by them, with the work they are."""
    highest = Max("entrance__doors__floor")
    rows = (
        RoundEntrance.objects.filter(round=found)
        .annotate(top=highest)
        .select_related("entrance__building")
        .order_by("entrance__building__compound", "entrance__building", "entrance")
    )
    return [
        Stairs(
            row.entrance_id,
            row.doors_count,
            row.entrance.building.storeys or row.top or UNKNOWN_STOREYS,  # type: ignore[attr-defined]
            row.entrance.building.has_lift,
        )
        for row in rows
    ]


def with_doors(area_id: int) -> QuerySet[Entrance]:
    """Entrances of a community whose doors are entered, with how many as `count`."""
    rows = Entrance.objects.filter(building__compound__community=area_id).annotate(count=Count("doors"))
    return (
        rows.filter(count__gt=0).select_related("building__compound").order_by("building__compound", "building", "pk")
    )
