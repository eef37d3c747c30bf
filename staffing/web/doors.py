"""The doors on a phone: one's beats, a stairwell as one sees it, one tap a door; without script as plain forms.

With script the taps wait on the phone while there is no network; see config/static/js/doors.js.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from communities.errors import Invalid
from communities.fields import keyed_hash
from communities.models import User
from communities.phrases import say
from communities.queries.customs import customs_of
from staffing.actions.door_visits import Taken, Tap, record
from staffing.models import DoorVisit, RoundDoor, RoundEntrance
from staffing.queries import beats as queries
from staffing.queries.door_rounds import figures
from staffing.queries.words import said
from staffing.rules.doors import next_try, settled
from staffing.states import DoorOutcome, Need
from staffing.web.calls_desk import page_and_post
from staffing.web.door_words import DISPUTED, LOOKS, NEED_ICONS
from staffing.web.pages import customs

TAPS = tuple(outcome for outcome in LOOKS if outcome is not DoorOutcome.PENDING)


@dataclass(frozen=True, slots=True)
class Flat:
    """A door as the page shows it."""

    door: RoundDoor
    look: tuple[str, str, object]
    state: dict[str, Any]

    @property
    def number(self) -> str:
        return self.door.door.number


def flat(door: RoundDoor) -> Flat:
    return Flat(door, DISPUTED if door.disputed else LOOKS[DoorOutcome(door.outcome)], state(door))


def state(door: RoundDoor) -> dict[str, Any]:
    """What the script needs of a door."""
    return {
        "id": door.pk,
        "outcome": door.outcome,
        "disputed": door.disputed,
        "settled": settled(DoorOutcome(door.outcome), door.tries),
        "tries": door.tries,
    }


def who(user: User) -> str:
    """Says whether the taps that wait on a phone are this person's, and nothing else."""
    return keyed_hash(f"doors of {user.pk}")[:16]


@require_safe
@login_required
def doors(request: HttpRequest) -> HttpResponse:
    """One's beats, entrance by entrance."""
    now = timezone.now()
    rows = list(queries.entrances_on_phone(request.user, now))
    zones = customs_of({row.round.area_id for row in rows})
    shown = [(row, figures(row), zones[row.round.area_id].zone) for row in rows]
    context = {"rows": shown, "who": who(request.user)}
    return render(request, "staffing/doors/doors.html", context)


def mine(request: HttpRequest, pk: int) -> RoundEntrance:
    """The entrance, while it is on the person's phone; for others there is no such page."""
    return get_object_or_404(queries.entrances_on_phone(request.user, timezone.now()), pk=pk)


@page_and_post
@login_required
def stairs(request: HttpRequest, pk: int) -> HttpResponse:
    found = mine(request, pk)
    with timezone.override(customs(found.round.area).zone):
        return tapped(request, found) if request.method == "POST" else page(request, found)


def page(request: HttpRequest, found: RoundEntrance) -> HttpResponse:
    now = timezone.now()
    flats = [flat(door) for door in queries.doors_of(found)]
    chosen = asked_for(flats, request.GET.get("door", "")) or next_open(flats)
    until = queries.shown_until(request.user, found, now)
    context = {
        "stairs": found,
        "building": found.entrance.building,
        "floors": [(floor, list(each)) for floor, each in groupby(flats, lambda one: one.door.door.floor)],
        "flats": flats,
        "chosen": chosen,
        "figures": figures(found),
        "knock_again": [(one, next_try(one.door.last_at, timezone.get_current_timezone())) for one in again(flats)],
        "script": said(found.round, "script"),
        "needs": [(need, icon, word) for need, (icon, word) in NEED_ICONS.items()],
        "asks_need": "need" in request.GET,
        "outcomes": [(outcome, *LOOKS[outcome]) for outcome in TAPS],
        "looks": [(outcome, *look) for outcome, look in LOOKS.items()] + [("disputed", *DISPUTED)],
        "last": last_tap(request.user, found),
        "client_id": uuid4(),
        "who": who(request.user),
        "until": until,
        "others": [row.pk for row in queries.entrances_on_phone(request.user, now)],
    }
    response = render(request, "staffing/doors/stairs.html", context)
    response.headers["X-Doors-Until"] = f"{until.timestamp():.0f}"
    return response


def asked_for(flats: Iterable[Flat], pk: str) -> Flat | None:
    return next((one for one in flats if str(one.door.pk) == pk), None)


def next_open(flats: Sequence[Flat], after: int = 0) -> Flat | None:
    """The next door to knock at, from this one down; those to be tried again come last."""
    place = next((place for place, one in enumerate(flats, 1) if one.door.pk == after), 0)
    ring = [*flats[place:], *flats[:place]]
    untouched = (one for one in ring if one.door.outcome == DoorOutcome.PENDING)
    return next(untouched, None) or next((one for one in ring if not one.state["settled"]), None)


def again(flats: Iterable[Flat]) -> list[Flat]:
    return [one for one in flats if one.door.outcome == DoorOutcome.NO_ANSWER and not one.state["settled"]]


def last_tap(user: User, found: RoundEntrance) -> DoorVisit | None:
    """The tap that can be taken back at once."""
    visits = DoorVisit.objects.filter(by=user, door__stairs=found, undone_at=None).select_related("door__door")
    return visits.order_by("-made_at", "-pk").first()


def tapped(request: HttpRequest, found: RoundEntrance) -> HttpResponse:
    """One tap sent as a form."""
    door, outcome, need = (request.POST.get(name, "") for name in ("door", "outcome", "need"))
    flats = [flat(one) for one in queries.doors_of(found)]
    if not (chosen := asked_for(flats, door)):
        raise Http404
    if need:
        outcome = DoorOutcome.HOME_SERVICE
    if outcome == DoorOutcome.HOME_SERVICE and not need:
        return to(found, chosen, need=True)
    if outcome in TAPS and need in {"", *Need}:
        now = timezone.now()
        tap = Tap(
            uuid_of(request.POST.get("client_id", "")),
            now,
            chosen.door.pk,
            DoorOutcome(outcome),
            Need(need) if need else None,
        )
        record([tap], by=request.user, now=now)
    return to(found, next_open([one for one in flats if one != chosen or outcome not in TAPS], chosen.door.pk))


def to(found: RoundEntrance, chosen: Flat | None, *, need: bool = False) -> HttpResponse:
    asked = f"?door={chosen.door.pk}{'&need' if need else ''}" if chosen else ""
    return HttpResponseRedirect(reverse("door_stairs", args=[found.pk]) + asked, status=303)


def uuid_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


@require_POST
@login_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    found = mine(request, pk)
    tap = Tap(uuid_of(request.POST.get("client_id", "")), timezone.now(), undo=True)
    visit = DoorVisit.objects.filter(by=request.user, client_id=tap.client_id).first()
    record([tap], by=request.user, now=timezone.now())
    asked = f"?door={visit.door_id}" if visit else ""
    return HttpResponseRedirect(reverse("door_stairs", args=[found.pk]) + asked, status=303)


@require_POST
@login_required
def sync(request: HttpRequest) -> HttpResponse:
    """Taps that waited on the phone; answers what became of each, and how the stairwell on the screen stands now."""
    now = timezone.now()
    try:
        said_ = json.loads(request.body)
        taps, sent_at = [tap_of(one) for one in said_["visits"]], instant(said_["sent_at"])
        shown = int(said_.get("stairs", 0))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid(visits="unreadable") from None
    taken = record(taps, by=request.user, now=now, sent_at=sent_at)
    found = queries.entrances_on_phone(request.user, now).filter(pk=shown).first()
    answer = {"results": [told(one) for one in taken], "doors": None}
    if found:
        answer["doors"] = [state(door) for door in queries.doors_of(found)]
        answer["until"] = queries.shown_until(request.user, found, now).timestamp()
    return JsonResponse(answer)


def tap_of(row: dict[str, Any]) -> Tap:
    """Raises ValueError, KeyError or TypeError for what is no tap."""
    client_id, made_at = UUID(row["client_id"]), instant(row["made_at"])
    if row.get("undo"):
        return Tap(client_id, made_at, undo=True)
    outcome, need = DoorOutcome(row["outcome"]), Need(row["need"]) if row.get("need") else None
    if outcome not in TAPS or (need is not None) != (outcome is DoorOutcome.HOME_SERVICE):
        raise ValueError(outcome)
    return Tap(client_id, made_at, int(row["door"]), outcome, need)


def instant(text: str) -> datetime:
    found = parse_datetime(text)
    if not found or not found.tzinfo:
        raise ValueError(text)
    return found


def told(taken: Taken) -> dict[str, str]:
    why = say(taken.refusal) if taken.refusal else ""
    return {"client_id": str(taken.client_id), "result": taken.result, "detail": why}


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It is served from here because a worker reaches no further than its own folder."""
    return render(request, "staffing/doors/worker.txt", content_type="text/javascript")
