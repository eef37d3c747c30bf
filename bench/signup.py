"""A rush on seats: through the public form on one post, on a full one, and over the API on many."""

from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlencode
from uuid import uuid4

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from bench import r1, world
from bench.figures import Figure, at_least, at_most, exactly
from bench.forms import filled
from bench.rush import Answers, Request, get, rush
from bench.system import PORT, System, worker_memory
from communities.models import Message
from staffing.models import Post, SignUp
from volunteers.actions.people import CONSENT_TEXT
from volunteers.models import Consent, Volunteer

PEOPLE = 500
WIDTH = 128


def run(system: System) -> Iterator[Figure]:
    limit = {seats: limit_rate(system, seats) for seats in (500, 50)}
    with system.serving() as server:
        yield from hot(limit[500])
        yield from full(limit[50])
    with system.serving() as server:
        yield from spread(limit[500])
        yield at_most("signup.memory", worker_memory(server), "MiB", bar=110, note="PSS of the larger worker")


def limit_rate(system: System, seats: int) -> float:
    """R1 in sign-ups a second: the median of three rushes of the same people on as many seats."""
    with connection.cursor() as cursor:
        cursor.execute(r1.TABLES)
        cursor.executemany("insert into bench_post (id, seats) values (%s, %s)", [(n, seats) for n in range(1, 5)])
    sessions = [world.plain_session(n) for n in range(PEOPLE)]
    rates = []
    with system.serving("bench.r1:application", DJANGO_SETTINGS_MODULE=""):
        for post in range(1, 5):
            requests = [Request("POST", f"/take/{post}/", {"Cookie": f"sessionid={key}"}) for key in sessions]
            answers = rush("127.0.0.1", PORT, requests, WIDTH)
            assert answers.counts[201] == seats, answers.counts
            rates.append(answers.rate)
    return sorted(rates[1:])[1]  # the first warms up


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


def hot(limit: float) -> Iterator[Figure]:
    post, answers = through_the_form(PEOPLE)
    yield at_least("signup.hot", answers.rate, "sign-ups/s", limit=limit, part=0.33)
    yield exactly("signup.hot.seats", post.taken, PEOPLE, "seats")
    yield exactly(
        "signup.hot.confirmed", SignUp.objects.filter(post=post, status="confirmed").count(), PEOPLE, "people"
    )
    yield exactly("signup.hot.told", told(post), PEOPLE, "messages in the outbox")
    yield at_most("signup.hot.p99", answers.latency(0.99), "ms", bar=450, note="on a quiet machine")
    yield at_least(
        "signup.hot.last_fifth", answers.rate_of_fifth(4), "sign-ups/s", limit=answers.rate_of_fifth(0), part=0.8
    )


def full(limit: float) -> Iterator[Figure]:
    post, answers = through_the_form(50, waitlist="1")
    yield at_least("signup.full", answers.rate, "sign-ups/s", limit=limit, part=0.38)
    yield exactly("signup.full.seats", SignUp.objects.filter(post=post, status="confirmed").count(), 50, "seats")
    line = list(SignUp.objects.filter(post=post).waiting().order_by("pk").values_list("position", flat=True))
    in_order = sum(place == number for number, place in enumerate(line, 1))
    yield exactly("signup.full.line", in_order, PEOPLE - 50, "in line, in order")
    yield exactly("signup.full.told", told(post), PEOPLE, "messages in the outbox")


def told(post: Post) -> int:
    return Message.objects.filter(target__in=SignUp.objects.filter(post=post).values("pk")).count()


def spread(limit: float) -> Iterator[Figure]:
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
    answers = rush("127.0.0.1", PORT, requests, WIDTH).all_are({201: len(requests)})
    taken = Post.objects.filter(pk__in=[post.pk for post in posts]).aggregate(n=Sum("taken"))["n"]
    yield at_least("signup.spread", answers.rate, "sign-ups/s", limit=limit, part=0.4)
    yield exactly("signup.spread.seats", taken, 5000, "seats")
