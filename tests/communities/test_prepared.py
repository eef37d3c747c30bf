"""Reading with statements that are planned once."""

from datetime import timedelta

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.access import grants_of
from communities.fields import Sealed
from communities.models import Grant, User
from communities.queries.prepared import fetch, later, loaded
from communities.states import RoleName
from tests.factories import communities as places

pytestmark = pytest.mark.django_db


def test_a_loaded_row_is_the_row_that_django_loads():
    user = places.user("王演示", phone="+8612000000001")
    (found,) = loaded(User, "where id = %(user)s::bigint", user=user.pk)
    expected = User.objects.get(pk=user.pk)
    assert (found, found._state.db, found._state.adding) == (expected, "default", False)
    assert {name: getattr(found, name) for name in vars(expected) if name[0] != "_"} == {
        name: value for name, value in vars(expected).items() if name[0] != "_"
    }


def test_a_phone_is_decrypted_when_somebody_looks_at_it():
    user = places.user("王演示", phone="+8612000000001")
    (found,) = loaded(User, "where id = %(user)s::bigint", user=user.pk)
    assert type(vars(found)["phone_cipher"]) is Sealed
    assert "12000000001" not in vars(found)["phone_cipher"]
    assert (found.phone, vars(found)["phone_cipher"]) == ("+8612000000001", "+8612000000001")
    found.save()
    assert User.objects.get(pk=user.pk).phone == "+8612000000001"


def test_a_sealed_phone_that_nobody_looked_at_is_stored_as_it_was():
    user = places.user("王演示", phone="+8612000000001")
    (found,) = loaded(User, "where id = %(user)s::bigint", user=user.pk)
    found.save()
    assert User.objects.get(pk=user.pk).phone == "+8612000000001"
    later = User.objects.defer("phone_cipher").get(pk=user.pk)
    assert (later.phone, User.objects.values_list("phone_cipher", flat=True).get()) == ("+8612000000001",) * 2


@pytest.mark.django_db(transaction=True)
def test_what_is_sent_together_waits_for_an_answer_when_it_is_read_and_for_the_commit():
    told = []
    with connection.sent_together(), transaction.atomic():
        one, two = (later("select %(number)s::int + 1", number=number) for number in (1, 2))
        assert (two(), one()) == ([(3,)], [(2,)])
        last = later("select %(number)s::int + 1", number=3)
        transaction.on_commit(lambda: told.append(connection.connection.info.transaction_status))
    assert (last(), told) == ([(4,)], [0])
    assert connection.pipeline is None


@pytest.mark.django_db(transaction=True)
def test_of_what_is_sent_together_nothing_stays_when_one_statement_fails():
    user = places.user("王演示")
    told = []

    def fails():
        with connection.sent_together(), transaction.atomic():
            later("update communities_user set name = '甲' where id = %(user)s::bigint returning id", user=user.pk)
            later("select 1 / %(zero)s::int", zero=0)
            transaction.on_commit(lambda: told.append("committed"))

    with pytest.raises(DataError):
        fails()
    user.refresh_from_db()
    assert (user.name, told, connection.get_autocommit()) == ("王演示", [], True)
    assert fetch("select %(number)s::int", number=1) == [(1,)]


def test_the_database_keeps_the_plan_of_what_is_asked_again():
    for number in range(8):  # the first five are planned for their own values
        assert fetch("select %(number)s::int + 1 as planned_once_and_kept", number=number) == [(number + 1,)]
    with connection.cursor() as cursor:
        cursor.execute("select generic_plans > 0 from pg_prepared_statements where statement ~ 'planned_once_and_kept'")
        assert cursor.fetchall() == [(True,)]


def test_a_row_is_loaded_with_what_it_points_at():
    area, user = places.area(), places.user()
    grant = places.grant(RoleName.COMMUNITY_LEAD, area, user)
    (found,) = loaded(Grant, "where t.user_id = %(user)s::bigint", "user", "area", "organisation", user=user.pk)
    assert (found, found.user, found.area, found.organisation) == (grant, user, area, None)
    with CaptureQueriesContext(connection) as queries:
        assert (found.area.path, found.user.name, found.organisation) == (area.path, user.name, None)
    assert len(queries) == 0


@pytest.mark.parametrize(("begins", "ends"), [(-2, None), (-2, 1), (-2, -1), (1, 2), (1, None)])
def test_the_grants_that_are_read_are_those_in_force(begins, ends):
    now = timezone.now()
    grant = places.grant(RoleName.COMMUNITY_LEAD, places.area())
    ends_at = None if ends is None else now + timedelta(days=ends)
    Grant.objects.filter(pk=grant.pk).update(starts_at=now + timedelta(days=begins), ends_at=ends_at)
    assert grants_of(grant.user) == list(Grant.objects.of(grant.user).in_force(now))
