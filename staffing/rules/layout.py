"""From a demand to shifts: where each post stands, and what has to change where some stand already."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from staffing.rules.demand import Demand, Need, Window
from staffing.rules.norms import Norm, PostNorm
from staffing.states import Basis

RELIEF = "relief"
ONE_SITE = frozenset({Basis.COMPOUND, Basis.FIXED})


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """The `index`-th site of a kind at a place (None: of the whole plan)."""

    place: int | None
    kind: str
    index: int = 0


@dataclass(frozen=True, slots=True)
class WantedPost:
    role: str
    seats: int
    kinds: tuple[str, ...] = ()
    agency: int | None = None
    counts: bool = True

    @property
    def key(self) -> tuple[str, int | None]:
        return self.role, self.agency


@dataclass(frozen=True, slots=True)
class WantedShift:
    spot: Spot
    start: datetime
    end: datetime
    posts: tuple[WantedPost, ...]


def layout(norm: Norm, demand: Demand, *, relief: int = 0) -> list[WantedShift]:
    """Posts dealt evenly over their sites, in each of their blocks; `relief` people over the common sites."""
    sites = site_counts(norm, demand)
    wanted: dict[tuple[Spot, Window], list[WantedPost]] = defaultdict(list)
    for need in [*demand.needs, *relief_of(demand, relief)]:
        kind = norm.site_of(need.rule)
        for index, seats in enumerate(dealt(need.number, sites[need.place, kind])):
            for block in need.blocks if seats else ():
                wanted[Spot(need.place, kind, index), block].append(post_of(need.rule, seats))
    return [WantedShift(spot, block.start, block.end, tuple(posts)) for (spot, block), posts in wanted.items()]


def post_of(rule: PostNorm, seats: int) -> WantedPost:
    return WantedPost(rule.role, seats, rule.kinds, rule.agency, rule.counts)


def site_counts(norm: Norm, demand: Demand) -> Mapping[tuple[int | None, str], int]:
    """How many sites of each kind each place has: its points, one for all that is common, else one for each unit."""
    found: dict[tuple[int | None, str], int] = defaultdict(lambda: 1)
    for at in demand.places:
        found[at.place.key, norm.point_kind] = max(1, at.points)
    for need in demand.needs:
        kind = norm.site_of(need.rule)
        if kind not in {norm.point_kind, norm.common_kind} and need.rule.basis not in ONE_SITE:
            found[need.place, kind] = max(found[need.place, kind], need.units)
    return found


def dealt(number: int, among: int) -> list[int]:
    each, more = divmod(number, among)
    return [each + (index < more) for index in range(among)]


def relief_of(demand: Demand, relief: int) -> Iterator[Need]:
    """Relief in proportion to the posts of each place: whole people, the largest remainders first."""
    posts = {at.place.key: demand.at(at.place.key) for at in demand.places}
    if not relief or not (total := sum(posts.values())):
        return
    shares = {key: divmod(relief * number, total) for key, number in posts.items()}
    left = relief - sum(whole for whole, _rest in shares.values())
    first = sorted(shares, key=lambda key: -shares[key][1])[:left]
    rule = PostNorm(RELIEF, Basis.COMPOUND)
    for key, (whole, _rest) in shares.items():
        yield Need(rule, key, whole + (key in first), 1, demand.blocks)


@dataclass(frozen=True, slots=True)
class StandingPost:
    """A post as it is. `held`: seats that are somebody's, or promised; `touched`: somebody signed up once."""

    id: int
    role: str
    agency: int | None
    seats: int
    held: int = 0
    waiting: int = 0
    touched: bool = False

    @property
    def key(self) -> tuple[str, int | None]:
        return self.role, self.agency

    @property
    def needed(self) -> int:
        """Seats it cannot do without: those in line count, they hope for one."""
        return self.held + self.waiting


@dataclass(frozen=True, slots=True)
class StandingShift:
    id: int
    spot: Spot
    start: datetime
    end: datetime
    posts: tuple[StandingPost, ...]

    @property
    def in_use(self) -> bool:
        return any(post.needed for post in self.posts)

    @property
    def touched(self) -> bool:
        return any(post.touched for post in self.posts)


@dataclass(frozen=True, slots=True)
class Seats:
    """A post that gets another number of seats; 0 takes it away."""

    post: int
    role: str
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What applying would change. `blocked`: posts that hold more people than seats would be left."""

    new: tuple[WantedShift, ...] = ()
    moved: tuple[tuple[StandingShift, WantedShift], ...] = ()
    added: tuple[tuple[int, WantedPost], ...] = ()
    more: tuple[Seats, ...] = ()
    fewer: tuple[Seats, ...] = ()
    dropped: tuple[StandingShift, ...] = ()
    blocked: tuple[int, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.new or self.moved or self.added or self.more or self.fewer or self.dropped or self.blocked)

    @property
    def new_seats(self) -> int:
        """Seats of the community's own that are made."""
        made = [post for shift in self.new for post in shift.posts] + [post for _shift, post in self.added]
        return sum(post.seats for post in made if post.counts) + sum(seats.new - seats.old for seats in self.more)


def difference(wanted: Iterable[WantedShift], standing: Iterable[StandingShift], roles: Iterable[str]) -> Difference:
    """Only posts of these roles are touched: what a lead added by hand stays. A shift is known by its site and its
    place in the order of the day; whose times differ is moved, with its people.
    """
    known, book = frozenset(roles), Book()
    theirs, mine = by_spot(standing), by_spot(wanted)
    for spot in sorted({*theirs, *mine}, key=lambda spot: (spot.place or 0, spot.kind, spot.index)):
        for have, want in paired(theirs.get(spot, []), mine.get(spot, [])):
            book.enter(have, want, known)
    return book.closed()


def by_spot[Shift: (WantedShift, StandingShift)](shifts: Iterable[Shift]) -> dict[Spot, list[Shift]]:
    found: dict[Spot, list[Shift]] = defaultdict(list)
    for shift in sorted(shifts, key=lambda shift: (shift.start, shift.end)):
        found[shift.spot].append(shift)
    return found


def paired(
    have: Sequence[StandingShift], want: Sequence[WantedShift]
) -> Iterator[tuple[StandingShift | None, WantedShift | None]]:
    """Those at the same time first; of the rest, in order."""
    times = {(shift.start, shift.end): shift for shift in want}
    rest = [shift for shift in have if (shift.start, shift.end) not in times]
    same = {(shift.start, shift.end): shift for shift in have if (shift.start, shift.end) in times}
    yield from ((shift, times[when]) for when, shift in same.items())
    left = [shift for when, shift in times.items() if when not in same]
    for index in range(max(len(rest), len(left))):
        yield rest[index] if index < len(rest) else None, left[index] if index < len(left) else None


class Book:
    """Collects the changes, shift by shift."""

    def __init__(self) -> None:
        self.new: list[WantedShift] = []
        self.moved: list[tuple[StandingShift, WantedShift]] = []
        self.added: list[tuple[int, WantedPost]] = []
        self.more: list[Seats] = []
        self.fewer: list[Seats] = []
        self.dropped: list[StandingShift] = []
        self.blocked: list[int] = []

    def enter(self, have: StandingShift | None, want: WantedShift | None, known: frozenset[str]) -> None:
        if not have:
            self.new += [want] if want else []
        elif not want:
            self.drop(have, known)
        else:
            if (have.start, have.end) != (want.start, want.end):
                self.moved.append((have, want))
            self.match(have, want.posts, known)

    def drop(self, have: StandingShift, known: frozenset[str]) -> None:
        if have.in_use or any(post.role not in known for post in have.posts):
            self.match(have, (), known)
        else:
            self.dropped.append(have)

    def match(self, have: StandingShift, wanted: Sequence[WantedPost], known: frozenset[str]) -> None:
        there = {post.key: post for post in have.posts}
        want = {post.key: post for post in wanted}
        self.added += [(have.id, post) for key, post in want.items() if key not in there]
        for key, post in there.items():
            if key in want or post.role in known:
                self.seats(post, want[key].seats if key in want else 0)

    def seats(self, post: StandingPost, number: int) -> None:
        """A post that somebody once signed up to keeps a seat: their history hangs on it."""
        change = Seats(post.id, post.role, post.seats, number or int(post.touched))
        if change.new > post.seats:
            self.more.append(change)
        elif change.new < post.seats or number < post.held:
            self.fewer.append(change)
        if number < post.held or (not number and post.waiting):
            self.blocked.append(post.id)

    def closed(self) -> Difference:
        return Difference(**{name: tuple(found) for name, found in vars(self).items()})
