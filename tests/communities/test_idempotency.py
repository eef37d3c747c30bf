"""The same POST with the same Idempotency-Key is done once (domain.md 4.5)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.actions import tokens
from communities.actions.answers import forget_answers
from communities.models import IdempotentAnswer, Organisation
from tests.factories import communities as make
from tests.races.threads import rush

pytestmark = [pytest.mark.urls("tests.communities.pages"), pytest.mark.usefixtures("clean_redis")]
THINGS = "/api/v1/things/"


@pytest.fixture
def token(db):
    return token_of(make.user())


def token_of(user):
    return tokens.issue(user, "test", ["read", "organisations:write"], 1, now=timezone.now())[1]


def post(token, key=None, path=THINGS, **body):
    headers = {"authorization": f"Bearer {token}"} | ({"idempotency-key": key} if key else {})
    client = Client(headers=headers, raise_request_exception=False)
    return client.post(path, {"name": "示范", **body}, content_type="application/json")


def names():
    return Organisation.objects.count()


def test_a_repeat_gets_the_first_answer_and_does_nothing(token):
    key = str(uuid4())
    first, again = post(token, key), post(token, key)
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert (first.headers.get("Idempotent-Replay"), again.headers["Idempotent-Replay"]) == (None, "true")
    assert names() == 1


def test_without_a_key_it_is_done_twice(token):
    assert post(token).json() != post(token).json()
    assert names() == 2


def test_the_same_key_with_another_body_is_refused(token):
    post(token, "k")
    answer = post(token, "k", name="别的")
    assert (answer.status_code, answer.json()["code"], names()) == (422, "idempotency_key_reused", 1)


def test_the_same_key_at_another_address_is_refused(token):
    post(token, "k")
    assert post(token, "k", path=THINGS + "?x=1").status_code == 422


def test_keys_of_two_people_have_nothing_to_do_with_each_other(token):
    assert [post(token, "k").status_code, post(token_of(make.user()), "k").status_code] == [201, 201]
    assert names() == 2


def test_a_refusal_is_remembered_and_has_no_effect(token):
    first, again = post(token, "k", fail="refused"), post(token, "k", fail="refused")
    assert (first.status_code, again.status_code) == (409, 409)
    assert again.headers["Content-Type"] == "application/problem+json"
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replay"] == "true"


@pytest.mark.parametrize(("kind", "status"), [("busy", 503), ("too-many", 429), ("unknown", 500), ("lock", 503)])
@pytest.mark.django_db(transaction=True)
def test_what_may_go_well_the_next_time_is_not_remembered(token, kind, status):
    first, again = post(token, "k", fail=kind), post(token, "k", fail=kind)
    assert (first.status_code, again.status_code, again.headers.get("Idempotent-Replay")) == (status, status, None)
    assert (names(), IdempotentAnswer.objects.count()) == (0, 0)


@pytest.mark.parametrize("key", ["", "x" * 81])
def test_a_key_has_up_to_eighty_characters(token, key):
    client = Client(headers={"authorization": f"Bearer {token}", "idempotency-key": key})
    answer = client.post(THINGS, {"name": "示范"}, content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"]), names()) == (400, ["Idempotency-Key"], 0)


def test_no_entrance_no_memory(db):
    answer = Client(headers={"idempotency-key": "k"}).post(THINGS, {}, content_type="application/json")
    assert (answer.status_code, IdempotentAnswer.objects.count()) == (401, 0)


@pytest.mark.django_db(transaction=True)
def test_repeats_while_the_first_is_still_running_wait_for_its_answer(token):
    answers = rush(lambda _try: post(token, "k", seconds=0.4), range(4), width=4)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sorted(answer.headers.get("Idempotent-Replay", "") for answer in answers) == ["", "true", "true", "true"]
    assert names() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_key_each_of_them_does_it(token):
    rush(lambda _try: post(token, seconds=0.1), range(4), width=4)
    assert names() == 4


@pytest.mark.django_db(transaction=True)
def test_a_repeat_does_the_work_itself_if_the_first_fails_after_all(token):
    work = [lambda: post(token, "k", seconds=0.3, fail="busy"), lambda: post(token, "k", seconds=0.3, fail="busy")]
    assert [answer.status_code for answer in rush(lambda job: job(), work)] == [503, 503]
    assert post(token, "k").status_code == 201


def test_without_the_header_it_costs_nothing(token):
    post(token)
    with CaptureQueriesContext(connection) as queries:
        assert post(token).status_code == 201
    assert [query["sql"] for query in queries if "idempotent" in query["sql"] or "SAVEPOINT" in query["sql"]] == []


def test_old_answers_are_forgotten(token):
    post(token, "old")
    IdempotentAnswer.objects.update(created_at=timezone.now() - timedelta(days=8))
    post(token, "new")
    assert forget_answers(timezone.now()) == 1
    assert list(IdempotentAnswer.objects.values_list("key", flat=True)) == ["new"]
