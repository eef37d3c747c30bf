"""Odd words in addresses and forms: every door answers as the caller's mistake, never as ours."""

from collections.abc import Iterator, Mapping
from itertools import cycle
from typing import Any

import pytest
import time_machine
from django.core.signals import got_request_exception
from django.db import transaction
from django.http import HttpResponse, QueryDict
from rest_framework.views import APIView

from tests.factories.staffing import NIGHT
from tests.site.test_doors import rows
from tests.site.world import CAST, World, build

ODD = ("\x00", "²", "9" * 20, "2026-02-30", "-1", "0001-01-01", "a" * 9000)
ODD_JSON = ("\x00", 10**30, -1, [], {}, None, "0001-01-01T00:00:00Z")
FIRST = ("lead", "district", "hr", "grid", "point", "admin", "volunteer", "anonymous")  # who tries, if they get in
API = "api/v1/"
EVERYWHERE = {"lang", "size", "theme", "csrfmiddlewaretoken"}  # read by the middleware of all pages
SLOW = ("GET api/v1/schema/", "GET api/docs/")


@pytest.fixture
def world(db) -> Iterator[World]:
    with time_machine.travel(NIGHT, tick=False):
        yield build()


@pytest.fixture
def read(monkeypatch) -> set[str]:
    """The names that a page has looked for in its address or form."""
    found: set[str] = set()

    def noting(name: str) -> None:
        before = getattr(QueryDict, name)

        def noted(self: QueryDict, key: Any, *more: Any) -> Any:
            found.add(key)
            return before(self, key, *more)

        monkeypatch.setattr(QueryDict, name, noted)

    for name in ("__getitem__", "__contains__", "get", "getlist"):
        noting(name)
    return found


@pytest.fixture
def errors(monkeypatch) -> Iterator[list[str]]:
    """What went wrong in views; nobody is too fast here."""
    monkeypatch.setattr(APIView, "check_throttles", lambda *_args: None)
    found: list[str] = []

    def note(**_facts: Any) -> None:
        import sys

        found.append(repr(sys.exc_info()[1]))

    got_request_exception.connect(note)
    yield found
    got_request_exception.disconnect(note)


class Trying:
    """Knocks as somebody who gets in; whatever it does is undone."""

    def __init__(self, world: World, errors: list[str]) -> None:
        self.world, self.errors, self.clients = world, errors, world.clients()
        self.wrong: dict[str, list[str]] = {}

    def doors(self, method: str, *, api: bool) -> Iterator[str]:
        """Those of a method where somebody gets in."""
        for door, answers in rows().items():
            if door.startswith(f"{method} ") and (API in door) is api and door not in SLOW and "." in answers:
                self.who = next(who for who in (*FIRST, *CAST) if answers[CAST.index(who)] == ".")
                yield door

    def knock(self, door: str, said: Any) -> HttpResponse:
        method, _space, route = door.partition(" ")
        api = route.startswith(API)
        client, how = self.clients[self.who][api], {"content_type": "application/json"} if api else {}
        if method == "GET":
            how = {}
        with transaction.atomic():
            answer = getattr(client, method.lower())(self.world.address(door), said, **how)
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            self.wrong.setdefault(door, []).append(f"{str(said)[:80]}: {self.errors[-1:]}")
        return answer

    def body(self, door: str) -> Mapping[str, Any]:
        return self.world.bodies.get(door, {})


@pytest.mark.timeout(600)
def test_an_odd_word_in_an_address_is_never_an_error_of_ours(world, read, errors):
    trying, odd = Trying(world, errors), cycle(ODD)
    for door in trying.doors("GET", api=False):
        for name in names(trying, door, read):
            trying.knock(door, {name: next(odd)})
    for door in trying.doors("GET", api=True):  # a list says of all its filters at once what is wrong with each
        trying.knock(door, {name: next(odd) for name in names(trying, door, read)})
    assert trying.wrong == {}


def names(trying: "Trying", door: str, read: set[str]) -> list[str]:
    """What the page reads of its address."""
    read.clear()
    trying.knock(door, {})
    return sorted(set(map(str, read)) - EVERYWHERE)


@pytest.mark.timeout(600)
def test_an_odd_or_missing_field_of_a_form_is_never_an_error_of_ours(world, read, errors):
    trying, odd = Trying(world, errors), cycle(ODD)
    for door in trying.doors("POST", api=False):
        read.clear()
        trying.knock(door, {})
        trying.knock(door, trying.body(door))
        fields = sorted({*map(str, read), *trying.body(door)} - EVERYWHERE)
        trying.knock(door, dict.fromkeys(fields, "\x00"))
        trying.knock(door, {**trying.body(door), **{name: next(odd) for name in fields}})
    assert trying.wrong == {}


@pytest.mark.timeout(600)
def test_an_odd_or_missing_field_of_a_document_is_never_an_error_of_ours(world, errors):
    trying, odd = Trying(world, errors), cycle(ODD_JSON)
    for method in ("POST", "PUT", "PATCH"):
        for door in trying.doors(method, api=True):
            trying.knock(door, {})
            for name in trying.body(door):
                trying.knock(door, {**trying.body(door), name: next(odd)})
    assert trying.wrong == {}
