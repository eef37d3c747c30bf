import logging
import subprocess
import sys
from io import StringIO

import pytest
from django.db import DatabaseError, connection, transaction

from config.logs import NamingNobody
from tests.factories import communities as places

SECRET = "wang.xiuying@example.org"


@pytest.fixture
def log():
    lines, logger = StringIO(), logging.getLogger("tests.naming")
    handler = logging.StreamHandler(lines)
    handler.setFormatter(NamingNobody("{levelname} {message}", style="{"))
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, lines
    logger.removeHandler(handler)


def refused(sql: str, *values: object) -> DatabaseError:
    with pytest.raises(DatabaseError) as found, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return found.value


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "kept"),
    [
        ("update communities_user set email = %s", "(SQLSTATE 23505)"),
        ("insert into communities_user (name) values (%s)", "(SQLSTATE 23502)"),
        ("select %s::int", "SQLSTATE 22P02"),
        ("select %s::date", "SQLSTATE 22007"),
    ],
)
def test_what_the_database_says_of_a_row_is_not_in_the_log(log, sql, kept):
    for _ in range(2):
        places.user()
    error = refused(sql, SECRET)
    assert SECRET in str(error)  # this is what would be logged

    logger, lines = log
    logger.error("Task failed: %r", error, exc_info=error)

    assert SECRET not in lines.getvalue()
    assert (kept in lines.getvalue(), "Traceback" in lines.getvalue()) == (True, True)


@pytest.mark.django_db
def test_another_error_is_logged_as_it_is(log):
    logger, lines = log
    logger.error("Odd", exc_info=KeyError("lanes"))
    assert "KeyError: 'lanes'" in lines.getvalue()


def test_workers_log_as_everybody_does():
    """Celery's own way keeps to warnings: what was sealed or forgotten would stand nowhere."""
    said = subprocess.run([sys.executable, "-c", WORKER], capture_output=True, text=True, check=True, timeout=60)
    assert "INFO communities.tasks 3 digests are due" in said.stderr
    assert "Scheduler" not in said.stderr


WORKER = """
import logging
from config.celery import app
app.log.setup("WARNING")
logging.getLogger("communities.tasks").info("%d digests are due", 3)
logging.getLogger("celery.beat").info("Scheduler: Sending due task")
"""
