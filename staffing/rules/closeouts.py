"""When an incident can be closed out, who keeps their name, and how the certificate of it is sealed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from communities.errors import Refusal
from staffing.states import Kept

SHORTEST_NOTICE, USUAL_NOTICE, LONGEST_NOTICE = 7, 30, 365  # days


@dataclass(frozen=True, slots=True)
class Open:
    """What is not settled yet of an area and a time; `anything`: something took place at all."""

    over: bool = True
    anything: bool = True
    shifts: int = 0
    hours: int = 0
    certificates: int = 0
    rounds: int = 0
    homes: int = 0
    rides: int = 0
    equipment: int = 0


def refusals(found: Open) -> list[Refusal]:
    """Every reason why it cannot be closed out yet: nobody loses hours or help because of it."""
    counts = {
        "shifts_not_finished": found.shifts,
        "hours_not_confirmed": found.hours,
        "certificates_waiting": found.certificates,
        "door_rounds_open": found.rounds,
        "homes_open": found.homes,
        "rides_open": found.rides,
        "equipment_out": found.equipment,
    }
    reasons = [] if found.over else [Refusal("not_over_yet")]
    reasons += [] if found.anything else [Refusal("nothing_to_close")]
    return reasons + [Refusal(code, {"count": count}) for code, count in counts.items() if count]


@dataclass(frozen=True, slots=True)
class Tie:
    """What speaks for somebody staying known by name."""

    agreed: bool = False
    role: bool = False
    elsewhere: bool = False


def kept_for(tie: Tie) -> Kept | None:
    """Why the name stays; None if it goes."""
    if tie.role:
        return Kept.ROLE
    if tie.elsewhere:
        return Kept.ELSEWHERE
    return Kept.AGREED if tie.agreed else None


def seal(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content as JSON: keys sorted, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()
