"""What the desk shows of a call: the gap, the map of points and roles, who just signed up, what needs attention."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2s
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum

from communities.models import Compound, Site
from communities.queries.prepared import fetch
from staffing.models import Asking, CallUp, Pledge, Post, Role, Shift, SignUp, Swap
from staffing.queries import undelivered
from staffing.queries.audience import Audience, audience
from staffing.queries.readiness import Readiness, readiness
from staffing.rules.blocks import decisive
from staffing.states import ALIVE, HOLDS_SEAT, CallStatus, PledgeStatus, ShiftStatus, SignUpStatus, SwapStatus
from volunteers.models import ServiceRecord
from volunteers.states import PersonKind

STAFF = (PersonKind.COMMUNITY_STAFF, PersonKind.GRID_MEMBER, PersonKind.SOCIAL_WORKER, PersonKind.SECONDED)
OWN = Q(role__counted=True, agency=None)  # seats the community has to find people for
COMMON = "compound_post"
MOST_CONCERNS = 8
SIGHT_LASTS = 90  # seconds


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


@dataclass(slots=True)
class Cell:
    """The seats of one role at one place; none if the place has no such post."""

    column: "Column"
    post: Post | None = None
    foreign: bool = False

    @property
    def short(self) -> int:
        return self.post.missing if self.post else 0


@dataclass(slots=True)
class Column:
    shift: Shift
    edge: bool = False
    have: int = 0
    need: int = 0
    cells: list[Cell] = field(default_factory=list)

    @property
    def site(self) -> Site:
        return self.shift.site


@dataclass(frozen=True, slots=True)
class Group:
    """The columns of one compound, side by side."""

    compound: Compound | None
    width: int
    missing: int
    edge: bool


@dataclass(slots=True)
class Matrix:
    columns: Sequence[Column]
    groups: Sequence[Group]
    rows: Sequence[tuple[Role, Sequence[Cell]]]


@dataclass(slots=True)
class Board:
    """All that one block's desk page is made of."""

    gap: Gap
    points: Matrix | None
    common: Matrix | None
    feed: Sequence[SignUp] = ()
    attention: Sequence["Concern"] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Concern:
    """Something a lead should look at: a code, and what the sentence about it needs."""

    code: str
    facts: dict[str, Any]
    shift: int | None = None
    signup: int | None = None


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


def posts_in(call: CallUp, block: Block) -> list[Post]:
    here = Post.objects.filter(shift__in=in_block(call, block)).select_related("role", "shift__site__compound")
    return list(here.order_by("shift__site__compound_id", "shift__site__no", "shift_id", "role_id", "pk"))


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


def matrix(posts: Sequence[Post]) -> Matrix | None:
    """Places across, roles down. Own roles first; seats of others come last and do not count."""
    if not posts:
        return None
    columns: dict[int, Column] = {}
    cells: dict[tuple[int, int], Cell] = {}
    roles: dict[int, Role] = {}
    for post in posts:
        column = columns.setdefault(post.shift_id, Column(post.shift))
        roles[post.role_id] = post.role
        foreign = not post.role.counted or post.agency_id is not None
        cells[post.shift_id, post.role_id] = Cell(column, post, foreign)
        if not foreign:
            column.need += post.seats
            column.have += post.taken
    order = sorted(roles.values(), key=lambda role: (not role.counted, role.pk))
    rows = [(role, [cells.get((pk, role.pk), Cell(column)) for pk, column in columns.items()]) for role in order]
    for index, column in enumerate(columns.values()):
        column.cells = [line[index] for _role, line in rows]
    return Matrix(list(columns.values()), groups(list(columns.values())), rows)


def groups(columns: Sequence[Column]) -> list[Group]:
    found: dict[int | None, list[Column]] = defaultdict(list)
    for column in columns:
        found[column.site.compound_id].append(column)
    first = True
    made = []
    for members in found.values():
        members[0].edge = not first
        missing = sum(column.need - column.have for column in members)
        made.append(Group(members[0].site.compound, len(members), missing, not first))
        first = False
    return made


@dataclass(frozen=True, slots=True)
class Steps:
    """What has happened and what comes next, in figures and instants."""

    people: int
    first_at: datetime | None
    pending: int
    next_answer: datetime | None
    pledges: Sequence[Pledge]
    askings: Sequence[Asking] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """What is reckoned of a call and one of its blocks, and stays so until something on the page changes. No names."""

    blocks: Sequence[Block]
    block: Block | None
    drafts: int
    failed: int
    people: Mapping[str, int] = field(default_factory=dict)
    attention: Sequence[Concern] = ()
    steps: Steps | None = None
    readiness: Readiness = field(default_factory=Readiness)
    audience: Audience = field(default_factory=Audience)


def sight(call: CallUp, asked: str, found: str, now: datetime) -> Sight:
    """Kept under the pulse that was `found`, so that who looks again, or as the second, asks the database little."""
    digest = blake2s(f"{found} {asked} {now.timestamp() // 60}".encode()).hexdigest()
    seen: Sight | None = cache.get(key := f"desk:{call.pk}:{digest}")
    if seen is None:
        cache.set(key, seen := look(call, asked, now), SIGHT_LASTS)
    return seen


def look(call: CallUp, asked: str, now: datetime) -> Sight:
    hours = blocks(call)
    block = chosen(hours, asked, now)
    drafts = call.shifts.filter(status=ShiftStatus.DRAFT).count()
    seen = Sight(hours, block, drafts, undelivered.count(undelivered.of_call(call), now))
    if not block:
        return seen
    return replace(
        seen,
        people=people_in(call, block),
        attention=attention(call, block),
        steps=steps(call),
        readiness=readiness(call, now),
        audience=audience(call.pk) if block.missing and takes_people(call, now) else Audience(),
    )


def takes_people(call: CallUp, now: datetime) -> bool:
    begun = call.sign_up_from is None or call.sign_up_from <= now
    return call.status == CallStatus.OPEN and begun and now < (call.sign_up_until or call.ends_at)


def board(call: CallUp, seen: Sight) -> Board:
    """The page's parts, in a number of queries that does not depend on how many shifts there are."""
    assert seen.block
    posts = posts_in(call, seen.block)
    return Board(
        gap=gap_of(posts, seen.people),
        points=matrix([post for post in posts if post.shift.site.kind != COMMON]),
        common=matrix([post for post in posts if post.shift.site.kind == COMMON]),
        feed=feed(call),
        attention=[*seen.attention, *too_long(call)][:MOST_CONCERNS],
    )


def feed(call: CallUp, most: int = 6) -> list[SignUp]:
    """Who did something last, newest first."""
    found = SignUp.objects.filter(shift__call_up=call, shift__status__in=set(ShiftStatus) - {ShiftStatus.CANCELLED})
    return list(
        found.select_related("volunteer__user", "post__role", "shift__site").order_by("-changed_at", "-pk")[:most]
    )


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


def steps(call: CallUp) -> Steps:
    alive = SignUp.objects.filter(shift__call_up=call, status__in=ALIVE)
    found = alive.aggregate(
        people=Count("volunteer", distinct=True),
        first_at=Min("created_at"),
        pending=Count("pk", filter=Q(status=SignUpStatus.INVITED)),
        next_answer=Min("respond_by", filter=Q(status=SignUpStatus.INVITED)),
    )
    owed = Pledge.objects.filter(post__shift__call_up=call, status=PledgeStatus.OPEN).select_related(
        "organisation", "post__role"
    )
    return Steps(**found, pledges=list(owed.order_by("due_at", "pk")[:6]), askings=list(call.askings.all()))


PULSE = """
    select row(
        (select row(count(*), sum(version)) from staffing_shift where call_up_id = %(call)s::bigint),
        (select row(count(*), sum(p.seats), sum(p.taken), sum(p.pledged), sum(p.waiting), sum(p.version))
         from staffing_post p join staffing_shift s on s.id = p.shift_id where s.call_up_id = %(call)s::bigint),
        (select row(count(*), max(u.changed_at))
         from staffing_signup u join staffing_shift s on s.id = u.shift_id where s.call_up_id = %(call)s::bigint),
        (select md5(string_agg(a::text, '' order by a.id)) from staffing_asking a where a.call_up_id = %(call)s::bigint),
        (select row(count(*), count(*) filter (where m.status in ('sent', 'delivered')), max(r.n))
         from communities_message m, (select count(*) as n from staffing_reply where call_up_id = %(call)s::bigint) r
         where m.kind = 'call_up' and m.target = %(call)s::bigint),
        (select md5(string_agg(g::text, '' order by g.id)) from staffing_pledge g join staffing_post p on p.id = g.post_id
         join staffing_shift s on s.id = p.shift_id where s.call_up_id = %(call)s::bigint),
        (select md5(string_agg(w::text, '' order by w.id)) from staffing_swap w join staffing_signup u on u.id = w.offered_id
         join staffing_shift s on s.id = u.shift_id where s.call_up_id = %(call)s::bigint),
        (select md5(string_agg(m::text || r::text, '' order by m.id)) from staffing_milestone m
         join staffing_readinessplan r on r.id = m.plan_id where r.call_up_id = %(call)s::bigint),
        (select md5(string_agg(d.status, '' order by d.id)) from staffing_ride d
         join staffing_shift s on s.id = d.shift_id where s.call_up_id = %(call)s::bigint)
    )::text
"""


def pulse(call: CallUp) -> str:
    """Changes whenever something on the desk page does: one statement, however much there is."""
    ((found,),) = fetch(PULSE, call=call.pk)
    return f"{call.status} {found}"


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
