"""A proposal whose worker is killed in the middle: the next one goes on with what is left, and the plan is the same."""

import signal
from datetime import timedelta

import psycopg
import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from staffing.actions import filling_results, fillings, solving
from staffing.models import Filling, FillingPart, Gap, Move
from staffing.queries import matching_parts
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.processes.conftest import wait_for
from tests.processes.test_workers import app  # noqa: F401
from tests.processes.zygote import STEPS

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
DAY = timedelta(days=1)
OPTIONS = ("worker", "-Q", "default,matching", "-c", "1", "--without-gossip", "--without-mingle")


def sealed_compounds(area, now, count=5):
    for _n in range(count):
        home = places.compound(area)
        places.zone("lockdown", compound=home, since=now - DAY)
        for hours in (20, 24, 40):
            make.post(make.shift(places.site(area, home), start=now + timedelta(hours=hours)), 3)
        for _person in range(6):
            make.volunteer(home)


def held(part: int):
    """Somebody else's transaction that has this part, and does not end."""
    parts = connection.settings_dict
    link = psycopg.connect(
        dbname=parts["NAME"], user=parts["USER"], password=parts["PASSWORD"], host=parts["HOST"], port=parts["PORT"]
    )
    link.execute("select 1 from staffing_fillingpart where id = %s for update", [part])
    return link


def waiting(link) -> list[int]:
    """Sessions that wait for that transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pid from pg_stat_activity where %s = any(pg_blocking_pids(pid))", [link.info.backend_pid]
        )
        return [pid for (pid,) in cursor.fetchall()]


def end(sessions: list[int]) -> None:
    """A session whose worker is dead would still write what it waits with."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(pid) from unnest(%s) as pid", [sessions])


def plan(found):
    return list(Move.objects.filter(filling=found).order_by("volunteer", "post").values_list("volunteer", "post"))


def empties(found):
    return list(Gap.objects.filter(filling=found).values_list("post", "seats", "binding", "eligible", "near"))


@pytest.fixture
def scene(monkeypatch):
    """Somebody who asks for proposals, and one that was worked out in this process in small parts."""
    monkeypatch.setattr(matching_parts, "PART", 6)
    monkeypatch.setattr(filling_results, "HANDFUL", 2)
    now, area = timezone.now(), places.area()
    sealed_compounds(area, now)
    trained = make.role("disinfection")
    trained.requires.add(make.qualification("disinfection", self_declared=False))
    for _place in range(5):
        make.post(make.shift(places.site(area), start=now + DAY), 1, role=trained)
    lead = places.lead(area)

    def propose():
        return fillings.propose(area.pk, now, now + 3 * DAY, by=lead, now=now, seed=7)

    whole = propose()
    solving.run(whole.pk, now)
    assert plan(whole)
    assert empties(whole)
    return propose, whole


@pytest.fixture
def solver(zygote, broker, tmp_path):
    def start() -> int:
        child = zygote.make(role="solver", folder=str(tmp_path))
        wait_for(lambda: (tmp_path / "ready").exists() or not zygote.alive(child), 60)
        (tmp_path / "ready").unlink()
        return child

    yield start
    zygote.kill_all()


def ready(found):
    return Filling.objects.get(pk=found.pk).status == "ready"


def test_one_two_and_three_workers_come_to_the_same_plan_and_the_same_reasons(scene, solver, beat):
    propose, whole = scene
    beat()
    for _workers in (1, 2, 3):
        solver()
        found = propose()
        current_app.send_task("solve_fillings", queue="matching")
        wait_for(lambda found=found: ready(found), 120)
        assert (plan(found), empties(found)) == (plan(whole), empties(whole))


def test_a_worker_killed_in_the_middle_of_each_step_loses_nothing(scene, solver, beat, zygote, tmp_path):
    propose, whole = scene
    for step in STEPS:
        (tmp_path / step).touch()
    found = propose()
    beat()
    workers = [solver(), solver()]

    def replaced():
        """As whoever keeps the workers running would."""
        for place, one in enumerate(workers):
            if not zygote.alive(one):
                workers[place] = solver()
        return ready(found)

    wait_for(replaced, 240)
    assert not [step for step in STEPS if (tmp_path / step).exists()]
    assert (plan(found), empties(found)) == (plan(whole), empties(whole))


def test_a_killed_worker_leaves_a_proposal_that_the_next_one_finishes_alike(celery, beat, monkeypatch):
    monkeypatch.setattr(matching_parts, "PART", 6)
    now, area = timezone.now(), places.area()
    sealed_compounds(area, now)
    lead = places.lead(area)
    whole = fillings.propose(area.pk, now, now + 3 * DAY, by=lead, now=now, seed=7)
    solving.run(whole.pk, now)

    found = fillings.propose(area.pk, now, now + 3 * DAY, by=lead, now=now, seed=7)
    solving.prepare(found.pk, now)
    left = FillingPart.objects.filter(filling=found, pairs=None)
    middle = left.order_by("-people", "no")[2].pk
    blocker = held(middle)
    victim = celery(*OPTIONS)
    current_app.send_task("solve_fillings", queue="matching")
    wait_for(lambda: left.count() == 3 and waiting(blocker), 120)
    victim.kill(signal.SIGKILL)
    end(waiting(blocker))
    wait_for(lambda: not waiting(blocker))
    blocker.rollback()
    blocker.close()
    assert left.count() == 3

    celery(*OPTIONS)
    beat()
    wait_for(lambda: Filling.objects.get(pk=found.pk).status == "ready", 120)
    assert plan(found) == plan(whole) != []
