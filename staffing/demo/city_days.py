"""More days of the city to measure with: the same mornings again, and afternoons at hours of each community's own."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from staffing.models import Post, Shift

type Turn = list[list[Post]]  # by community
type Span = tuple[datetime, datetime]

FIRST, LAST = timedelta(hours=4, minutes=30), timedelta(hours=9)  # after the morning's start, an afternoon may begin
SHORTEST, LONGEST = 8, 16  # quarters of an hour; the last one ends eleven hours before the next morning
QUARTER = timedelta(minutes=15)


def later(mornings: Sequence[Sequence[Post]], days: int, chance: Random) -> Iterator[Turn]:
    """An afternoon of the first day, then morning and afternoon of each that follows; not saved."""
    begins = [FIRST + QUARTER * chance.randint(0, (LAST - FIRST) // QUARTER) for _home in mornings]
    lengths = [QUARTER * chance.randint(SHORTEST, LONGEST) for _home in mornings]
    first_sites = [[post for post in posts if post.shift_id == posts[0].shift_id] for posts in mornings]
    for day in range(days):
        since = timedelta(days=day)
        if day:
            yield [again(posts, since, None) for posts in mornings]
        yield [
            again(posts, since + begin, length)
            for posts, begin, length in zip(first_sites, begins, lengths, strict=True)
        ]


def again(posts: Sequence[Post], later: timedelta, length: timedelta | None) -> list[Post]:
    """The same sites with the same posts, so much later; as long as before unless a length is given."""
    shifts: dict[int, Shift] = {}
    for post in posts:
        if post.shift_id not in shifts:
            shifts[post.shift_id] = moved(post.shift, later, length)
    return [Post(shift=shifts[post.shift_id], role=post.role, seats=post.seats) for post in posts]


def moved(shift: Shift, later: timedelta, length: timedelta | None) -> Shift:
    start = shift.starts_at + later
    return Shift(
        call_up_id=shift.call_up_id,
        site=shift.site,
        starts_at=start,
        ends_at=start + (length or shift.ends_at - shift.starts_at),
        status=shift.status,
        briefing=shift.briefing,
        is_demo=True,
    )
