"""A call as everybody sees it: what is asked, who may come, and which seats are left. No names in here."""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from hashlib import blake2s
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import Http404

from communities.models import Compound, ZonePolicy, ZoneStatus
from communities.models.areas import DEFAULT_ZONE
from communities.queries.zones import time_zone_at
from communities.states import Entry
from staffing.models import CallUp, Post, Role, Shift
from staffing.queries.facts import places
from staffing.queries.reserves import standing_by
from staffing.rules.blocks import decisive
from staffing.rules.signups import Place
from staffing.states import CallStatus, ShiftStatus
from volunteers.models import Qualification
from volunteers.states import PersonKind

SECONDS = 1.5  # how old the numbers of a call may be; everybody reloads this page at once
LATE = 1.5  # how much older while somebody else is counting them anew
KEPT = 500
STAIRS = "stairs"  # the qualification of who can climb


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


@dataclass(frozen=True, slots=True)
class Kept:
    at: float
    call: OpenCall
    counted: bool = True


SEEN: dict[str, Kept] = {}
RENEWED: set[str] = set()  # calls that a thread of this process is reading anew


def open_call(slug: str, now: datetime, *, counted: bool = True) -> OpenCall:
    """The call behind a public link, at most SECONDS old. Raises Http404 for an unknown or unpublished one.

    `counted`: with the seats as this process left them. To read a form it does not matter how many are free.
    """
    kept = SEEN.get(slug)
    age = time.monotonic() - kept.at if kept else 0.0
    if not kept or age > SECONDS + LATE or (counted and not kept.counted):
        return renewed(slug, now)
    if age <= SECONDS or slug in RENEWED:
        return kept.call
    RENEWED.add(slug)
    try:
        return renewed(slug, now)
    finally:
        RENEWED.discard(slug)


def renewed(slug: str, now: datetime) -> OpenCall:
    kept = Kept(time.monotonic(), read(slug, now))
    if len(SEEN) > KEPT:
        SEEN.clear()
    SEEN[slug] = kept
    return kept.call


def recount(slug: str) -> None:
    """Seats have just changed by our own hand."""
    if kept := SEEN.get(slug):
        SEEN[slug] = replace(kept, counted=False)


def forget(slug: str) -> None:
    SEEN.pop(slug, None)


def read(slug: str, now: datetime) -> OpenCall:
    call = (
        CallUp.objects.exclude(status=CallStatus.DRAFT)
        .filter(slug=slug)
        .select_related("community", "contact")
        .annotate(zone_name=time_zone_at("community__path"))
        .first()
    )
    if not call:
        raise Http404
    posts = tuple(Seats(*row) for row in post_rows(call.pk))
    roles = Role.objects.annotate(climbs=asks_for_stairs()).in_bulk({post.role for post in posts})
    found = OpenCall(
        call=call,
        zone=ZoneInfo(call.zone_name) if call.zone_name else DEFAULT_ZONE,
        posts=posts,
        roles={post.role: roles[post.role] for post in posts},
        compounds=tuple(compounds_of(call)),
        places={place.post: place for place in places([post.post for post in posts], now)},
        read_at=now,
        reserves=standing_by([call.pk], now).get(call.pk, 0) if call.standby else 0,
    )
    return replace(found, tag=tag_of(found))


def tag_of(found: OpenCall) -> str:
    """Changes whenever something on the page would."""
    counts = [
        (post.post, post.shift_status, post.starts_at, post.seats, post.taken, post.pledged, post.waiting)
        for post in found.posts
    ]
    said = [(name, value) for name, value in sorted(vars(found.call).items()) if not name.startswith("_")]
    where = [(compound.pk, compound.entry, compound.walked) for compound in found.compounds]  # type: ignore[attr-defined]
    return blake2s(repr((found.now, counts, said, where, found.reserves)).encode(), digest_size=8).hexdigest()


def for_neighbours() -> Q:
    """Posts that a neighbour can sign up to: not those of an agency, nor those for staff alone."""
    return Q(role__counted=True, agency=None) & (Q(person_kinds=[]) | Q(person_kinds__contains=[PersonKind.VOLUNTEER]))


def post_rows(call_up_id: int) -> Iterable[tuple]:  # type: ignore[type-arg]
    return (
        Post.objects.filter(for_neighbours(), shift__call_up_id=call_up_id)
        .exclude(shift__status=ShiftStatus.CANCELLED)
        .order_by("role_id", "shift_id")
        .values_list(
            "pk",
            "shift_id",
            "role_id",
            "shift__site_id",
            "shift__site__kind",
            "shift__status",
            "shift__starts_at",
            "shift__ends_at",
            "seats",
            "taken",
            "pledged",
            "waiting",
        )
    )


def compounds_of(call: CallUp) -> QuerySet[Compound]:
    """The compounds where the call takes place, each with the entry that holds there when it starts."""
    here = Compound.objects.filter(Exists(Shift.objects.filter(call_up=call, site__compound=OuterRef("pk"))))
    return here.annotate(entry=entry_at(call), walked=floors_walked()).order_by("pk")


def floors_walked() -> Max:
    """The storeys of the highest building of a compound that has no lift."""
    return Max("buildings__storeys", filter=Q(buildings__has_lift=False))


def asks_for_stairs() -> Exists:
    """Whether somebody in the role has to climb: it asks for those who can, or would rather have them."""
    wanted = Q(roles=OuterRef("pk")) | Q(preferred_by=OuterRef("pk"))
    return Exists(Qualification.objects.filter(wanted, slug=STAIRS))


def entry_at(call: CallUp) -> Subquery:
    """The strictest zone over a compound counts."""
    policy = ZonePolicy.objects.filter(level=OuterRef("level"))
    over = Q(compound=OuterRef("pk")) | Q(area__in=call.community.ancestor_ids)
    zones = ZoneStatus.objects.at(call.starts_at).filter(over)
    zones = zones.annotate(
        entry=Subquery(policy.values("entry")[:1]), strictness=Subquery(policy.values("strictness")[:1])
    )
    return Subquery(zones.order_by(F("strictness").desc(nulls_last=True)).values("entry")[:1])


def why_cancelled(call_up_id: int) -> str:
    reasons = Shift.objects.filter(call_up=call_up_id, status=ShiftStatus.CANCELLED).exclude(cancel_reason="")
    return reasons.order_by("pk").values_list("cancel_reason", flat=True).first() or ""


def homes(community_id: int) -> list[Compound]:
    return list(Compound.objects.filter(community_id=community_id).order_by("pk"))


def skills(roles: Iterable[int]) -> list[Qualification]:
    """What these roles ask for or like to see, and a person's own word is enough for."""
    wanted = Q(roles__in=list(roles)) | Q(preferred_by__in=list(roles))
    return list(Qualification.objects.filter(wanted, self_declared=True).distinct().order_by("pk"))


def still_needed(calls: Iterable[CallUp]) -> dict[int, int]:
    """How many people each of these calls could still take, by its id: one query."""
    own = Post.objects.filter(for_neighbours(), shift__call_up__in=[call.pk for call in calls])
    columns = ("shift__call_up", "shift__starts_at", "shift__ends_at")
    free = own.filter(shift__status=ShiftStatus.OPEN).values_list(*columns)
    blocks: defaultdict[int, list[tuple[datetime, datetime, int]]] = defaultdict(list)
    for call, *block in free.annotate(free=Sum(F("seats") - F("taken") - F("pledged"))):
        blocks[call].append(tuple(block))
    return {call: sum(block[2] for block in decisive(found, SPAN, FREE)) for call, found in blocks.items()}


SPAN, FREE = itemgetter(0, 1), itemgetter(2)


def open_calls(now: datetime, *, without: int | None = None) -> QuerySet[CallUp]:
    """The calls that take people now, the next first."""
    begun = Q(sign_up_from=None) | Q(sign_up_from__lte=now)
    found = CallUp.objects.open(now).filter(begun).exclude(pk=without or 0)
    return (
        found.select_related("community")
        .annotate(zone_name=time_zone_at("community__path"))
        .order_by("starts_at", "pk")
    )
