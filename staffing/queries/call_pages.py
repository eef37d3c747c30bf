"""A call as everybody sees it: what is asked, who may come, and which seats are left. No names in here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from zoneinfo import ZoneInfo

from communities.models import Compound
from communities.states import Entry
from staffing.models import CallUp, Role
from staffing.rules.blocks import decisive
from staffing.rules.signups import Place
from staffing.states import CallStatus, ShiftStatus


class Now(StrEnum):
    """What a call is to somebody who opens it now."""

    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    NOT_OPEN = "not_open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Seats:
    """One post of the call, open to neighbours."""

    post: int
    shift: int
    role: int
    site: int
    kind: str  # of the site
    shift_status: str
    starts_at: datetime
    ends_at: datetime
    seats: int
    taken: int
    pledged: int
    waiting: int

    @property
    def free(self) -> int:
        return max(0, self.seats - self.taken - self.pledged)

    @property
    def room(self) -> int:
        return 0 if self.waiting else self.free


@dataclass(frozen=True, slots=True)
class Figures:
    """Seats together: of a role, of a block, of the whole call (see `people`). `line` is how many wait where the line is shortest."""

    seats: int
    taken: int
    free: int
    room: int
    line: int


def add_up(posts: Iterable[Seats]) -> Figures:
    posts = list(posts)
    return Figures(
        seats=sum(post.seats for post in posts),
        taken=sum(post.taken for post in posts),
        free=sum(post.free for post in posts),
        room=sum(post.room for post in posts),
        line=min((post.waiting for post in posts), default=0),
    )


def hours(post: Seats) -> tuple[datetime, datetime]:
    return post.starts_at, post.ends_at


def by_block(posts: Iterable[Seats]) -> list[list[Seats]]:
    ordered = sorted(posts, key=lambda post: (*hours(post), post.shift))
    return [list(group) for _hours, group in groupby(ordered, key=hours)]


def people(posts: Iterable[Seats]) -> Figures:
    """Counted in people: where shifts follow each other, the same ones can stand in all of them."""
    posts = list(posts)
    chosen = decisive(by_block(posts), lambda block: hours(block[0]), lambda block: add_up(block).free)
    return replace(add_up(post for block in chosen for post in block), line=add_up(posts).line)


@dataclass(frozen=True, slots=True)
class Block:
    """Shifts of the call at the same time; a person takes one of them."""

    starts_at: datetime
    ends_at: datetime
    shifts: tuple[int, ...]
    figures: Figures

    @property
    def key(self) -> str:
        return f"{self.starts_at.timestamp():.0f}-{self.ends_at.timestamp():.0f}"


@dataclass(frozen=True, slots=True)
class RoleLine:
    role: Role
    figures: Figures


@dataclass(frozen=True, slots=True)
class Seal:
    """Only residents of these compounds may serve there, or those of their zone."""

    entry: Entry
    compounds: tuple[Compound, ...]


@dataclass(frozen=True, eq=False)
class OpenCall:
    """Shared by all who ask within SECONDS: what is worked out for one is there for the next."""

    call: CallUp
    zone: ZoneInfo
    posts: tuple[Seats, ...]
    roles: dict[int, Role]
    compounds: tuple[Compound, ...]
    read_at: datetime
    places: dict[int, Place] = field(default_factory=dict)
    reserves: int = 0
    tag: str = field(default="")

    @property
    def to_stand_by(self) -> int:
        """How many more people are looked for once every seat is taken."""
        return max(0, self.call.standby - self.reserves)

    @cached_property
    def now(self) -> Now:
        return state(self.call, self.posts, self.read_at)

    @cached_property
    def on_offer(self) -> list[Seats]:
        return [post for post in self.posts if post.shift_status == ShiftStatus.OPEN and post.starts_at > self.read_at]

    @property
    def places_on_offer(self) -> list[Place]:
        return [self.places[post.post] for post in self.on_offer if post.post in self.places]

    @property
    def shown(self) -> Sequence[Seats]:
        """What a newcomer could still take, or, when nothing can be taken any more, all there was."""
        return self.on_offer or self.posts

    @cached_property
    def figures(self) -> Figures:
        return people(self.shown)

    @cached_property
    def blocks(self) -> list[Block]:
        return [
            Block(*hours(posts[0]), tuple(dict.fromkeys(post.shift for post in posts)), add_up(posts))
            for posts in by_block(self.on_offer)
        ]

    @cached_property
    def role_lines(self) -> list[RoleLine]:
        """Those with most seats to fill first, the full ones last."""
        found = [
            RoleLine(role, people(post for post in self.shown if post.role == role.pk)) for role in self.roles.values()
        ]
        return sorted(
            (line for line in found if line.figures.seats), key=lambda line: (-line.figures.room, line.role.pk)
        )

    @property
    def seals(self) -> list[Seal]:
        """Which compounds of the call are closed when it starts, and against whom."""
        return [
            Seal(entry, closed)
            for entry in (Entry.HOLDERS, Entry.RESIDENTS, Entry.GROUP)
            if (closed := tuple(compound for compound in self.compounds if compound.entry == entry))  # type: ignore[attr-defined]
        ]

    @property
    def floors(self) -> int:
        """How many storeys there are to climb by foot where the call takes place; 0 where there is a lift, or nobody has said."""
        return max((compound.walked or 0 for compound in self.compounds), default=0)  # type: ignore[attr-defined]

    @property
    def points(self) -> dict[int, str]:
        """The kinds of the places, by site; what stands for a whole compound is no place of its own."""
        return {post.site: post.kind for post in self.posts if post.kind != "compound_post"}


def state(call: CallUp, posts: Sequence[Seats], now: datetime) -> Now:
    if call.status == CallStatus.CANCELLED:
        return Now.CANCELLED
    if now >= call.ends_at:
        return Now.OVER
    if call.sign_up_from and call.sign_up_from > now:
        return Now.NOT_OPEN
    if call.status == CallStatus.CLOSED or (call.sign_up_until and call.sign_up_until <= now):
        return Now.CLOSED
    coming = [post for post in posts if post.starts_at > now]
    offered = [post for post in coming if post.shift_status == ShiftStatus.OPEN]
    if not offered:
        return Now.NOT_OPEN if any(post.shift_status == ShiftStatus.DRAFT for post in coming) else Now.CLOSED
    return Now.OPEN if any(post.room for post in offered) else Now.FULL
