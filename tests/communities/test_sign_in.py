"""Signing in with a code, and that nothing tells whether an address is known (domain.md 4.4)."""

import re
import statistics
import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import limits
from communities.models import User
from tests.factories import communities as make

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.communities.pages"), pytest.mark.usefixtures("texts")]
ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
UNKNOWN = "+8612999999999"


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


def ask(client, address, **more):
    return client.post(ASK, {"login": address}, **more)


def sign_in(client, texts, phone, **more):
    ask(client, phone)
    return client.post(CONFIRM + more.pop("query", ""), {"code": texts.code(phone)})


def whoami(client):
    return client.get("/open/").content.decode()


def test_a_volunteer_signs_in_with_phone_and_code(client, texts):
    person = make.user()
    answer = sign_in(client, texts, person.phone)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert whoami(client) == str(person.pk)


def test_and_comes_back_to_the_page_that_asked(client, texts):
    person = make.user()
    ask_page = client.post(ASK, {"login": person.phone, "next": "/open/"})
    assert ask_page.headers["Location"] == f"{CONFIRM}?next=%2Fopen%2F"
    answer = client.post(ask_page.headers["Location"], {"code": texts.code(person.phone)})
    assert answer.headers["Location"] == "/open/"


def test_but_never_goes_to_another_site(client, texts):
    answer = sign_in(client, texts, make.user().phone, query="?next=https://evil.example.org/")
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    "spelling", ["+86 120 0000 4321", "12000004321 ", "１２０００００４３２１", "0086-120-0000-4321"]
)
def test_a_phone_may_be_spelt_in_any_way(client, texts, spelling):
    person = make.user(phone="+8612000004321")
    ask(client, spelling)
    client.post(CONFIRM, {"code": f" {texts.code(person.phone)[:3]} {texts.code(person.phone)[3:]} "})
    assert whoami(client) == str(person.pk)


def test_a_volunteer_signs_in_with_a_mailbox(client, mailoutbox):
    person = make.user(email="demo@example.org")
    ask(client, "Demo@Example.org")
    code = re.search(r"\d{6}", mailoutbox[0].body)[0]
    client.post(CONFIRM, {"code": code})
    assert whoami(client) == str(person.pk)


def test_the_code_confirms_the_phone_that_staff_had_entered(client, texts):
    person = User.objects.create_user(phone="+8612000004322", name="王演示")
    sign_in(client, texts, person.phone)
    person.refresh_from_db()
    assert person.phone_verified is True


def test_what_is_no_phone_is_said_at_the_field(client, texts):
    answer = ask(client, "12345")
    assert (answer.status_code, list(answer.context["form"].errors), texts.sent) == (200, ["login"], [])


def test_a_wrong_code_is_said_at_the_field_and_the_right_one_still_works(client, texts):
    person = make.user()
    ask(client, person.phone)
    answer = client.post(CONFIRM, {"code": "12"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["code"])
    client.post(CONFIRM, {"code": texts.code(person.phone)})
    assert whoami(client) == str(person.pk)


def test_five_guesses_end_the_code(client, texts):
    person = make.user()
    ask(client, person.phone)
    for _guess in range(5):
        client.post(CONFIRM, {"code": "1"})
    client.post(CONFIRM, {"code": texts.code(person.phone)})
    assert whoami(client) == "None"


def test_a_used_code_does_not_sign_in_a_second_browser(client, texts):
    person = make.user()
    other = Client()
    sign_in(client, texts, person.phone)
    session = other.session
    session["code_sent_to"] = person.phone
    session.save()
    other.post(CONFIRM, {"code": texts.code(person.phone)})
    assert (whoami(client), whoami(other)) == (str(person.pk), "None")


def test_asking_again_at_once_is_refused_with_the_time_to_wait(client):
    person = make.user()
    ask(client, person.phone)
    answer = ask(client, person.phone)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 45


def test_who_gets_no_code_asks_for_another_one_after_the_wait(client, texts):
    person = make.user()
    ask(client, person.phone)
    old = texts.code(person.phone)
    page = client.get(CONFIRM).content.decode()
    assert 40 <= int(re.search(r'data-wait="(\d+)"', page)[1]) <= 45
    assert client.post(CONFIRM, {"do": "code"}).headers["Location"] == CONFIRM
    assert len(texts.to(person.phone)) == 1
    limits.client().delete(limits.name("code-soon", person.phone))
    client.post(CONFIRM, {"do": "code"})
    assert len(texts.to(person.phone)) == 2
    if old != texts.code(person.phone):
        assert client.post(CONFIRM, {"code": old}).status_code == 200
    client.post(CONFIRM, {"code": texts.code(person.phone)})
    assert whoami(client) == str(person.pk)


def test_a_closed_account_does_not_open(client, texts):
    person = make.user(is_active=False)
    answer = sign_in(client, texts, person.phone)
    assert (answer.headers["Location"], whoami(client)) == ("/accounts/inactive/", "None")


def test_an_unknown_number_gets_a_code_and_no_account(client, texts):
    before = User.objects.count()
    answer = sign_in(client, texts, UNKNOWN)
    assert (answer.status_code, answer.headers["Location"], whoami(client)) == (302, "/", "None")
    assert User.objects.count() == before


def seen(client, texts, address):
    """What somebody sees, and what it costs, who asks for a code for the address and guesses."""
    sent = len(texts.sent)
    with CaptureQueriesContext(connection) as queries:
        answers = [ask(client, address), client.get(CONFIRM), client.post(CONFIRM, {"code": "1"})]
    faces = [
        (answer.status_code, answer.headers.get("Location"), bare(answer.content.decode(), address))
        for answer in answers
    ]
    return faces, len(queries), len(texts.sent) - sent


def bare(page, address):
    """The page without what differs for every request: the address itself, nonces and tokens."""
    page = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page)
    local = address.removeprefix("+86")
    for spelling in (address, local, f"{local[:3]} {local[3:7]} {local[7:]}"):
        page = page.replace(spelling, "")
    return page


def test_a_known_and_an_unknown_number_look_and_cost_the_same(texts):
    known = make.user().phone
    assert seen(Client(), texts, known) == seen(Client(), texts, UNKNOWN)


def test_a_known_and_an_unknown_mailbox_look_the_same(texts, mailoutbox):
    make.user(email="known@example.org")
    assert seen(Client(), texts, "known@example.org") == seen(Client(), texts, "nobody@example.org")
    assert [letter.to for letter in mailoutbox] == [["known@example.org"], ["nobody@example.org"]]


def test_a_known_and_an_unknown_number_take_the_same_time():
    """The work is the same by construction, see the test before; this would find a slow branch that it cannot see."""
    times = {True: [], False: []}
    for number in range(24):
        known = number % 2 == 0
        phone = make.user().phone if known else f"+8612999{number:06}"
        start = time.perf_counter()
        ask(Client(), phone)
        times[known].append(time.perf_counter() - start)
    ratio = statistics.median(times[True]) / statistics.median(times[False])
    assert 0.5 < ratio < 2


def password_tries(client, login, times=1):
    return [client.post("/accounts/login/", {"login": login, "password": "not-the-one"}) for _try in range(times)][-1]


def test_a_wrong_password_and_an_unknown_login_look_the_same(client):
    make.user(email="lead@example.org", password="a-long-password")
    known, unknown = password_tries(client, "lead@example.org"), password_tries(client, "none@example.org")
    faces = [(a.status_code, a.context["form"].errors.as_json()) for a in (known, unknown)]
    assert faces[0] == faces[1]


def test_passwords_cannot_be_guessed_on(client):
    make.user(email="lead@example.org", password="a-long-password")
    assert password_tries(client, "lead@example.org", 5).status_code == 200
    answer = password_tries(client, "lead@example.org")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "300")


def test_guessing_at_one_phone_does_not_lock_others(client):
    make.user(phone="+8612000005551", password="a-long-password")
    other = make.user(phone="+8612000005552", password="a-long-password")
    password_tries(client, "+8612000005551", 5)
    client.post("/accounts/login/", {"login": "120 0000 5552", "password": "a-long-password"})
    assert whoami(client) == str(other.pk)


def test_there_is_no_other_way_to_make_an_account(client):
    answer = client.post("/accounts/signup/", {"email": "x@example.org", "phone": UNKNOWN, "password1": "a-long-one-1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, ASK)
    assert User.objects.count() == 0


def test_without_redis_nobody_signs_in_and_no_code_leaves(client, texts, no_redis):
    answer = ask(client, make.user().phone)
    assert (answer.status_code, "Retry-After" in answer.headers, texts.sent) == (503, True, [])
