"""Who changed what, from where, in words (history of every change)."""

from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from celery import shared_task
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from psycopg.types.range import Range

from communities import history
from communities.actions import tokens
from communities.history import Change
from communities.models import Area, Organisation, User
from communities.states import RoleName
from tests.factories import communities as make

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.communities.pages"),
    pytest.mark.usefixtures("clean_redis"),
]
SECRET_IN_ADDRESS = "one-tap-token-in-the-address"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def rename(browser, area, name):
    browser.post(f"/rename/{SECRET_IN_ADDRESS}/?lang=en", {"area": area.pk, "name": name})


def test_a_change_in_a_page_tells_who_and_from_where():
    lead, area = make.user(), make.area(name="旧名")
    rename(make.client(lead), area, "新名")
    newest, oldest = history.log(area)
    assert (newest.who, newest.route, newest.method, newest.created) == (lead, "rename", "POST", False)
    assert newest.changes == (Change("name", "旧名", "新名"),)
    assert (oldest.created, oldest.who, oldest.changes) == (True, None, ())
    assert newest.at > oldest.at


def test_the_same_address_is_recognised_and_cannot_be_read():
    area = make.area()
    for address in ("203.0.113.7", "203.0.113.7", "203.0.113.8"):
        browser = make.client(make.user(), REMOTE_ADDR=address)
        rename(browser, area, f"名{timezone.now().timestamp()}")
    third, second, first = [entry.origin for entry in history.log(area)][:3]
    assert (first == second, second == third, len(first)) == (True, False, 8)


def test_what_is_told_holds_no_address_with_its_tokens():
    area = make.area()
    rename(make.client(make.user()), area, "新名")
    told = area.events.last().pgh_context.metadata
    assert sorted(told) == ["method", "origin", "route", "user"]
    assert SECRET_IN_ADDRESS not in str(told)
    assert "127.0.0.1" not in str(told)


def test_a_change_by_token_tells_who():
    person = make.user()
    _row, token = tokens.issue(person, "test", ["organisations:write"], 1, now=timezone.now())
    Client(headers={"authorization": f"Bearer {token}"}).post(
        "/api/v1/things/", {"name": "示范"}, content_type="application/json"
    )
    (made,) = [entry for entry in history.log(Organisation.objects.get()) if entry.created]
    assert (made.who, made.method) == (person, "POST")


def test_a_task_tells_its_name():
    with history.told_by("nightly"):
        area = make.area()
    assert [entry.route for entry in history.log(area)] == ["nightly"]


@shared_task(name="rename_nightly")
def rename_nightly(pk: int) -> None:
    Area.objects.filter(pk=pk).update(name="夜里的名字")


def test_whatever_a_task_changes_stands_under_its_name():
    area = make.area()
    rename_nightly(area.pk)
    assert [entry.route for entry in history.log(area)] == ["rename_nightly", ""]


def test_a_change_past_all_doors_is_kept_too():
    area = make.area(name="旧名")
    Area.objects.filter(pk=area.pk).update(name="新名")
    newest = history.log(area)[0]
    assert (newest.who, newest.changes) == (None, (Change("name", "旧名", "新名"),))


def test_changes_are_told_in_words():
    community = make.area(name="示范社区")
    grant = make.grant(RoleName.GRID_MEMBER, community)
    grant.role = RoleName.COMMUNITY_LEAD
    grant.area = make.area(name="另一社区")
    grant.save()
    assert history.log(grant)[0].changes == (
        Change("role", "grid member", "community lead"),
        Change("area", "示范社区", "另一社区"),
    )


def test_instants_and_spans_are_told_by_the_clock_of_the_place():
    late = datetime(2026, 11, 30, 20, 19, 30, 114158, tzinfo=UTC)
    grant = make.grant(RoleName.GRID_MEMBER, make.area())
    grant.ends_at = late
    grant.save()
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        assert history.log(grant)[0].changes == (Change("until", "–", "1 Dec 2026, 04:19"),)
        assert history.written(Range(late, None)) == "1 Dec 2026, 04:19 – –"
    assert history.written([date(2026, 12, 1), "wide"]) == "1 Dec 2026, wide"


def test_personal_values_are_masked():
    person = make.user(phone="+8612000004444")
    person.phone, person.email, person.urgent_calls = "+8612000005555", "new@example.org", True
    person.save()
    changes = {change.field: (change.old, change.new) for change in history.log(person)[0].changes}
    assert changes == {
        "phone hash": ("***", "***"),
        "e-mail": ("–", "***"),
        "may be called at night for urgent calls": ("no", "yes"),
    }


def test_a_password_is_never_in_the_history():
    person = make.user()
    person.set_password("a-long-password")
    person.save()
    assert [entry.changes for entry in history.log(person)] == [()]
    assert "password" not in {field.name for field in User.events.rel.related_model._meta.fields}


def test_a_long_history_costs_as_many_queries_as_a_short_one(django_assert_num_queries):
    lead, area = make.user(), make.area()
    browser = make.client(lead)
    for number in range(8):
        rename(browser, area, f"名{number}")
    with django_assert_num_queries(2):  # the events, the people
        assert len(history.log(area)) == 9


def test_reading_writes_no_history(django_assert_num_queries):
    browser = make.client(make.user())
    with django_assert_num_queries(1):  # the account
        browser.get("/open/")


def tellings(found):
    return sum("set_config" in query["sql"] for query in found.captured_queries)


def test_the_database_is_told_who_acts_once_a_transaction():
    areas = [make.area(name=name) for name in ("甲社区", "乙社区", "丙社区")]
    with history.told_by("a task"), CaptureQueriesContext(connection) as found:
        for _transaction in range(2):
            with transaction.atomic():
                for area in areas:
                    area.name += "新"
                    area.save()
    assert tellings(found) == 2
    assert [history.log(area)[0].route for area in areas] == ["a task"] * 3


def test_what_comes_after_a_part_that_was_undone_still_tells_who_acts():
    undone, kept = make.area(name="旧名"), make.area(name="旧名")
    with history.told_by("a task"), transaction.atomic():
        with suppress(ValueError), transaction.atomic():
            undone.name = "新名"
            undone.save()
            raise ValueError
        kept.name = "新名"
        kept.save()
    assert [(entry.route, entry.created) for entry in history.log(kept)] == [("a task", False), ("", True)]
    assert len(history.log(undone)) == 1


def test_whoever_signs_in_amid_a_transaction_is_told_from_then_on():
    area, person = make.area(name="旧名"), make.user()
    with history.told_by("a task"), transaction.atomic():
        Area.objects.filter(pk=area.pk).update(name="新名")
        history.acts(person)
        Area.objects.filter(pk=area.pk).update(name="更新的名")
    assert next(entry.who for entry in history.log(area)) == person


def test_a_change_outside_a_transaction_tells_who_acts():
    area = make.area(name="旧名")
    with history.told_by("a task"):
        Area.objects.filter(pk=area.pk).update(name="新名")
    Area.objects.filter(pk=area.pk).update(name="又一个名")
    assert [entry.route for entry in history.log(area)] == ["", "a task", ""]
