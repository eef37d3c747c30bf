"""A rush on seats: through the public form on one post, on a full one, and over the API on many."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode
from uuid import uuid4

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from bench import r1, world
from bench.figures import Figure, at_least, at_most, exactly
from bench.rush import Answers, Request, rush
from bench.system import PORT, System, worker_memory
from staffing.models import Post, SignUp
from volunteers.actions.people import CONSENT_TEXT
from volunteers.models import Consent, Volunteer

PEOPLE = 500
WIDTH = 128
TOKEN = "c" * 32  # one CSRF secret serves all; the check is the same


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


def through_the_form(seats: int) -> tuple[Post, Answers]:
    where = world.place()
    people = world.people(where, PEOPLE)
    consent(people)
    call = world.call(where)
    (post,) = world.posts(where, call, shifts=1, seats=seats)
    forms = [form(call.slug, world.session(person.user), where.compound.pk, call) for person in people]
    warm(call.slug)
    return post, rush("127.0.0.1", PORT, forms, WIDTH)


def form(slug: str, session: str, home: int, call) -> Request:  # type: ignore[no-untyped-def]
    fields = {
        "csrfmiddlewaretoken": TOKEN,
        "key": str(uuid4()),
        "others": "0",
        "home": str(home),
        "role": "any",
        "blocks": block_of(call),
        "adult": "on",
        "fit": "on",
        "consent": "on",
        "waitlist": "1",
    }
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://127.0.0.1:{PORT}",
        "Accept-Language": "zh-Hans",
    }
    return Request("POST", f"/c/{slug}/sign-up/", headers, urlencode(fields).encode())


def block_of(call) -> str:  # type: ignore[no-untyped-def]
    """The one block of the call, named as the form names it."""
    from staffing.queries.calls import open_call

    return open_call(call.slug, timezone.now()).blocks[0].key


def warm(slug: str) -> None:
    rush("127.0.0.1", PORT, [Request("GET", f"/c/{slug}/")] * 64, 16)


def hot(limit: float) -> Iterator[Figure]:
    post, answers = through_the_form(PEOPLE)
    post.refresh_from_db()
    yield at_least("signup.hot", answers.rate, "sign-ups/s", limit=limit, part=0.33, note=f"{answers.counts}")
    yield exactly("signup.hot.seats", post.taken, PEOPLE, "seats")
    yield exactly("signup.hot.errors", sum(n for status, n in answers.counts.items() if status >= 400), 0)
    yield at_most("signup.hot.p99", answers.latency(0.99), "ms", bar=450, note="on a quiet machine")
    yield at_least(
        "signup.hot.last_fifth", answers.rate_of_fifth(4), "sign-ups/s", limit=answers.rate_of_fifth(0), part=0.8
    )


def full(limit: float) -> Iterator[Figure]:
    post, answers = through_the_form(50)
    post.refresh_from_db()
    yield at_least("signup.full", answers.rate, "sign-ups/s", limit=limit, part=0.38, note=f"{answers.counts}")
    yield exactly("signup.full.seats", post.taken, 50, "seats")
    line = list(SignUp.objects.filter(post=post).waiting().values_list("position", flat=True))
    yield exactly("signup.full.line", line == list(range(1, PEOPLE - 49)), True, note=f"{len(line)} in order")


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
    answers = rush("127.0.0.1", PORT, requests, WIDTH)
    taken = Post.objects.filter(pk__in=[post.pk for post in posts]).aggregate(n=Sum("taken"))["n"]
    yield at_least("signup.spread", answers.rate, "sign-ups/s", limit=limit, part=0.4, note=f"{answers.counts}")
    yield exactly("signup.spread.seats", taken, 5000, "seats")
