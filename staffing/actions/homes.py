"""Home services: what households need, seen to by somebody by a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from communities.errors import Refused
from communities.models import User
from staffing.locks import patience
from staffing.models import HomeService, RoundDoor
from staffing.rules.doors import due, step
from staffing.states import HOME_LIVE, HomeStatus, Need

TAKEN_BACK = "taken_back"


def follow(doors: Sequence[RoundDoor], now: datetime) -> None:
    """Each need of these doors is somebody's task; a task nobody has planned yet goes when the need is taken back.

    The entrances of the doors are held by the caller.
    """
    live: dict[tuple[int, str], HomeService] = {
        (home.door_id, home.need): home
        for home in HomeService.objects.filter(door__in=doors, status__in=HOME_LIVE).select_for_update(no_key=True)
    }
    seen_to = HomeService.objects.filter(door__in=doors).exclude(status__in=HOME_LIVE).exclude(reason=TAKEN_BACK)
    done = set(seen_to.values_list("door", "need"))
    for door in doors:
        for need in door.needs:
            if (door.pk, need) not in live and (door.pk, need) not in done:
                ask(door, Need(need), now)
    wanted = {(door.pk, need) for door in doors for need in door.needs}
    for key, home in live.items():
        if key not in wanted and home.status == HomeStatus.OPEN:
            go(home, HomeStatus.CANCELLED, finished_at=now, reason=TAKEN_BACK)


def ask(door: RoundDoor, need: Need, now: datetime) -> HomeService:
    found = door.stairs.round
    return HomeService.objects.create(
        door=door,
        need=need,
        owner_id=found.owner_id,
        due_at=due(need, door.last_at or now, found.ends_at),
        created_at=door.last_at or now,
    )


def hold(home_id: int) -> HomeService:
    with patience():
        return HomeService.objects.select_for_update(no_key=True).get(pk=home_id)


def go(home: HomeService, status: HomeStatus, **fields: Any) -> HomeService:
    """One step; Refused if it is not the next. Asked for the state it is in, nothing happens."""
    if home.status == status:
        return home
    if refusal := step(HomeStatus(home.status), status):
        raise Refused(refusal)
    home.status = status
    for name, value in fields.items():
        setattr(home, name, value)
    home.save(update_fields=["status", *fields])
    return home


@transaction.atomic
def plan(home_id: int, *, by: User, now: datetime) -> HomeService:
    """Somebody is on it."""
    return go(hold(home_id), HomeStatus.PLANNED)


@transaction.atomic
def finish(home_id: int, *, by: User, now: datetime) -> HomeService:
    return go(hold(home_id), HomeStatus.DONE, finished_at=now)


@transaction.atomic
def cancel(home_id: int, *, by: User, now: datetime, reason: str) -> HomeService:
    return go(hold(home_id), HomeStatus.CANCELLED, finished_at=now, reason=reason.strip()[:200])


@transaction.atomic
def give(home_id: int, owner_id: int, *, by: User, now: datetime) -> HomeService:
    """Somebody else sees to it. Raises Refused when it is over."""
    home = hold(home_id)
    if home.status not in HOME_LIVE:
        raise Refused("home_is_over")
    home.owner_id = owner_id
    home.save(update_fields=["owner"])
    return home
