"""A rush on seats: through the public form on one post, on a full one, and over the API on many."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import uuid4

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from bench import r1, world
from bench.figures import Figure, at_least, at_most, exactly
from bench.forms import filled
from bench.rush import Answers, Request, get, rush
from bench.system import LIMIT_PORT, PORT, System, worker_memory
from communities.models import Message
from staffing.models import Post, SignUp
from volunteers.actions.people import CONSENT_TEXT
from volunteers.models import Consent, Volunteer

PEOPLE = 500
WIDTH = 128
ROUNDS = 3


def run(system: System) -> Iterator[Figure]:
    """R1 waits beside ours and has its turn before and after each rush: both meet the same machine."""
    with system.serving("bench.r1:application", LIMIT_PORT, DJANGO_SETTINGS_MODULE=""):
        limit(PEOPLE)  # the first of each warms up
        with system.serving():
            through_the_form(PEOPLE)
            yield from hot()
            yield from full()
        with system.serving() as server:
            yield from spread()
            yield at_most("signup.memory", worker_memory(server), "MiB", bar=110, note="PSS of the larger worker")


def limit(seats: int) -> float:
    """R1 in sign-ups a second, PEOPLE on so many seats."""
    with connection.cursor() as cursor:
        cursor.execute(r1.TABLES)
        cursor.execute("insert into bench_post (id, seats) values (1, %s)", [seats])
    keys = [world.plain_session(number) for number in range(PEOPLE)]
    requests = [Request("POST", "/take/1/", {"Cookie": f"sessionid={key}"}) for key in keys]
    answers = rush("127.0.0.1", LIMIT_PORT, requests, WIDTH)
    return answers.all_are({201: seats, 409: PEOPLE - seats} if seats < PEOPLE else {201: seats}).rate


@dataclass(frozen=True)
class Round:
    post: Post
    answers: Answers
    limit: float


def rounds(seats: int, **button: str) -> list[Round]:
    """ROUNDS rushes, the middle one by its part of the limit first."""
    found, before = [], limit(seats)
    for _round in range(ROUNDS):
        post, answers = through_the_form(seats, **button)
        after = limit(seats)
        found.append(Round(post, answers, (before + after) / 2))
        before = after
    found.sort(key=lambda one: one.answers.rate / one.limit)
    return [found.pop(ROUNDS // 2), *found]


def consent(people: Sequence[Volunteer]) -> None:
    now = timezone.now()
    Consent.objects.bulk_create(
        [
            Consent(volunteer=person, purpose="service", text_version=CONSENT_TEXT, channel="web", given_at=now)
            for person in people
        ]
    )


def through_the_form(seats: int, **button: str) -> tuple[Post, Answers]:
    """PEOPLE who are signed in and have served before send the form of a call with one post."""
    where = world.place()
    people = world.people(where, PEOPLE)
    consent(people)
    call = world.call(where)
    (post,) = world.posts(where, call, shifts=1, seats=seats)
    sessions = [world.session(person.user) for person in people]
    path = f"/c/{call.slug}/sign-up/"
    fill = filler(path, sessions[0], button)
    warm(path, sessions)
    answers = rush("127.0.0.1", PORT, [fill(session) for session in sessions], WIDTH)
    post.refresh_from_db()
    return post, answers.all_are({303: PEOPLE})


def filler(path: str, session: str, button: dict[str, str]) -> Callable[[str], Request]:
    """Makes the request of each person from the page that the first one gets; everybody's asks the same."""
    page = get(PORT, path, {"Cookie": f"sessionid={session}", "Accept-Language": "zh-Hans"})
    fields = filled(page.body) | button

    def request(session: str) -> Request:
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={page.cookies['csrftoken']}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{PORT}",
            "Accept-Language": "zh-Hans",
        }
        return Request("POST", path, headers, urlencode(fields | {"key": str(uuid4())}).encode())

    return request


def warm(path: str, sessions: Sequence[str]) -> None:
    """Both workers have answered somebody, in all their threads."""
    rush("127.0.0.1", PORT, [Request("GET", path, {"Cookie": f"sessionid={key}"}) for key in sessions[:64]], 16)


def hot() -> Iterator[Figure]:
    found = rounds(PEOPLE)
    middle, posts = found[0], [one.post for one in found]
    yield at_least(
        "signup.hot", middle.answers.rate, "sign-ups/s", limit=middle.limit, part=0.33, note=spread_of(found)
    )
    yield exactly("signup.hot.seats", sum(post.taken for post in posts), ROUNDS * PEOPLE, "seats")
    confirmed = SignUp.objects.filter(post__in=posts, status="confirmed").count()
    yield exactly("signup.hot.confirmed", confirmed, ROUNDS * PEOPLE, "people")
    yield exactly("signup.hot.told", told(posts), ROUNDS * PEOPLE, "messages in the outbox")
    yield at_most("signup.hot.p99", middle.answers.latency(0.99), "ms", bar=450, note="on a quiet machine")
    first, last = middle.answers.rate_of_fifth(0), middle.answers.rate_of_fifth(4)
    yield at_least("signup.hot.last_fifth", last, "sign-ups/s", limit=first, part=0.8, note="of the first fifth")


def full() -> Iterator[Figure]:
    found = rounds(50, waitlist="1")
    middle, posts = found[0], [one.post for one in found]
    yield at_least(
        "signup.full", middle.answers.rate, "sign-ups/s", limit=middle.limit, part=0.38, note=spread_of(found)
    )
    seated = SignUp.objects.filter(post__in=posts, status="confirmed").count()
    yield exactly("signup.full.seats", seated, ROUNDS * 50, "seats")
    yield exactly(
        "signup.full.line", sum(in_order(post) for post in posts), ROUNDS * (PEOPLE - 50), "in line, in order"
    )
    yield exactly("signup.full.told", told(posts), ROUNDS * PEOPLE, "messages in the outbox")


def spread_of(found: Sequence[Round]) -> str:
    parts = sorted(one.answers.rate / one.limit for one in found)
    return "ratio of each round: " + ", ".join(f"{part:.2f}" for part in parts)


def in_order(post: Post) -> int:
    line = SignUp.objects.filter(post=post).waiting().order_by("pk").values_list("position", flat=True)
    return sum(place == number for number, place in enumerate(line, 1))


def told(posts: Sequence[Post]) -> int:
    return Message.objects.filter(target__in=SignUp.objects.filter(post__in=posts).values("pk")).count()


def spread() -> Iterator[Figure]:
    """5,000 sign-ups over 200 posts by bearer token."""
    where = world.place()
    people = world.people(where, 5000)
    posts = world.posts(where, world.call(where), shifts=200, seats=30)
    tokens = world.tokens([person.user for person in people], ["read", "sign-ups:write"])
    requests = [
        Request(
            "POST",
            "/api/v1/sign-ups/",
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            b'{"post": %d}' % posts[index % len(posts)].pk,
        )
        for index, token in enumerate(tokens)
    ]
    before = limit(PEOPLE)
    answers = rush("127.0.0.1", PORT, requests, WIDTH).all_are({201: len(requests)})
    machine = (before + limit(PEOPLE)) / 2
    taken = Post.objects.filter(pk__in=[post.pk for post in posts]).aggregate(n=Sum("taken"))["n"]
    yield at_least("signup.spread", answers.rate, "sign-ups/s", limit=machine, part=0.4)
    yield exactly("signup.spread.seats", taken, 5000, "seats")
