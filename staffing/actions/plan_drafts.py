"""A plan from one form: the compounds that are not in the list yet, the round, and the plan, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from communities.actions.places import CompoundPlan, create_compound, edit_compound
from communities.models import Area, Compound, User
from staffing.actions import plans, rounds
from staffing.actions.plans import Draft
from staffing.models import DemandPlan
from staffing.rules.demand import Place
from staffing.rules.steps import Override


@dataclass(frozen=True, slots=True)
class Work:
    """What is planned for, in the area; `kind` and its number make the round. `new`: names of compounds that are not
    there yet, by the key (below 0) that the draft has for them.
    """

    area: Area
    kind: str
    kind_en: str = ""
    new: Mapping[int, str] = ()  # type: ignore[assignment]


@transaction.atomic
def draw_up(work: Work, draft: Draft, *, by: User, now: datetime) -> DemandPlan:
    """The next round of this kind, with its plan. Raises Invalid per field, Refused(name_taken)."""
    draft = settled(work, draft, by, now)
    one = rounds.begin(work.area.pk, work.kind, kind_en=work.kind_en, deadline=draft.ends_at, by=by)
    return plans.save(one.pk, draft, by=by, now=now)


@transaction.atomic
def redraw(round_id: int, work: Work, draft: Draft, *, by: User, now: datetime) -> DemandPlan:
    """The plan of a round that is there, or other numbers for it; what stands is not touched until it is applied."""
    return plans.save(round_id, settled(work, draft, by, now), by=by, now=now)


def settled(work: Work, draft: Draft, by: User, now: datetime) -> Draft:
    """The draft with every place in the list of compounds; counts that were not known are kept there."""
    keys = {place.key: enter(work, place, by, now) for place in draft.places if place.key < 0}
    for place in draft.places:
        if place.key > 0:
            fill_in(place, by, now)
    places = [replace(place, key=keys.get(place.key, place.key)) for place in draft.places]
    return replace(draft, places=places, overrides=[renamed(said, keys) for said in draft.overrides])


def enter(work: Work, place: Place, by: User, now: datetime) -> int:
    plan = CompoundPlan(
        work.new[place.key], residents=place.residents, households=place.households, counted_at=now.date()
    )
    return create_compound(work.area, plan, by=by).pk


def fill_in(place: Place, by: User, now: datetime) -> None:
    compound = Compound.objects.filter(pk=place.key, residents=None).first()
    if compound:
        said = {"residents": place.residents, "households": place.households or compound.households}
        edit_compound(compound, said | {"counted_at": now.date()}, by=by)


def renamed(said: Override, keys: Mapping[int, int]) -> Override:
    """The same number, by the key of the compound that is there now."""
    head, dot, tail = said.key.rpartition(".")
    known = {str(old): str(new) for old, new in keys.items()}
    return replace(said, key=f"{head}{dot}{known.get(tail, tail)}")
