"""Task forces: temporary by definition. Who may found one, for how long, with which rights, and who may extend it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from communities.errors import Refusal
from communities.states import RoleName
from staffing.states import Duty

LONGEST = timedelta(days=30)  # at a time; two people may extend it
REMIND_BEFORE = timedelta(hours=24)  # before the end, that a note is owed
NOTE_WITHIN = timedelta(days=7)  # after the end its lead can still write it

RIGHTS = {
    Duty.LEAD: RoleName.TASKFORCE_LEAD,
    Duty.DEPUTY: RoleName.TASKFORCE_LEAD,
    Duty.POSTS: RoleName.POINT_LEAD,
    Duty.SUPPLIES: RoleName.POINT_LEAD,
    Duty.RECORDS: RoleName.AUDITOR,
}
HEADS = frozenset({Duty.LEAD, Duty.DEPUTY})


@dataclass(frozen=True, slots=True)
class Above:
    """What a part of a task force has to stay within: the area's path, and the end of the whole."""

    area: str
    end: datetime


def against_founding(area: str, start: datetime, end: datetime, above: Above | None, *, may: bool) -> list[Refusal]:
    """Every reason against a task force over the area whose path this is, over [start, end)."""
    found = [] if may else [Refusal("task_force_not_yours")]
    found += too_long(start, end)
    if above and not area.startswith(above.area):
        found.append(Refusal("outside_parent"))
    if above and end > above.end:
        found.append(Refusal("outlives_parent"))
    return found


def too_long(start: datetime, end: datetime) -> list[Refusal]:
    if start < end <= start + LONGEST:
        return []
    return [Refusal("task_force_length", {"days": LONGEST.days})]


def against_extending(end: datetime, until: datetime, above: Above | None, now: datetime) -> list[Refusal]:
    """Every reason why a task force that ends then cannot go on until later."""
    if end <= now:
        return [Refusal("task_force_over")]
    found = [Refusal("extension_not_later")] if until <= end else too_long(end, until)
    if above and until > above.end:
        found.append(Refusal("outlives_parent"))
    return found


def against_handing_over(lead_since: datetime | None, noted_at: datetime | None, *, anyway: bool) -> list[Refusal]:
    """Another can take the lead when there is none, when the one before has left a note, or when nobody can get one."""
    if lead_since is None or anyway or (noted_at and noted_at >= lead_since):
        return []
    return [Refusal("hand_over_missing")]
