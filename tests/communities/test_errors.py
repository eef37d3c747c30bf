"""What the domain says no to comes out as a page or as JSON, with the right status, and nothing of our insides."""

import re

import pytest
from django.test import Client

from tests.factories import communities as make

pytestmark = [pytest.mark.urls("tests.communities.pages"), pytest.mark.usefixtures("clean_redis")]
STATUS = {
    "invalid": 400,
    "refused": 409,
    "gone": 410,
    "forbidden": 403,
    "busy": 503,
    "too-many": 429,
    "lock": 503,
    "redis": 503,
    "unknown": 500,
}


def get(kind, **headers):
    return Client(raise_request_exception=False, headers=headers).get(f"/fail/{kind}/?lang=en")


@pytest.mark.parametrize(("kind", "status"), STATUS.items())
def test_an_error_has_its_status_and_a_page_without_insides(kind, status):
    answer = get(kind)
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert [word for word in ("Traceback", "a secret of the house", ".py") if word in page] == []


def test_every_reason_is_on_the_page():
    assert get("refused").context["reasons"] == ["Somebody else has to approve this.", "Other records still use this."]
    assert get("invalid").context["reasons"] == ["Write a name."]


@pytest.mark.parametrize(("kind", "seconds"), [("too-many", "90"), ("busy", "2"), ("lock", "2"), ("redis", "2")])
def test_what_passes_says_when_to_come_back(kind, seconds):
    assert get(kind).headers["Retry-After"] == seconds


def test_who_asks_for_json_alone_gets_a_problem():
    answer = get("refused", accept="application/json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (409, "application/problem+json")
    assert answer.json() == {
        "type": "/api/problems/same_person/",
        "title": "This is not possible now",
        "status": 409,
        "code": "same_person",
        "detail": "Somebody else has to approve this.",
        "reasons": [
            {"code": "same_person", "detail": "Somebody else has to approve this."},
            {"code": "in_use", "detail": "Other records still use this."},
        ],
    }


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
UNSAFE = re.compile(r"[\w-]+ 'self' 'unsafe-[a-z]+'|[\w-]+ 'unsafe-[a-z]+'")
ADMIN_ONLY = ["script-src 'self' 'unsafe-eval'", "style-src-attr 'unsafe-inline'"]  # what its scripts need
PLACES = ["/open/", "/accounts/login/", "/accounts/login/code/", "/nowhere/", "/api/v1/things/", "/admin/"] + [
    f"/fail/{kind}/" for kind in STATUS
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PLACES)
def test_every_kind_of_answer_carries_the_headers(path):
    answer = Client(raise_request_exception=False).get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert UNSAFE.findall(policy) == (ADMIN_ONLY if path == "/admin/" else [])
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.django_db
@pytest.mark.parametrize("path", PLACES)
def test_no_cache_keeps_what_a_signed_in_person_sees(path):
    lead = make.grant(area=make.area()).user
    browser = make.client(lead, raise_request_exception=False)
    assert "no-store" in browser.get(path).headers["Cache-Control"]


@pytest.mark.django_db
def test_no_cache_keeps_the_answer_that_signs_somebody_in(client):
    make.user(email="lead@example.org", password="a-long-password")
    answer = client.post("/accounts/login/", {"login": "lead@example.org", "password": "a-long-password"})
    assert "sessionid" in answer.cookies
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_stranger_may_keep_a_public_page():
    assert "Cache-Control" not in Client().get("/open/").headers


@pytest.mark.django_db
def test_the_session_cookie_is_for_the_server_alone(client):
    make.user(email="lead@example.org", password="a-long-password")
    client.post("/accounts/login/", {"login": "lead@example.org", "password": "a-long-password"})
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused():
    browser = make.client(make.user(), enforce_csrf_checks=True)
    assert browser.post("/rename/x/", {"area": 1, "name": "x"}).status_code == 403
