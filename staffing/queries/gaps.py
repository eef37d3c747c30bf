"""How many people a call and its blocks still lack."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, Sum

from staffing.models import CallUp, Post, Shift, SignUp
from staffing.rules.blocks import decisive
from staffing.states import HOLDS_SEAT, ShiftStatus, SignUpStatus
from volunteers.states import PersonKind

STAFF = (PersonKind.COMMUNITY_STAFF, PersonKind.GRID_MEMBER, PersonKind.SOCIAL_WORKER, PersonKind.SECONDED)
OWN = Q(role__counted=True, agency=None)  # seats the community has to find people for


@dataclass(frozen=True, slots=True)
class Gap:
    """Seats of the community's own posts, and how they stand."""

    seats: int = 0
    taken: int = 0
    asked: int = 0
    pledged: int = 0
    waiting: int = 0
    staff: int = 0

    @property
    def named(self) -> int:
        return self.taken - self.asked

    @property
    def soft(self) -> int:
        return self.asked + self.pledged

    @property
    def bare(self) -> int:
        """Not covered by anybody's word."""
        return max(0, self.seats - self.taken - self.pledged)

    @property
    def missing(self) -> int:
        return self.soft + self.bare

    @property
    def neighbours(self) -> int:
        return max(0, self.named - self.staff)

    @property
    def wanted(self) -> int:
        """Seats left for neighbours beside the staff."""
        return max(0, self.seats - self.staff)


@dataclass(frozen=True, slots=True)
class Block:
    """Everything of a call that happens in the same hours."""

    start: datetime
    end: datetime
    missing: int = 0

    @property
    def key(self) -> str:
        return f"{self.start.timestamp():.0f}-{self.end.timestamp():.0f}"


def shifts_of(call: CallUp) -> QuerySet[Shift]:
    return call.shifts.exclude(status=ShiftStatus.CANCELLED)


def blocks(call: CallUp) -> list[Block]:
    """The hours of the call in order, with what each still misses."""
    short = Sum(F("posts__seats") - F("posts__taken"), filter=Q(posts__role__counted=True, posts__agency=None))
    found = shifts_of(call).values("starts_at", "ends_at").annotate(missing=short).order_by("starts_at", "ends_at")
    return [Block(row["starts_at"], row["ends_at"], row["missing"] or 0) for row in found]


def chosen(found: Sequence[Block], key: str, now: datetime) -> Block | None:
    """The block asked for, else the first that is not over, else the last."""
    named = next((block for block in found if block.key == key), None)
    return named or next((block for block in found if block.end > now), None) or (found[-1] if found else None)


def in_block(call: CallUp, block: Block) -> QuerySet[Shift]:
    return shifts_of(call).filter(starts_at=block.start, ends_at=block.end)


def people_in(call: CallUp, block: Block) -> dict[str, int]:
    """Of those on the community's own seats: who is asked, and how many are staff."""
    own = SignUp.objects.filter(shift__in=in_block(call, block), post__role__counted=True, post__agency=None)
    return own.aggregate(
        asked=Count("pk", filter=Q(status=SignUpStatus.INVITED)),
        staff=Count("pk", filter=Q(status__in=HOLDS_SEAT - {SignUpStatus.INVITED}, volunteer__kind__in=STAFF)),
    )


def gap_of(posts: Iterable[Post], people: Mapping[str, int]) -> Gap:
    """Three figures from the posts' counters, two from the people on them."""
    own = [post for post in posts if post.role.counted and post.agency_id is None]
    return Gap(
        seats=sum(post.seats for post in own),
        taken=sum(post.taken for post in own),
        pledged=sum(post.pledged for post in own),
        waiting=sum(post.waiting for post in own),
        **people,
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """A call in short. `missing`: people, so of blocks that follow each other the one that lacks most counts."""

    seats: int = 0
    taken: int = 0
    missing: int = 0


def figures(calls: Iterable[CallUp]) -> dict[int, Figures]:
    """One query for any number of calls."""
    own = Post.objects.filter(OWN, shift__call_up__in=[call.pk for call in calls]).exclude(
        shift__status=ShiftStatus.CANCELLED
    )
    blocks: defaultdict[int, list[tuple[datetime, datetime, int, int]]] = defaultdict(list)
    columns = ("shift__call_up", "shift__starts_at", "shift__ends_at")
    for call, *block in own.values_list(*columns).annotate(seats=Sum("seats"), taken=Sum("taken")):
        blocks[call].append(tuple(block))
    return {call: figures_of(found) for call, found in blocks.items()}


def figures_of(blocks: Sequence[tuple[datetime, datetime, int, int]]) -> Figures:
    short = [
        seats - taken
        for _start, _end, seats, taken in decisive(blocks, lambda block: block[:2], lambda block: block[2] - block[3])
    ]
    return Figures(sum(block[2] for block in blocks), sum(block[3] for block in blocks), sum(short))


def missing_of(call: CallUp) -> int:
    return figures([call]).get(call.pk, Figures()).missing
