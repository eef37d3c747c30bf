"""A compound is sealed: ten thousand future seats are looked at again. Once in one go, once cut off halfway."""

import time
from collections.abc import Iterator, Sequence

from django.db import connection
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from bench import world
from bench.figures import Figure, at_most, exactly
from bench.system import System
from communities.actions.zones import Decree, set_level
from communities.models import Compound, Message, User, ZonePolicy, ZoneScheme
from staffing.actions import rechecks
from staffing.models import Post, SignUp, ZoneRecheck
from staffing.queries.rechecks import figures, left_by_shift
from volunteers.models import Volunteer

SHIFTS, SEATS, LINE = 200, 48, 2
WHOLE = SHIFTS * (SEATS + LINE)


def run(system: System) -> Iterator[Figure]:
    for name, cut in (("zones.recheck", False), ("zones.resumed", True)):
        lead = User.objects.create_user(name="王演示", phone=f"+8612{next(world.serial):09d}")
        recheck = sealed(lead)
        begun = time.perf_counter()
        if cut:
            half(recheck)
        rechecks.run(recheck.pk, timezone.now())
        seconds = time.perf_counter() - begun
        yield at_most(name, seconds, "s", bar=5, note=f"{WHOLE} seats and places in line, {SHIFTS} shifts")
        yield from whole(name, recheck)


def half(recheck: ZoneRecheck) -> None:
    """As far as a worker came that was then killed."""
    for seats in left_by_shift(recheck)[: SHIFTS // 2]:
        rechecks.look_again(recheck.pk, seats, timezone.now())


def whole(name: str, recheck: ZoneRecheck) -> Iterator[Figure]:
    """Everybody was looked at once, and whoever lost a seat is told once."""
    recheck.refresh_from_db()
    found = figures(recheck)
    told = Message.objects.filter(kind="zone_change", target=recheck.pk).count()
    yield exactly(f"{name}.checked", recheck.checked, WHOLE)
    yield exactly(f"{name}.told", told, found.people, note=f"{found}")


def sealed(lead: User) -> ZoneRecheck:
    """200 shifts in one compound, full, with two in line each; of five people three live elsewhere."""
    policy()
    where = world.place()
    posts = world.posts(where, world.call(where), shifts=SHIFTS, seats=SEATS)
    other = Compound.objects.create(community=where.community, name="别处")
    people = world.people(where, WHOLE)
    ids = [person.pk for number, person in enumerate(people) if number % 5 < 3]
    Volunteer.objects.filter(pk__in=ids).update(residence=other)
    seat(posts, people)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    status = set_level(where.compound.pk, Decree("sealed", timezone.now(), "示范", "1"), by=lead, now=timezone.now())
    recheck: ZoneRecheck = status.recheck
    return recheck


def policy() -> None:
    scheme = ZoneScheme.objects.get_or_create(slug="bench", defaults={"name": "测"})[0]
    rules = {"entry": "residents", "residents_may_leave": False, "needs_approval": True, "strictness": 3}
    ZonePolicy.objects.get_or_create(level="sealed", defaults={"scheme": scheme, "name": "封", **rules})


def seat(posts: Sequence[Post], people: Sequence[Volunteer]) -> None:
    rows = []
    for index, person in enumerate(people):
        post, number = posts[index % SHIFTS], index // SHIFTS + 1
        waits = number > SEATS
        place = {"position": number - SEATS} if waits else {"seat_no": number}
        period = TimestamptzRange(post.shift.starts_at, post.shift.ends_at, "[)")
        status = "waitlisted" if waits else "confirmed"
        rows.append(SignUp(post=post, shift=post.shift, volunteer=person, period=period, status=status, **place))
    SignUp.objects.bulk_create(rows, batch_size=2000)
    Post.objects.filter(pk__in=[post.pk for post in posts]).update(
        taken=SEATS, seats_given=SEATS, waiting=LINE, tickets=LINE
    )
