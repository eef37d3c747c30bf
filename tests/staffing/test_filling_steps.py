"""The steps of working a proposal out: shared out, cut off anywhere, given up, put aside; the proposal is the same."""

import pytest

from staffing.actions import fillings, solving
from staffing.actions.filling_steps import MOST_TRIES
from staffing.models import Filling, FillingChunk, FillingPart
from staffing.states import FillingStatus
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT
from tests.staffing.test_fillings import Scene, crowd, empties, many, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return Scene()


def test_the_reasons_are_the_same_in_one_handful_and_in_many_by_whomever_and_in_any_order(scene, monkeypatch):
    crowd(scene.area, each=2)
    whole = many(scene)
    solving.run(whole.pk, NIGHT)

    monkeypatch.setattr("staffing.actions.filling_results.HANDFUL", 2)
    shared = many(scene)
    solving.prepare(shared.pk, NIGHT)
    for part in FillingPart.objects.filter(filling=shared):
        solving.work_out(part.pk)
    solving.choose(shared.pk, NIGHT)
    chunks = list(FillingChunk.objects.filter(filling=shared).order_by("-no").values_list("pk", flat=True))
    assert len(chunks) > 3
    for chunk in chunks:
        assert not solving.finish(shared.pk, NIGHT)
        solving.explain(chunk)
    assert solving.finish(shared.pk, NIGHT)
    assert (plan(shared), empties(shared)) == (plan(whole), empties(whole))
    assert not FillingChunk.objects.exists()


class Killed(BaseException):
    pass


STEPS = ["read", "solve", "drafted", "reasons", "write_gaps"]


@pytest.mark.parametrize("step", STEPS)
def test_what_kills_every_worker_is_given_up_and_said(scene, monkeypatch, step):
    found = scene.propose()

    def deadly(*_args, **_how):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(solving, step, deadly)
        for _try in range(MOST_TRIES):
            with pytest.raises(Killed):
                solving.run(found.pk, NIGHT)
            assert Filling.objects.get(pk=found.pk).status == FillingStatus.SOLVING
        assert solving.run(found.pk, NIGHT)
    assert Filling.objects.get(pk=found.pk).status == FillingStatus.FAILED
    fillings.rework(found.pk, by=scene.lead, now=NIGHT)
    assert solving.run(found.pk, NIGHT)
    assert Filling.objects.get(pk=found.pk).status == FillingStatus.READY


@pytest.mark.parametrize("step", STEPS)
def test_a_death_at_any_step_loses_nothing(scene, monkeypatch, step):
    whole = scene.propose(seed=1)
    solving.run(whole.pk, NIGHT)
    found, real = scene.propose(seed=2), getattr(solving, step)

    def deadly(*args, **how):
        monkeypatch.setattr(solving, step, real)
        real(*args, **how)
        raise Killed

    monkeypatch.setattr(solving, step, deadly)
    with pytest.raises(Killed):
        solving.run(found.pk, NIGHT)
    assert solving.run(found.pk, NIGHT)
    assert (plan(found), empties(found)) == (plan(whole), empties(whole)) != ([], [])


def test_a_post_that_went_while_reasons_were_found_is_left_out(scene):
    found = scene.propose()
    solving.prepare(found.pk, NIGHT)
    for part in FillingPart.objects.filter(filling=found):
        solving.work_out(part.pk)
    solving.choose(found.pk, NIGHT)
    scene.hard.delete()
    assert solving.run(found.pk, NIGHT)
    assert [post for post, *_rest in empties(found)] == [scene.post.pk]


def test_worked_out_again_and_put_aside_before_it_is_there_the_one_before_stands(scene):
    found = scene.solved()
    before = (plan(found), empties(found))
    make.volunteer(scene.home)
    fillings.rework(found.pk, by=scene.lead, now=NIGHT)
    solving.prepare(found.pk, NIGHT)
    for part in FillingPart.objects.filter(filling=found):
        solving.work_out(part.pk)
    assert solving.choose(found.pk, NIGHT)
    fillings.put_aside(found.pk, by=scene.lead, now=NIGHT)
    assert solving.run(found.pk, NIGHT)
    assert (plan(found), empties(found)) == before
    assert not FillingChunk.objects.exists()


def test_whoever_begins_one_of_several_parts_wakes_another_worker_once(scene, monkeypatch):
    crowd(scene.area)
    monkeypatch.setattr("staffing.queries.matching_parts.PART", 5)
    found = many(scene)
    solving.prepare(found.pk, NIGHT)
    woken = []
    monkeypatch.setattr("staffing.actions.filling_steps.filling_opened.send_robust", lambda **said: woken.append(said))
    assert solving.run(found.pk, NIGHT)
    assert [one["filling_id"] for one in woken] == [found.pk]
