"""Joint posts as a table: one line a shift, and in it each agency with its seats and how many are filled."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from staffing.models import Post, Shift, SignUp

ABOUT = ("role", "agency", "shift__site__area", "shift__call_up__community")
ORDER = ("shift__starts_at", "shift__site__no", "shift__site__name", "shift", "agency__path", "role")


@dataclass(slots=True)
class Share:
    """The seats of one agency. `people` are filled in for its own officers alone."""

    post: Post
    own: bool = False
    people: Sequence[SignUp] = ()

    @property
    def missing(self) -> int:
        return self.post.missing


@dataclass(slots=True)
class Line:
    shift: Shift
    shares: list[Share] = field(default_factory=list)

    @property
    def seats(self) -> int:
        return sum(share.post.seats for share in self.shares)

    @property
    def taken(self) -> int:
        return sum(share.post.taken for share in self.shares)


def table(posts: Iterable[Post], own: Iterable[int], seats: Iterable[SignUp]) -> list[Line]:
    """`posts` in the order of their shifts; `own` are those the reader fills, `seats` the people on them."""
    mine, people = set(own), defaultdict(list)
    for seat in seats:
        people[seat.post_id].append(seat)
    lines: dict[int, Line] = {}
    for post in posts:
        line = lines.setdefault(post.shift_id, Line(post.shift))
        line.shares.append(Share(post, post.pk in mine, people[post.pk]))
    return list(lines.values())
