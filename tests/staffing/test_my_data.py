"""My data: the copy of everything, consent by purpose, and being forgotten, as pages and over REST."""

import csv
import json
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db.models import ForeignKey
from django.urls import reverse
from django.utils import timezone

from communities.models import User
from staffing.actions import signups
from staffing.models import SignUp
from staffing.queries.exports import LEFT_OUT, PARTS, columns_of, export_of
from staffing.rules.retention import OF_A_PERSON
from tests.doors import Api
from tests.factories import communities as places
from tests.factories import staffing as make
from volunteers.actions.people import Profile, enrol
from volunteers.models import Consent, ServiceRecord, Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def person() -> Volunteer:
    home = places.compound()
    user = places.user("王演示0042", "+8612009000042", email="=cmd@example.org")
    return enrol(user, home.community_id, Profile(residence=home.pk, is_adult=True), now=timezone.now())


@pytest.fixture
def browser(person):
    return places.client(person.user, proved=False)


def coming(person: Volunteer) -> SignUp:
    start = timezone.now() + timedelta(days=2)
    area = person.enrolments.get().community
    call = make.call(area, starts_at=start, ends_at=start + make.BLOCK)
    post = make.post(make.shift(places.site(area), call, start=start))
    return signups.sign_up(post.pk, person.pk, now=timezone.now())


# -- the copy ----------------------------------------------------------------------------------------------------------


def test_the_copy_holds_everything_as_json_and_as_tables(browser, person):
    seat = coming(person)
    answer = browser.get(reverse("my_copy"))
    archive = ZipFile(BytesIO(answer.content))
    whole = json.loads(archive.read("data.json"))
    assert answer["Content-Type"] == "application/zip"
    assert (whole["account"][0]["name"], whole["account"][0]["phone"]) == ("王演示0042", "+8612009000042")
    assert whole["sign_ups"][0]["status"] == seat.status
    assert [row["purpose"] for row in whole["consents"]] == ["service"]
    assert set(archive.namelist()) == {
        "data.json",
        *(f"{name}.csv" for name in whole if isinstance(whole[name], list) and whole[name]),
    }


def test_a_spreadsheet_runs_nothing_of_it(browser, person):
    archive = ZipFile(BytesIO(browser.get(reverse("my_copy")).content))
    text = archive.read("account.csv").decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(text))
    assert row["email"] == "'=cmd@example.org"


def test_page_and_api_give_the_same(browser, person):
    whole = json.loads(ZipFile(BytesIO(browser.get(reverse("my_copy")).content)).read("data.json"))
    told = Api(person.user).get("me/data/").json()
    same = told.keys() - {"made_at", "tokens", "devices"}
    assert {name: told[name] for name in same} == {name: whole[name] for name in same}
    assert told.keys() == whole.keys()


def test_nothing_of_others_is_in_it(person):
    other = enrol(places.user("李演示0077"), places.area().pk, Profile(is_adult=True), now=timezone.now())
    coming(other)
    assert "李演示0077" not in json.dumps(export_of(person.user, timezone.now()), ensure_ascii=False)


def test_it_costs_the_same_for_one_seat_and_for_thirty(person, queries_of):
    few = queries_of(lambda: export_of(person.user, timezone.now()))
    for number in range(30):
        ServiceRecord.objects.create(
            volunteer=person,
            sign_up=number,
            community=person.enrolments.get().community,
            kind="volunteer",
            what="x",
            where="y",
            started_at=timezone.now(),
            ended_at=timezone.now(),
            minutes=1,
        )
    assert queries_of(lambda: export_of(person.user, timezone.now())) == few == len(PARTS)


def test_whatever_belongs_to_a_person_is_in_the_copy_or_left_out_for_a_reason():
    shown = {part.table for part in PARTS}
    assert {rule.table for rule in OF_A_PERSON} - shown <= LEFT_OUT.keys()
    assert shown.isdisjoint(LEFT_OUT)
    own = {
        model._meta.label
        for model in apps.get_models()
        if not model._meta.proxy
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is Volunteer and "Event" not in model.__name__
    }
    assert own - shown - LEFT_OUT.keys() == set()


def test_the_guide_describes_every_part_and_column():
    guide = Path("docs/api.md").read_text().partition("\n## My data\n")[2].partition("\n## ")[0]
    for part in PARTS:
        line = next((line for line in guide.splitlines() if line.startswith(f"| `{part.name}` ")), "")
        assert all(f"`{column}`" in line for column in columns_of(part)), part.name


def test_the_copy_is_had_ten_times_an_hour(browser):
    codes = [browser.get(reverse("my_copy")).status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]


# -- consent -----------------------------------------------------------------------------------------------------------


def test_each_purpose_is_given_and_taken_back_on_the_page(browser, person):
    assert browser.post(reverse("my_consent", args=["staying", "give"])).status_code == 302
    assert Consent.objects.get(purpose="staying").withdrawn_at is None
    page = browser.get(reverse("my_data"))
    assert (page.status_code, page.content.decode().count("/withdraw/")) == (200, 2)
    browser.post(reverse("my_consent", args=["staying", "withdraw"]))
    assert Consent.objects.get(purpose="staying").withdrawn_at


def test_taking_back_consent_to_being_scheduled_asks_first(browser, person):
    seat = coming(person)
    answer = browser.post(reverse("my_consent", args=["service", "withdraw"]))
    assert answer["Location"] == reverse("leave")
    seat.refresh_from_db()
    assert seat.status != "cancelled"


def test_there_is_no_other_purpose(browser):
    assert browser.post(reverse("my_consent", args=["marketing", "give"])).status_code == 404
    assert browser.post(reverse("my_consent", args=["emergency_contact", "give"])).status_code == 404


def test_over_the_api_purpose_by_purpose(person):
    api = Api(person.user)
    given = api.post("me/consents/give/", {"purpose": "staying"})
    assert [(row["purpose"], row["channel"]) for row in given.json()] == [("service", "web"), ("staying", "api")]
    assert api.post("me/consents/give/", {"purpose": "staying"}).json() == given.json()
    left = api.post("me/consents/withdraw/", {"purpose": "staying"}).json()
    assert [row["purpose"] for row in left if not row["withdrawn_at"]] == ["service"]
    assert api.post("me/consents/give/", {"purpose": "all"}).status_code == 400


# -- being forgotten ---------------------------------------------------------------------------------------------------


def test_without_the_tick_nothing_happens(browser, person):
    page = browser.post(reverse("forget_me"))
    assert page.status_code == 400
    assert User.objects.get(pk=person.user_id).name == "王演示0042"


def test_once_ticked_the_person_is_gone_and_signed_out(browser, person):
    seat = coming(person)
    assert "1" in browser.get(reverse("forget_me")).content.decode()
    page = browser.post(reverse("forget_me"), {"sure": "on"})
    assert page.status_code == 200
    assert User.objects.get(pk=person.user_id).name == ""
    seat.refresh_from_db()
    assert seat.status == "cancelled"
    assert browser.get(reverse("my_data")).status_code == 302


def test_who_holds_a_role_reads_what_has_to_end_first(person):
    places.grant("grid_member", places.area(), person.user)
    browser = places.client(person.user)
    page = browser.post(reverse("forget_me"), {"sure": "on"})
    assert page.status_code == 409
    assert Api(person.user).post("me/forget/", {"sure": True}).json()["code"] == "holds_a_role"
    assert User.objects.get(pk=person.user_id).name == "王演示0042"


def test_over_the_api_too_and_only_with_the_word(person):
    api = Api(person.user)
    assert api.post("me/forget/", {"sure": False}).status_code == 400
    assert api.post("me/forget/", {"sure": True}).status_code == 200
    assert User.objects.get(pk=person.user_id).is_active is False
