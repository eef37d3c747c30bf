"""Entering and correcting compounds and sites."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities.errors import Invalid, Refused
from communities.models import Area, Compound, Site, User


@dataclass(frozen=True, slots=True)
class CompoundPlan:
    """What is known of a compound; `counted_at` is the day of the two counts."""

    name: str
    name_en: str = ""
    kind: str = "estate"
    residents: int | None = None
    households: int | None = None
    counted_at: date | None = None


@dataclass(frozen=True, slots=True)
class SitePlan:
    """What is known of a site; `no` is its number in the area, `gate` how to get in."""

    name: str
    name_en: str = ""
    kind: str = "sampling_point"
    compound: int | None = None
    no: int | None = None
    gate: str = ""
    gate_en: str = ""
    lanes: int | None = None
    priority_lane: bool = False


def save[Place: (Compound, Site)](place: Place) -> Place:
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError as error:
        raise Refused("name_taken", name=place.name) from error
    return place


@transaction.atomic
def create_compound(community: Area, plan: CompoundPlan, *, by: User) -> Compound:
    """Raises Refused(name_taken) if the community has a compound of that name."""
    return save(Compound(community=community, is_demo=by.is_demo, **asdict(plan)))


@transaction.atomic
def edit_compound(compound: Compound, said: Mapping[str, object], *, by: User) -> Compound:
    """Change what is said, leave the rest."""
    return change(compound, said)


@transaction.atomic
def create_site(area: Area, plan: SitePlan, *, by: User) -> Site:
    """Raises Refused(name_taken) if the area has a site of that kind and name."""
    fields = asdict(plan)
    return save(Site(area=area, compound=compound_in(area, fields.pop("compound")), is_demo=by.is_demo, **fields))


@transaction.atomic
def edit_site(site: Site, said: Mapping[str, object], *, by: User) -> Site:
    """Change what is said, leave the rest. Where it is stays: a shift there must not move without being moved."""
    return change(site, said)


def change[Place: (Compound, Site)](place: Place, said: Mapping[str, object]) -> Place:
    for name, value in said.items():
        setattr(place, name, value)
    return save(place)


def compound_in(area: Area, compound_id: int | None) -> Compound | None:
    if compound_id is None:
        return None
    found = Compound.objects.filter(pk=compound_id, community__path__startswith=area.path).first()
    if not found:
        raise Invalid(compound=_("There is no such compound in this area."))
    return found
