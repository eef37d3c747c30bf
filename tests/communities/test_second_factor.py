"""Staff pages ask for a password and a second factor; sessions end when they should (domain.md 4.4)."""

import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client, RequestFactory
from django.utils import timezone

from communities.actions.accounts import account_for
from communities.models import Grant
from communities.web.accounts import sign_in
from tests.factories import communities as make

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.communities.pages"), pytest.mark.usefixtures("texts")]
PASSWORD = "a-long-password"
STAFF_PAGES = ["/desk/", "/p/7/", "/admin/"]


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


@pytest.fixture
def lead():
    return make.grant(area=make.area(), user_=make.user(email="lead@example.org", password=PASSWORD)).user


@pytest.fixture
def secret(lead):
    """The lead has an authenticator app; this is what it holds."""
    secret = generate_totp_secret()
    TOTP.activate(lead, secret)
    return secret


def code_of(secret, at=None):
    with time_machine.travel(at or time.time(), tick=True):
        counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def enter_password(client, **more):
    return client.post("/accounts/login/", {"login": "lead@example.org", "password": PASSWORD} | more)


def where(client, path="/desk/"):
    answer = client.get(path)
    return answer.headers.get("Location", answer.status_code)


def test_password_and_code_of_the_app_open_the_desk(client, lead, secret):
    answer = enter_password(client, next="/desk/")
    assert answer.headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/open/").content == b"None"
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert (answer.headers["Location"], where(client)) == ("/desk/", 200)


def test_a_code_of_the_app_works_once(client, lead, secret):
    code = code_of(secret)
    for browser in (client, other := Client()):
        enter_password(browser)
        browser.post("/accounts/2fa/authenticate/", {"code": code})
    assert (where(client), other.get("/open/").content) == (200, b"None")


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_password_alone_leads_to_setting_up_a_second_factor(client, lead, path):
    enter_password(client)
    assert where(client, path) == f"/accounts/2fa/?next={path.replace('/', '%2F')}"


def test_with_password_alone_the_api_says_no(client, lead):
    enter_password(client)
    answer = client.get("/api/v1/things/")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_needed")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_an_account_that_may_open_the_admin_site_needs_it_without_any_grant(client):
    make.user(email="lead@example.org", password=PASSWORD, is_staff=True)
    enter_password(client)
    assert where(client, "/admin/") == "/accounts/2fa/?next=%2Fadmin%2F"


@pytest.mark.django_db(transaction=True)
def test_setting_up_the_app_opens_the_desk(client, lead):
    enter_password(client)
    assert where(client, "/accounts/2fa/totp/activate/").startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    shown = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(shown)})
    assert answer.headers["Location"] == "/accounts/2fa/recovery-codes/"
    assert where(client) == 200


@pytest.mark.django_db(transaction=True)
def test_a_volunteer_who_becomes_staff_sets_a_password_and_a_second_factor(client, texts):
    person = make.grant(area=make.area()).user
    client.post("/accounts/login/code/", {"login": person.phone})
    client.post("/accounts/login/code/confirm/", {"code": texts.code(person.phone)})
    assert where(client) == "/accounts/password/set/?next=%2Fdesk%2F"
    client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    assert where(client) == "/accounts/2fa/?next=%2Fdesk%2F"
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    shown = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(shown)})
    assert where(client) == 200


def test_a_volunteer_without_a_grant_needs_only_the_code(client):
    browser = make.client(make.user(), proved=False)
    assert (where(browser), where(browser, "/accounts/2fa/")) == (200, 200)


def test_signing_up_to_a_call_with_a_code_does_not_open_the_desk(lead, secret):
    browser = entered_by_code(lead)
    assert browser.get("/open/").content.decode() == str(lead.pk)
    assert where(browser) == "/accounts/2fa/reauthenticate/?next=%2Fdesk%2F"
    browser.post("/accounts/2fa/reauthenticate/", {"code": code_of(secret)})
    assert where(browser) == "/accounts/reauthenticate/?next=%2Fdesk%2F"
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert where(browser) == 200


@pytest.mark.parametrize(
    "path",
    ["2fa/", "2fa/totp/deactivate/", "2fa/recovery-codes/", "password/change/", "email/", "phone/change/", "sessions/"],
)
def test_nor_the_pages_by_which_the_account_could_be_taken_over(lead, secret, path):
    browser = entered_by_code(lead)
    assert where(browser, f"/accounts/{path}").startswith("/accounts/2fa/reauthenticate/")


def entered_by_code(user):
    """A browser in which the user has just signed up to a call, with a code."""
    return make.client(user, proved=False)


def test_after_twelve_hours_without_staff_pages_the_second_factor_is_asked_for_again(lead, secret, settings):
    browser = make.client(lead)
    with time_machine.travel(timezone.now() + timedelta(minutes=settings.STAFF_IDLE_MINUTES - 1)):
        assert where(browser) == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=2 * settings.STAFF_IDLE_MINUTES - 3)):
        assert where(browser) == 200
    browser = make.client(lead)
    with time_machine.travel(timezone.now() + timedelta(minutes=settings.STAFF_IDLE_MINUTES)):
        assert where(browser).startswith("/accounts/2fa/reauthenticate/")


def test_after_a_day_it_is_asked_for_again_however_busy_one_is(lead, secret, settings):
    browser = make.client(lead)
    for hour in range(0, settings.STAFF_HOURS, 6):
        with time_machine.travel(timezone.now() + timedelta(hours=hour)):
            assert where(browser) == 200
    with time_machine.travel(timezone.now() + timedelta(hours=settings.STAFF_HOURS)):
        assert where(browser).startswith("/accounts/2fa/reauthenticate/")


def test_a_session_ends_a_month_after_signing_in_whatever_happens(rf, lead):
    session = signed_in_session(rf, lead)
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        session["anything"] = 1
        assert session.get_expiry_age() <= timedelta(days=10).total_seconds()


def signed_in_session(rf: RequestFactory, user):
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.messages.storage.cookie import CookieStorage

    from communities.sessions import SessionStore

    request = rf.post("/")
    request.session, request.user = SessionStore(), AnonymousUser()
    request._messages = CookieStorage(request)
    sign_in(request, user)
    return request.session


def test_the_session_key_is_new_after_signing_in(client, lead):
    client.get("/accounts/login/")
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    enter_password(client)
    assert client.cookies["sessionid"].value != session.session_key
    assert not session.exists(session.session_key)


def test_an_ended_grant_stops_working_on_the_next_request(lead, secret):
    from communities.access import May, may

    area = lead.grants.get().area
    browser = make.client(lead)
    assert where(browser) == 200
    seen = type(lead).objects.get(pk=lead.pk)
    assert may(seen, May.RUN, area)
    Grant.objects.filter(user=lead).update(ends_at=timezone.now())
    again = type(lead).objects.get(pk=lead.pk)
    assert not may(again, May.RUN, area)


def test_a_grant_given_now_asks_for_the_second_factor_on_the_next_request():
    person = make.user()
    browser = make.client(person, proved=False)
    assert where(browser) == 200
    make.grant(area=make.area(), user_=person)
    assert where(browser) == "/accounts/password/set/?next=%2Fdesk%2F"


def test_a_closed_account_is_out_on_the_next_request(lead):
    browser = make.client(lead)
    type(lead).objects.filter(pk=lead.pk).update(is_active=False)
    assert browser.get("/open/").content == b"None"


def test_an_old_cookie_is_useless_after_signing_out(client, lead):
    enter_password(client)
    old = client.cookies["sessionid"].value
    client.post("/accounts/logout/")
    thief = Client()
    thief.cookies["sessionid"] = old
    assert thief.get("/open/").content == b"None"


def test_signing_out_everywhere_ends_every_other_session(lead, texts, settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    browsers = [Client(headers={"user-agent": f"Browser {number}"}) for number in range(3)]
    for browser in browsers:
        enter_password(browser)
    assert [browser.get("/open/").content.decode() for browser in browsers] == [str(lead.pk)] * 3
    make.prove(browsers[0], lead, "password", "mfa")
    listed = browsers[0].get("/accounts/sessions/").context["sessions"]
    assert [session.user_agent for session in listed] == ["Browser 0", "Browser 1", "Browser 2"]
    browsers[0].post("/accounts/sessions/")
    assert [browser.get("/open/").content.decode() for browser in browsers] == [str(lead.pk), "None", "None"]


def test_a_new_password_ends_the_other_sessions(lead):
    other = make.client(lead)
    lead.set_password("another-long-password")
    lead.save()
    assert other.get("/open/").content == b"None"


def test_the_admin_site_has_no_entrance_of_its_own(client, lead):
    assert where(client, "/admin/login/?next=/admin/") == "/accounts/login/?next=/admin/"
    answer = client.post("/admin/login/", {"username": "lead@example.org", "password": PASSWORD})
    assert (answer.status_code, client.get("/open/").content) == (302, b"None")
    assert make.client(lead).get("/admin/login/").status_code == 403


def test_secrets_of_second_factors_rest_encrypted(lead, secret):
    RecoveryCodes.activate(lead)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code_of(secret))


def test_redis_holds_nothing_of_a_session_that_can_be_read(texts, lead):
    from tests.communities.test_codes import everything_in_redis

    browser = make.client(lead)
    session = browser.session
    session["note"] = "a personal word"
    session.save()
    held = everything_in_redis()
    assert held
    assert [word for word in (session.session_key, "personal", "_auth_user", lead.email) if word.encode() in held] == []


def test_with_redis_away_everybody_is_a_stranger_but_keeps_the_cookie(lead, settings):
    browser = make.client(lead)
    reachable = settings.CACHES
    settings.CACHES = {"default": reachable["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    answer = browser.get("/open/")
    assert (answer.content, "sessionid" in answer.cookies) == (b"None", False)
    settings.CACHES = reachable
    assert browser.get("/open/").content.decode() == str(lead.pk)


def test_one_account_for_one_phone_and_its_name_stays():
    now = timezone.now()
    first = account_for("+8612000007001", "王演示", "zh-hans", now)
    again = account_for("+8612000007001", "Somebody Else", "en", now)
    assert (again.pk, again.name, again.language) == (first.pk, "王演示", "zh-hans")
