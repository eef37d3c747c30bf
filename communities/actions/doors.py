"""Entering the doors of a compound: by a pattern, or from a list that has been looked at first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from communities.errors import Invalid
from communities.models import Building, Compound, Door, Entrance, User
from communities.phrases import say_code
from communities.rules.doors import MOST_DOORS, MOST_FLATS, MOST_STOREYS, Line, Place, columns, lines, pattern
from communities.rules.tables import Unreadable, rows_of


@dataclass(frozen=True, slots=True)
class DoorList:
    """What a list says, before anything is entered: `new` doors, `known` ones, rows with a fault."""

    new: Sequence[Line]
    known: Sequence[Line]
    wrong: Sequence[Line]
    strange: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Entered:
    doors: int
    entrances: int


def read(compound_id: int, content: bytes, ending: str = "csv") -> DoorList:
    """What the list would do. Raises Invalid(file=…) if it is none."""
    try:
        rows = list(rows_of(content, ending))
    except Unreadable as error:
        raise Invalid(file=say_code(error.code)) from error
    found = columns(rows[0] if rows else [])
    if found.missing:
        raise Invalid(file=_("Columns for building, entrance and door are needed."))
    if len(rows) - 1 > MOST_DOORS:
        raise Invalid(file=_("At most 5,000 doors at once."))
    there = known(compound_id)
    said = list(lines(rows[1:], found.at))
    right = [one for one in said if not one.problems]
    return DoorList(
        new=[one for one in right if key(one.place) not in there],
        known=[one for one in right if key(one.place) in there],
        wrong=[one for one in said if one.problems],
        strange=found.strange,
    )


def known(compound_id: int) -> set[tuple[str, str, str]]:
    doors = Door.objects.filter(entrance__building__compound=compound_id)
    return set(doors.values_list("entrance__building__no", "entrance__no", "number"))


def key(place: Place) -> tuple[str, str, str]:
    return place.building, place.entrance, place.number


def build(
    compound_id: int, building: str, entrance: str, storeys: int, flats: int, *, has_lift: bool, by: User
) -> Entered:
    """The doors of one entrance by its pattern. Asked again, only what is missing. Raises Invalid."""
    errors = {
        name: _("A whole number from 1 to %(most)s.") % {"most": most}
        for name, number, most in (("storeys", storeys, MOST_STOREYS), ("flats", flats, MOST_FLATS))
        if not 1 <= number <= most
    }
    errors |= {
        name: _("This is missing.")
        for name, text in (("building", building), ("entrance", entrance))
        if not text.strip()
    }
    if errors:
        raise Invalid(**errors)
    return enter(compound_id, pattern(building.strip(), entrance.strip(), storeys, flats, has_lift=has_lift), by=by)


def take_in(compound_id: int, content: bytes, ending: str = "csv", *, by: User) -> Entered:
    """The list, all of it or nothing. Raises Invalid while a row has a fault."""
    found = read(compound_id, content, ending)
    if found.wrong:
        raise Invalid(file=_("Correct the rows with a fault first."))
    return enter(compound_id, [line.place for line in found.new], by=by)


@transaction.atomic
def enter(compound_id: int, places: Sequence[Place], *, by: User) -> Entered:
    """Buildings, entrances and doors that are not there yet; what is there stays as it is."""
    Compound.objects.select_for_update(no_key=True).get(pk=compound_id)
    buildings = houses(compound_id, places)
    entrances = stairs(buildings, places)
    there = known(compound_id)
    new = [place for place in dict.fromkeys(places) if key(place) not in there]
    Door.objects.bulk_create(
        Door(entrance=entrances[place.building, place.entrance], number=place.number, floor=place.floor)
        for place in new
    )
    return Entered(len(new), len({key(place)[:2] for place in new}))


def houses(compound_id: int, places: Sequence[Place]) -> dict[str, Building]:
    found = {one.no: one for one in Building.objects.filter(compound=compound_id)}
    made: dict[str, Building] = {}
    for place in places:
        if place.building in found:
            continue
        house = made.setdefault(place.building, Building(compound_id=compound_id, no=place.building))
        house.storeys = max(house.storeys or 0, place.floor or 0) or None
        house.has_lift = place.has_lift if place.has_lift is not None else house.has_lift
    Building.objects.bulk_create(made.values())
    return found | made


def stairs(buildings: dict[str, Building], places: Sequence[Place]) -> dict[tuple[str, str], Entrance]:
    wanted = {(place.building, place.entrance) for place in places}
    rows = Entrance.objects.filter(building__in=buildings.values()).select_related("building")
    found = {(one.building.no, one.no): one for one in rows}
    made = {pair: Entrance(building=buildings[pair[0]], no=pair[1]) for pair in sorted(wanted - found.keys())}
    Entrance.objects.bulk_create(made.values())
    return found | made
