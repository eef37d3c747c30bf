"""Door rounds: begun over the doors of some entrances, closed when each has an outcome, forgotten but for the counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from communities.errors import Invalid, Refused
from communities.models import Door, Entrance, User
from staffing.locks import patience
from staffing.models import DoorRound, DoorVisit, HomeService, RoundDoor, RoundEntrance
from staffing.rules.doors import KEPT, closing
from staffing.states import HOME_LIVE

MOST_ENTRANCES = 2000


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """A round, as the community writes it. `entrances` are ids; times are aware instants."""

    title: str
    entrances: Sequence[int]
    begins_at: datetime
    ends_at: datetime
    title_en: str = ""
    script: str = ""
    script_en: str = ""
    shift_id: int | None = None
    owner_id: int | None = None


@transaction.atomic
def begin(area_id: int, plan: RoundPlan, *, by: User, now: datetime) -> DoorRound:
    """A round over every door that these entrances have now. Raises Invalid."""
    stairs = list(Entrance.objects.filter(pk__in=plan.entrances, building__compound__community=area_id).order_by("pk"))
    doors = list(Door.objects.filter(entrance__in=stairs).order_by("pk"))
    check(plan, stairs, doors, now)
    made = DoorRound.objects.create(
        area_id=area_id,
        title=plan.title.strip(),
        title_en=plan.title_en.strip(),
        script=plan.script.strip(),
        script_en=plan.script_en.strip(),
        shift_id=plan.shift_id,
        owner_id=plan.owner_id or by.pk,
        begins_at=plan.begins_at,
        ends_at=plan.ends_at,
        created_by=by,
        is_demo=by.is_demo,
    )
    lay_out(made, stairs, doors)
    return made


def check(plan: RoundPlan, stairs: Sequence[Entrance], doors: Sequence[Door], now: datetime) -> None:
    errors = {}
    if not plan.title.strip():
        errors["title"] = _("This is missing.")
    if plan.ends_at <= plan.begins_at:
        errors["ends_at"] = _("The end has to be after the start.")
    elif plan.ends_at <= now:
        errors["ends_at"] = _("This is in the past.")
    if len(stairs) != len(set(plan.entrances)) or not doors or len(stairs) > MOST_ENTRANCES:
        errors["entrances"] = _("Choose entrances of this community whose doors are entered.")
    if errors:
        raise Invalid(**errors)


def lay_out(made: DoorRound, stairs: Sequence[Entrance], doors: Sequence[Door]) -> None:
    rows = RoundEntrance.objects.bulk_create(
        RoundEntrance(round=made, entrance=entrance, doors_count=sum(door.entrance_id == entrance.pk for door in doors))
        for entrance in stairs
        if any(door.entrance_id == entrance.pk for door in doors)
    )
    row_of = {row.entrance_id: row for row in rows}
    RoundDoor.objects.bulk_create(RoundDoor(stairs=row_of[door.entrance_id], door=door) for door in doors)


def hold(round_id: int) -> DoorRound:
    with patience():
        return DoorRound.objects.select_for_update(no_key=True).get(pk=round_id)


@transaction.atomic
def close(round_id: int, *, by: User, now: datetime, waiver: str = "") -> DoorRound:
    """No knock counts any more. Raises Refused while doors are open or told differently, unless a reason waives it.

    The entrances are held too, so no tap that is being written is overlooked.
    """
    found = hold(round_id)
    if found.closed_at:
        return found
    with patience():
        list(found.entrances.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    left = open_doors(found)
    if reasons := closing(left["pending"], left["disputed"], waiver):
        raise Refused(reasons)
    found.closed_at, found.closed_by = now, by
    found.waiver = waiver.strip()[:200] if left["pending"] or left["disputed"] else ""
    found.save(update_fields=["closed_at", "closed_by", "waiver"])
    return found


def open_doors(found: DoorRound) -> dict[str, int]:
    rows = list(found.entrances.all())
    return {"pending": sum(row.pending for row in rows), "disputed": sum(row.disputed for row in rows)}


@transaction.atomic
def hand_over(round_id: int, owner_id: int, *, by: User, now: datetime) -> DoorRound:
    """Needs found from now on, and those still open, are this person's."""
    found = hold(round_id)
    found.owner_id = owner_id
    found.save(update_fields=["owner"])
    for home in HomeService.objects.filter(door__stairs__round=found, status__in=HOME_LIVE).select_for_update():
        home.owner_id = owner_id
        home.save(update_fields=["owner"])
    return found


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What is or would be forgotten of one round. `kept`: homes still to be seen to, whose doors stay until then."""

    round: int
    doors: int
    visits: int
    homes: int
    kept: int


def to_forget(now: datetime) -> list[Forgetting]:
    """The dry run: for each round that is due, what would go."""
    return [figures(found) for found in DoorRound.objects.to_forget(now - KEPT).order_by("pk")]


def figures(found: DoorRound) -> Forgetting:
    homes = HomeService.objects.filter(door__stairs__round=found)
    kept = homes.filter(status__in=HOME_LIVE)
    doors = RoundDoor.objects.filter(stairs__round=found)
    return Forgetting(
        round=found.pk,
        doors=doors.exclude(homes__in=kept).count(),
        visits=DoorVisit.objects.filter(door__stairs__round=found).count(),
        homes=homes.count() - kept.count(),
        kept=kept.count(),
    )


def forget(now: datetime) -> list[Forgetting]:
    """Fourteen days after closing: the doors of the round go, with their history; the counts stay. Twice is once."""
    due = DoorRound.objects.to_forget(now - KEPT).order_by("pk").values_list("pk", flat=True)
    return [forget_one(pk, now) for pk in list(due)]


@transaction.atomic
def forget_one(round_id: int, now: datetime) -> Forgetting:
    found = hold(round_id)
    gone = figures(found)
    DoorVisit.objects.filter(door__stairs__round=found).delete()
    over = HomeService.objects.filter(door__stairs__round=found).exclude(status__in=HOME_LIVE)
    forget_events(HomeService, list(over.values_list("pk", flat=True)))
    over.delete()
    RoundDoor.objects.filter(stairs__round=found, homes=None).delete()
    if not gone.kept:
        found.purged_at = now
        found.save(update_fields=["purged_at"])
    return gone


def forget_events(model: Any, ids: Sequence[int]) -> None:
    model.events.rel.related_model._base_manager.filter(pgh_obj_id__in=ids).delete()
