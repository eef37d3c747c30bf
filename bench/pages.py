"""Pages that everybody opens at once: the call, the desk of its lead, one's own shifts; in a small and a large database."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from bench import world
from bench.figures import Figure, at_least, at_most, median
from bench.rush import Answers, Request, rush
from bench.system import PORT, System
from communities.models import User
from staffing.models import CallUp

SMALL, LARGE = 200, 5000  # shifts in the database
POINTS = 17  # shifts of the call that is looked at
ROUNDS, ASKED, WIDTH = 3, 150, 4
MOST_QUERIES = 8
LOOKS = 200


@dataclass(frozen=True)
class Scene:
    """A call with a lead and a volunteer, and what they open."""

    call: CallUp
    lead: User
    volunteer: User

    def pages(self) -> dict[str, tuple[str, User | None]]:
        return {
            "call": (f"/c/{self.call.slug}/", None),
            "desk": (f"/desk/calls/{self.call.pk}/", self.lead),
            "my": ("/my/", self.volunteer),
        }

    def fragments(self) -> dict[str, tuple[str, User | None]]:
        return {
            "call": (f"/c/{self.call.slug}/seats/", None),
            "desk": (f"/desk/calls/{self.call.pk}/live/", self.lead),
        }


def run(system: System) -> Iterator[Figure]:
    scene, times = set_scene(), {}
    for shifts in (SMALL, LARGE):
        fill(scene, shifts)
        with system.serving():
            times[shifts] = {name: p95(*page) for name, page in scene.pages().items()}
    yield from unchanged(scene)
    for name, (path, user) in scene.pages().items():
        yield at_most(f"pages.{name}.queries", queries(path, user), "queries", bar=MOST_QUERIES)
        if name == "desk":
            anew = queries(path, user, lambda: scene.call.shifts.update(version=F("version") + 1))
            yield Figure("pages.desk.changed", anew, "queries", note="the first look after a change").tell()
        yield slower(f"pages.{name}", times[SMALL][name], times[LARGE][name])


def slower(name: str, small: float, large: float) -> Figure:
    ratio = large / small
    note = f"p95 with {LARGE} shifts; the limit is the p95 with {SMALL}"
    return Figure(name, large, "ms", small, ratio, "ratio <= 1.3", ratio <= 1.3, note).tell()


def set_scene() -> Scene:
    """The call of one community on its night: POINTS points, most seats taken, a volunteer with one of them."""
    where = world.place()
    call = world.call(where)
    posts = world.posts(where, call, shifts=POINTS, seats=6, each=4)
    people = world.people(where, 300)
    world.fill(posts, people)
    return Scene(call, world.lead(where), people[0].user)


def fill(scene: Scene, shifts: int) -> None:
    """As many shifts in the database as asked for: other communities' calls, with people on their posts."""
    from staffing.models import Shift

    while (missing := shifts - Shift.objects.count()) > 0:
        where = world.place()
        posts = world.posts(where, world.call(where), shifts=min(missing, 100), seats=6, each=4)
        world.fill(posts, world.people(where, 200))
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


def cookies(user: User | None) -> dict[str, str]:
    return {"Cookie": f"sessionid={world.session(user)}"} if user else {}


def queries(path: str, user: User | None, changed: Callable[[], object] = lambda: None) -> int:
    """How many statements the page costs once it is warm, or after `changed`."""
    client = browser(user)
    with override_settings(ALLOWED_HOSTS=["127.0.0.1"]):
        assert client.get(path).status_code == 200
        forget()
        changed()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
    return len(asked)


def forget() -> None:
    """What the process keeps of a call for a moment: each page is to pay for itself."""
    from staffing.queries import kept_calls

    kept_calls.SEEN.clear()


def p95(path: str, user: User | None) -> float:
    """Milliseconds; the median of ROUNDS."""
    return statistics.median(ask(path, cookies(user)).latency(0.95) for _round in range(ROUNDS))


def ask(path: str, headers: dict[str, str], status: int = 200) -> Answers:
    rush("127.0.0.1", PORT, [Request("GET", path, headers)] * 16, WIDTH)
    return rush("127.0.0.1", PORT, [Request("GET", path, headers)] * ASKED, WIDTH).all_are({status: ASKED})


def unchanged(scene: Scene) -> Iterator[Figure]:
    """A fragment that has not changed, beside the same fragment made anew; in this process, one look after the other."""
    for name, (path, user) in scene.fragments().items():
        client = browser(user)
        with override_settings(ALLOWED_HOSTS=["127.0.0.1"]):
            whole = median([seen_anew(client, path) for _round in range(ROUNDS)])
            same = median([seen_again(client, path) for _round in range(ROUNDS)])
        yield at_least(f"pages.{name}.unchanged", same, "answers/s", limit=whole, part=5, note="the limit is the 200's")


def seen_anew(client: Client, path: str) -> float:
    """Answers a second, each made for itself."""
    started = time.perf_counter()
    for _look in range(LOOKS):
        forget()
        assert client.get(path).status_code == 200
    return LOOKS / (time.perf_counter() - started)


def seen_again(client: Client, path: str) -> float:
    """Answers a second that nothing has changed. The tag changes with the minute, so it is begun early in one."""
    while time.time() % 60 > 40:
        time.sleep(0.5)
    tag = client.get(path).headers["ETag"]
    started = time.perf_counter()
    for _look in range(LOOKS):
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    return LOOKS / (time.perf_counter() - started)


def browser(user: User | None) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.cookies.load({"sessionid": world.session(user)} if user else {})
    return client
