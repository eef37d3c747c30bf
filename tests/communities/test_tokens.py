"""Bearer tokens open what their scopes name, for as long as they last (issue_token)."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone

from communities.actions import tokens
from communities.errors import Invalid, Refused
from communities.models import ApiToken, Organisation
from communities.states import SCOPES
from tests.factories import communities as make

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.communities.pages"),
    pytest.mark.usefixtures("clean_redis"),
]
THINGS = "/api/v1/things/"


def bearer(*scopes, user=None, days=1):
    _row, token = tokens.issue(user or make.user(), "test", scopes, days, now=timezone.now())
    return {"headers": {"authorization": f"Bearer {token}"}}


def read(token):
    return Client().get(THINGS, **token).status_code


def write(token, path=THINGS):
    return Client().post(path, {"name": "示范"}, content_type="application/json", **token).status_code


@pytest.mark.parametrize(
    ("scopes", "may_read", "may_write"),
    [
        (["read"], 200, 403),
        (["organisations:read"], 200, 403),
        (["organisations:write"], 403, 201),
        (["read", "organisations:write"], 200, 201),
        (["sign-ups:write", "messages:read"], 403, 403),
    ],
)
def test_a_token_does_what_its_scopes_name(scopes, may_read, may_write):
    token = bearer(*scopes)
    assert (read(token), write(token)) == (may_read, may_write)


def test_what_a_token_may_not_do_is_said_as_a_problem():
    answer = Client().post(THINGS, {}, content_type="application/json", **bearer("read"))
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert Organisation.objects.count() == 0


def test_a_page_that_names_no_scope_is_closed_to_tokens():
    assert Client().get("/api/v1/unscoped/", **bearer(*SCOPES)).status_code == 403


def test_a_token_ends_by_date():
    token = bearer("read", days=2)
    with time_machine.travel(timezone.now() + timedelta(days=2, seconds=-5)):
        assert read(token) == 200
    with time_machine.travel(timezone.now() + timedelta(days=2, seconds=5)):
        assert read(token) == 401


def test_a_revoked_token_opens_nothing_from_the_next_request_on():
    token = bearer("read")
    assert read(token) == 200
    tokens.revoke(ApiToken.objects.get().pk, now=timezone.now())
    answer = Client().get(THINGS, **token)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="redvest"')


def test_a_token_of_a_closed_account_opens_nothing():
    person = make.user()
    token = bearer("read", user=person)
    type(person).objects.update(is_active=False)
    assert read(token) == 401


@pytest.mark.parametrize("header", ["Bearer rv_nothing", "Bearer", "Bearer \x00", "bearer  rv_x y", "Bearer ÿ"])
def test_what_is_no_token_is_401(header):
    assert Client().get(THINGS, headers={"authorization": header}).status_code == 401


def test_a_token_costs_one_query_which_notes_its_use_once_a_minute():
    token, now = bearer("read"), timezone.now()
    assert used(token, now) == now
    assert used(token, now + timedelta(seconds=59)) == now
    assert used(token, now + timedelta(seconds=61)) == now + timedelta(seconds=61)


def used(token, now):
    """When the token was last used, after a read that asks for the token itself and the count that the page shows."""
    with time_machine.travel(now, tick=False), CaptureQueriesContext(connection) as found:
        assert read(token) == 200
    assert len(found) == 2
    return ApiToken.objects.get().last_used_at


def test_a_token_needs_no_csrf_but_a_session_does():
    lead = make.user()
    browser = make.client(lead, enforce_csrf_checks=True)
    answer = browser.post(THINGS, {"name": "示范"}, content_type="application/json")
    assert (answer.status_code, Organisation.objects.count()) == (403, 0)
    token = bearer("organisations:write")
    answer = Client(enforce_csrf_checks=True).post(THINGS, {"name": "示范"}, content_type="application/json", **token)
    assert answer.status_code == 201


@pytest.mark.parametrize(("language", "said"), [("en", "Load it again"), ("zh-hans", "重新打开")])
def test_a_page_that_is_too_old_is_not_told_that_this_is_not_theirs_to_do(language, said):
    browser = make.client(make.user(language=language), enforce_csrf_checks=True)
    answer = browser.post(THINGS, {"name": "示范"}, content_type="application/json")
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["type"]) == (403, "csrf_failed", "/api/problems/csrf_failed/")
    assert said in problem["detail"]


def test_a_token_does_not_open_pages():
    person = make.user()
    answer = Client().get("/open/", **bearer(*SCOPES, user=person))
    assert answer.content == b"None"


def test_the_command_prints_the_token_once_and_keeps_its_hash(settings):
    settings.DEMO = True
    person = make.user()
    out = StringIO()
    call_command("issue_token", person.phone, "--scope", "read", "--scope", "sign-ups:write", "--days", "3", stdout=out)
    token = out.getvalue().strip()
    row = ApiToken.objects.get()
    assert (row.user, row.scopes) == (person, ["read", "sign-ups:write"])
    assert token.startswith("rv_")
    assert token not in str(ApiToken.objects.values_list())
    assert read({"headers": {"authorization": f"Bearer {token}"}}) == 200


@pytest.mark.parametrize("account", ["nobody@example.org", "+8612999999998", "999999"])
def test_the_command_issues_nothing_for_an_account_that_is_not_there(account):
    with pytest.raises(CommandError, match="no active account"):
        call_command("issue_token", account, "--scope", "read", "--days", "3")


def test_scopes_and_days_are_checked():
    person = make.user()
    for scopes, days, error in [
        (["everything"], 3, Refused),
        ([], 3, Invalid),
        (["read"], 0, Invalid),
        (["read"], 999, Invalid),
    ]:
        with pytest.raises(error):
            tokens.issue(person, "test", scopes, days, now=timezone.now())
    assert ApiToken.objects.count() == 0


def test_whatever_the_api_asks_for_can_be_issued():
    doors = [
        callback.cls(action=action)
        for callback in callbacks(get_resolver("config.urls"))
        for action in callback.actions.values()
    ]
    asked = {door.scope for door in doors}
    assert {f"{scope}:write" for scope in asked} <= SCOPES
    assert "sign-ups" in asked


def callbacks(resolver):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from callbacks(pattern)
        elif hasattr(getattr(pattern.callback, "cls", None), "scope"):
            yield pattern.callback
