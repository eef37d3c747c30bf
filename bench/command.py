"""The command board of a whole city: 2,300 communities, 40,000 people, 100,000 seats; and of a tenth of it.

Web workers share a board for five seconds, so most of the pages are made of one that was counted just before.
"""

import time
from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from bench import world
from bench.figures import Figure, at_most, exactly, median
from bench.pages import cookies, queries
from bench.rush import Request, rush
from bench.system import PORT, System
from communities.models import Area, Grant, User
from communities.states import RoleName
from staffing.demo import city
from staffing.models import Post, SignUp
from staffing.queries.command import board

WHOLE = city.Size(2300, 40_000)
SMALL = city.Size(230, 4_000, 230, 10_000)
ASKED = 100
MILLISECONDS = 300


def run(system: System) -> Iterator[Figure]:
    small, whole = built(SMALL, 1), built(WHOLE, 2)
    yield Figure("command.load", whole.seconds, "s", note=f"{WHOLE}").tell()
    yield from exact(whole.area)
    yield Figure(
        "command.count", counted(whole.area), "ms", note="the board counted anew, median of 15, in this process"
    ).tell()
    with system.serving():
        pages = {
            "command.board": (f"/desk/command/?area={whole.area.pk}", MILLISECONDS),
            "command.live": (f"/desk/command/live/?area={whole.area.pk}", MILLISECONDS),
        }
        for name, (path, bar) in pages.items():
            yield at_most(name, p95(path, whole.commander), "ms", bar=bar, note=f"p95 of {ASKED}, one after the other")
        report = p95(f"/desk/command/report/?area={whole.area.pk}", whole.commander, 20)
        yield Figure("command.report", report, "ms", note="p95 of 20").tell()
    path = "/desk/command/?area={}"
    few, many = (queries(path.format(one.area.pk), one.commander) for one in (small, whole))
    yield exactly("command.queries", many, few, "queries", note="the bar is what a tenth of the city costs")


class Built:
    def __init__(self, area: Area, commander: User, seconds: float) -> None:
        self.area, self.commander, self.seconds = area, commander, seconds


def built(size: city.Size, seed: int) -> Built:
    begun = time.perf_counter()
    area = city.build(size, seed, timezone.now())
    seconds = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    commander = User.objects.create_user(name="王演示", phone=f"+8612{next(world.serial):09d}", is_demo=True)
    Grant.objects.create(user=commander, role=RoleName.CITY_COMMAND, area=area)
    return Built(area, commander, seconds)


def exact(area: Area) -> Iterator[Figure]:
    """What the board says, beside a count of the rows."""
    posts = list(Post.objects.filter(shift__site__area__path__startswith=area.path).values_list("seats", "taken"))
    named = SignUp.objects.filter(status="confirmed", shift__site__area__path__startswith=area.path).count()
    found = board(area, timezone.now())
    yield exactly("command.seats", found.total.need, sum(seats for seats, _taken in posts), "seats")
    yield exactly("command.named", found.total.named, named, "seats")
    yield exactly("command.communities", len(found.lines), WHOLE.communities)


def counted(area: Area) -> float:
    times = []
    for _time in range(15):
        begun = time.perf_counter()
        board(area, timezone.now())
        times.append(time.perf_counter() - begun)
    return median(times) * 1000


def p95(path: str, user: User, asked: int = ASKED) -> float:
    headers = cookies(user)
    rush("127.0.0.1", PORT, [Request("GET", path, headers)] * 4, 1)
    return rush("127.0.0.1", PORT, [Request("GET", path, headers)] * asked, 1).all_are({200: asked}).latency(0.95)
