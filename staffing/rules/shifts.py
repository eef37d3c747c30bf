"""What a shift must be before people may be called to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from communities.errors import Refusal

LONGEST = timedelta(hours=24)
MOVED = timedelta(minutes=30)
EARLY_START = timedelta(minutes=30)
AUTO_FINISH = timedelta(hours=2)
PER_LEAD = 7


@dataclass(frozen=True, slots=True)
class PostFacts:
    role: str
    seats: int
    risky: bool
    leads: bool
    max_block: timedelta


@dataclass(frozen=True, slots=True)
class ShiftFacts:
    start: datetime
    end: datetime
    posts: Sequence[PostFacts]
    risks: bool
    protection: bool
    insured: bool
    briefing: bool
    override: bool
    leader: bool = False
    deputy: bool = False
    allowed: bool = True
    gathering_limit: int | None = None


def interval_errors(start: datetime, end: datetime, now: datetime) -> dict[str, str]:
    """Per field, the code of what is wrong with the times; empty if they will do."""
    if start.tzinfo is None or end.tzinfo is None:
        return {"starts_at": "naive_time"}
    if end <= start:
        return {"ends_at": "ends_before_start"}
    if end - start > LONGEST:
        return {"ends_at": "longer_than_a_day"}
    return {"starts_at": "in_the_past"} if end <= now else {}


def unready(shift: ShiftFacts, now: datetime) -> list[Refusal]:
    """Every reason why the shift cannot be published yet (条例 12, 17; GB/T 40143 6.1)."""
    found = []
    if shift.end <= now:
        found.append(Refusal("past"))
    if not shift.posts:
        found.append(Refusal("no_posts"))
    if any(post.risky for post in shift.posts):
        missing = {
            "no_risks": shift.risks,
            "no_protection": shift.protection,
            "uninsured": shift.insured,
            "no_briefing": shift.briefing,
        }
        found += [Refusal(code) for code, there in missing.items() if not there]
    if not shift.allowed:
        found.append(Refusal("zone_activity"))
    length = shift.end - shift.start
    too_long = [post.role for post in shift.posts if length > post.max_block]
    if too_long and not shift.override:
        found.append(Refusal("block_too_long", {"role": too_long[0]}))
    return found


def warnings(shift: ShiftFacts) -> list[Refusal]:
    """What a lead should know, and may decide otherwise about."""
    seats = sum(post.seats for post in shift.posts)
    leads = sum(post.seats for post in shift.posts if post.leads)
    found = []
    if seats > PER_LEAD and leads * PER_LEAD < seats:
        found.append(Refusal("few_leads", {"seats": seats, "leads": leads}))
    if shift.gathering_limit and seats > shift.gathering_limit:
        found.append(Refusal("gathering", {"seats": seats, "limit": shift.gathering_limit}))
    if leads + shift.leader + shift.deputy == 1:
        found.append(Refusal("no_deputy"))
    return found


def moved_far(old: datetime, new: datetime, *, other_place: bool) -> bool:
    """The change is so large that people have to say yes again."""
    return other_place or abs(new - old) > MOVED
