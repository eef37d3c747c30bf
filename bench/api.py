"""The list that other programs read: 100 shifts with their posts."""

import json
import statistics
from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import world
from bench.figures import Figure, at_most
from bench.rush import Request, WrongAnswersError, get, rush
from bench.system import PORT, System

SHIFTS, EACH = 100, 6
PATH = f"/api/v1/shifts/?include=posts&page_size={SHIFTS}"
ROUNDS, ASKED, WIDTH = 3, 200, 8


def run(system: System) -> Iterator[Figure]:
    where = world.place()
    world.posts(where, world.call(where), shifts=2 * SHIFTS, seats=6, each=EACH)
    (token,) = world.tokens([world.lead(where)], ["read"])
    headers = {"Authorization": f"Bearer {token}"}
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    with system.serving():
        check(json.loads(get(PORT, PATH, headers).body))
        rate = statistics.median(rate_of(headers) for _round in range(ROUNDS))
    yield Figure("api.shifts", rate, "lists/s", bar=">= 100", ok=rate >= 100).tell()
    yield at_most("api.shifts.queries", queries(token), "queries", bar=6)


def check(answer: dict[str, list[dict[str, list[object]]]]) -> None:
    if [len(shift["posts"]) for shift in answer["results"]] != [EACH] * SHIFTS:
        raise WrongAnswersError(f"not {SHIFTS} shifts with {EACH} posts each")


def rate_of(headers: dict[str, str]) -> float:
    requests = [Request("GET", PATH, headers)] * ASKED
    return rush("127.0.0.1", PORT, requests, WIDTH).all_are({200: ASKED}).rate


def queries(token: str) -> int:
    client = Client(HTTP_HOST="127.0.0.1", headers={"Authorization": f"Bearer {token}"})
    assert client.get(PATH).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert client.get(PATH).status_code == 200
    return len(asked)
