"""Reading with statements that are planned once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.access import grants_of
from communities.models import Grant, User
from communities.queries.prepared import fetch, loaded
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
