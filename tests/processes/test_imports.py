"""A staff list whose reader is killed in the middle: the next one goes on behind its last batch."""

import signal

import psycopg
import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from tests.factories import communities as places
from tests.processes.conftest import wait_for
from tests.processes.test_workers import app  # noqa: F401
from volunteers.actions import imports
from volunteers.models import Affiliation, StaffImport, StaffImportRow

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
ROWS, KEPT = 9000, 4000


def in_the_way(found: StaffImport):
    """Somebody else's transaction that has the first line of the third batch, and does not end."""
    parts = connection.settings_dict
    link = psycopg.connect(
        dbname=parts["NAME"], user=parts["USER"], password=parts["PASSWORD"], host=parts["HOST"], port=parts["PORT"]
    )
    link.execute(
        "insert into volunteers_staffimportrow (staff_import_id, line, state, problems, external_id, name, phone_hash,"
        " address, place, confidence, how, choices, skills)"
        " values (%s, %s, 'new', '{}', '', '', '', '', '', 0, 'nothing', '{}', '{}')",
        [found.pk, KEPT + 1],
    )
    return link


def test_a_killed_reader_leaves_a_list_that_the_next_one_finishes(worker, beat):
    lines = "".join(f"A{n},王演示{n},1200009{n:04d}\n" for n in range(ROWS))
    unit, officer = places.organisation(), places.user(is_demo=True)
    found = imports.upload(unit.pk, "staff.csv", f"工号,姓名,手机\n{lines}".encode(), by=officer, now=timezone.now())
    blocker = in_the_way(found)
    victim = worker()
    current_app.send_task("read_staff_lists", queue="default")
    wait_for(lambda: StaffImport.objects.get().read == KEPT)
    victim.kill(signal.SIGKILL)
    found.refresh_from_db()
    assert (found.status, found.read, StaffImportRow.objects.count()) == ("uploaded", KEPT, KEPT)

    blocker.rollback()
    blocker.close()
    worker()
    beat()
    wait_for(lambda: StaffImport.objects.get().status == "read")
    assert list(StaffImportRow.objects.order_by("line").values_list("line", flat=True)) == list(range(1, ROWS + 1))
    imports.decide(found.pk, by=officer, now=timezone.now())
    wait_for(lambda: StaffImport.objects.get().status == "done")
    assert Affiliation.objects.filter(organisation=unit).count() == ROWS
