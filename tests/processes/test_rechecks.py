"""A change of zones whose worker is killed in the middle: the next one goes on, and everybody is told once."""

import signal
from collections import Counter
from datetime import timedelta

import psycopg
import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from communities.actions.zones import Decree, set_level
from communities.models import Message
from staffing.actions import audit
from staffing.models import RecheckedSeat, SignUp
from tests.factories import communities as places
from tests.processes.conftest import wait_for
from tests.processes.test_workers import app, crowd, letters, once  # noqa: F401

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
HOUR = timedelta(hours=1)


def shifts_of_outsiders(count: int):
    """Full posts in one compound, of people who live elsewhere."""
    home = places.compound()
    found = [crowd(10, start=timezone.now() + 30 * HOUR + number * HOUR) for number in range(count)]
    for post in found:
        post.shift.site.compound = home
        post.shift.site.save()
    return home, found


def held(signup: SignUp):
    """Somebody else's transaction that holds one person."""
    parts = connection.settings_dict
    link = psycopg.connect(
        dbname=parts["NAME"], user=parts["USER"], password=parts["PASSWORD"], host=parts["HOST"], port=parts["PORT"]
    )
    link.execute("select from volunteers_volunteer where id = %s for update", [signup.volunteer_id])
    return link


def test_a_killed_worker_leaves_a_re_check_that_the_next_one_finishes(gateway, worker, beat):
    places.policies()
    home, posts = shifts_of_outsiders(8)
    blocker = held(SignUp.objects.filter(post=posts[5]).first())
    decree = Decree("lockdown", timezone.now(), "示范指挥部", "42")
    recheck = set_level(home.pk, decree, by=places.user(), now=timezone.now()).recheck
    victim = worker()
    current_app.send_task("recheck_zones", queue="default")
    wait_for(lambda: RecheckedSeat.objects.count() == 50)  # it waits for the one who is held
    victim.kill(signal.SIGKILL)
    recheck.refresh_from_db()
    assert (recheck.checked, recheck.finished_at) == (50, None)
    assert not Message.objects.filter(kind="zone_change").exists()
    assert Counter(SignUp.objects.values_list("status", flat=True)) == {"cancelled": 50, "confirmed": 30}

    blocker.rollback()
    blocker.close()
    worker()
    beat()
    wait_for(lambda: len(letters(gateway.box)) == 80)

    recheck.refresh_from_db()
    assert (recheck.checked, bool(recheck.finished_at)) == (80, True)
    assert set(SignUp.objects.values_list("status", "reason")) == {("cancelled", "zone_change")}
    assert letters(gateway.box) == once(*posts)
    assert audit.recount() == []
