"""Two leads publish the same day of a rota in the same moment; and the control: without the lock both write it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from staffing.actions import rotas
from staffing.actions.rotas import RotaPlan
from staffing.models import Post, Rota, RotaDay, Shift, SignUp
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT
from tests.races.threads import rush

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2022, 4, 4)


def rota():
    area = places.area()
    call, lead = make.call(area, ends_at=NIGHT + timedelta(days=9)), places.lead(area)
    role, site = make.role("checkpoint", max_block_minutes=480), places.site(area, kind="checkpoint")
    made = rotas.begin(area.pk, RotaPlan(call.pk, role.pk, {site.pk: 3}, DAY), by=lead, now=NIGHT)
    for _person in range(14):
        make.seconded(area)
    rotas.enlist(made.pk, None, day=DAY, by=lead, now=NIGHT)
    return made


def publish(made):
    def run(_number):
        return rotas.publish(made.pk, DAY, by=made.created_by, now=NIGHT).pk

    return rush(run, range(4))


def test_the_day_stands_once():
    made = rota()

    answers = publish(made)

    assert set(answers) == {RotaDay.objects.get().pk}
    assert (Shift.objects.count(), Post.objects.count(), SignUp.objects.confirmed().count()) == (4, 4, 12)


def test_control_without_the_lock_two_write_the_day_and_the_constraint_has_to_say_no(monkeypatch):
    made = rota()
    monkeypatch.setattr(rotas, "hold", lambda pk: Rota.objects.select_related("area", "call_up", "role").get(pk=pk))

    answers = publish(made)

    assert any(isinstance(answer, IntegrityError) for answer in answers)
