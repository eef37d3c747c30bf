"""Reading with statements that are planned once."""

import pytest
from django.db import connection

from communities.models import User
from communities.queries.prepared import fetch, loaded
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
