"""Kept database connections, as a request finds them."""

import psycopg
import pytest
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)


def server_process() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return int(cursor.fetchone()[0])


def end(process: int) -> None:
    """As a restart of the server does, seen from another connection."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", [process])


def next_request() -> None:
    connection.health_check_enabled, connection.health_check_done = True, False


def test_a_connection_that_the_server_has_ended_is_not_used_again():
    before = server_process()
    end(before)
    next_request()
    assert server_process() != before


def test_a_connection_that_is_well_is_used_again():
    before = server_process()
    next_request()
    assert server_process() == before
    assert connection.health_check_done
