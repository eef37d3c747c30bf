"""What a lead should look at in a call."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, Sum

from staffing.models import CallUp, SignUp, Swap
from staffing.queries.gaps import STAFF, Block, shifts_of
from staffing.states import SignUpStatus, SwapStatus
from volunteers.models import ServiceRecord


@dataclass(frozen=True, slots=True)
class Concern:
    """Something a lead should look at: a code, and what the sentence about it needs."""

    code: str
    facts: dict[str, Any]
    shift: int | None = None
    signup: int | None = None


def attention(call: CallUp, block: Block) -> list[Concern]:
    found = [*undecided(call, block), *swaps_to_decide(call, block), *without_leader(call, block)]
    return [*found, *all_new(call, block)]


def swaps_to_decide(call: CallUp, block: Block) -> list[Concern]:
    """People who have agreed to swap seats, and wait for the lead."""
    waiting = Swap.objects.filter(status=SwapStatus.AGREED, offered__shift__call_up=call)
    found = waiting.filter(offered__shift__starts_at=block.start).aggregate(
        swaps=Count("pk"), shift=Min("offered__shift")
    )
    return [Concern("swaps", {"swaps": found["swaps"]}, shift=found["shift"])] if found["swaps"] else []


def undecided(call: CallUp, block: Block) -> list[Concern]:
    """People whose sign-up waits for the lead's word."""
    found = (
        SignUp.objects.filter(shift__call_up=call, shift__starts_at=block.start, status=SignUpStatus.SIGNED_UP)
        .values("shift_id")
        .annotate(people=Count("pk"), place=Min("shift__site__name"))
        .order_by("-people", "shift_id")
    )
    rows = list(found)
    if not rows:
        return []
    return [Concern("unconfirmed", {"people": sum(row["people"] for row in rows)}, shift=rows[0]["shift_id"])]


def without_leader(call: CallUp, block: Block) -> list[Concern]:
    found = shifts_of(call).filter(starts_at=block.start, leader=None).aggregate(shifts=Count("pk"), first=Min("pk"))
    return [Concern("no_leader", {"shifts": found["shifts"]}, shift=found["first"])] if found["shifts"] else []


def all_new(call: CallUp, block: Block) -> list[Concern]:
    """Points with two or more people, none of whom has served before."""
    seated = SignUp.objects.holding_time().filter(shift__call_up=call, shift__starts_at=block.start)
    rows = list(seated.values_list("shift__site__name", "shift__site__name_en", "shift_id", "volunteer_id"))
    old = set(
        ServiceRecord.objects.filter(volunteer__in={row[3] for row in rows}).values_list("volunteer_id", flat=True)
    )
    people: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for name, name_en, shift, volunteer in sorted(rows, key=lambda row: row[2]):
        people[name, name_en, shift].append(volunteer)
    green = [place for place, members in people.items() if len(members) > 1 and not old & set(members)]
    return [Concern("all_new", {"places": [place[:2] for place in green]}, shift=green[0][2])] if green else []


def too_long(call: CallUp) -> list[Concern]:
    """Neighbours with more in one go than one block of their role allows (an override on record is no concern)."""
    seated = (
        SignUp.objects.holding_time()
        .filter(shift__call_up=call, override_reason="", shift__override_reason="")
        .exclude(volunteer__kind__in=STAFF)
        .values("volunteer_id")
        .annotate(
            blocks=Count("pk"),
            whole=Max("shift__ends_at") - Min("shift__starts_at"),
            worked=Sum(F("shift__ends_at") - F("shift__starts_at")),
            limit=Min("post__role__max_block_minutes"),
            name=Min("volunteer__user__name"),
            last=Max("pk"),
        )
        .filter(blocks__gt=1, whole=F("worked"))
        .order_by("-worked", "volunteer_id")
    )
    return [
        Concern(
            "too_long",
            {"name": row["name"], "hours": in_hours(row["worked"]), "limit": f"{row['limit'] / 60:g}"},
            signup=row["last"],
        )
        for row in seated
        if row["worked"] > timedelta(minutes=row["limit"])
    ][:3]


def in_hours(length: timedelta) -> str:
    return f"{length.total_seconds() / 3600:.3g}"
