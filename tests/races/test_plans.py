"""Several leads apply the same plan at once."""

from threading import Barrier

import pytest

from staffing.actions import plans
from staffing.models import CallUp, DemandPlan, Shift
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT
from tests.races.threads import rush

pytestmark = pytest.mark.django_db(transaction=True)
LEADS = 4


def applied_at_once() -> tuple[int, int]:
    """How many calls and shifts stand: the plan asks for two lanes in two blocks, at points that are there already."""
    compound = places.compound()
    for _lane in range(2):
        places.site(compound=compound)
    plan = make.plan(compound, places.lead(compound.community))
    rush(lambda _lead: plans.apply(plan.pk, by=plan.created_by, now=NIGHT), range(LEADS))
    return CallUp.objects.count(), Shift.objects.count()


def test_it_stands_once():
    assert applied_at_once() == (1, 4)


def test_control_without_the_lock_it_stands_once_for_each(monkeypatch):
    read = Barrier(LEADS)

    def unlocked(plan_id):
        plan = DemandPlan.objects.select_related("round__area", "norm", "call_up").get(pk=plan_id)
        read.wait(10)
        return plan

    monkeypatch.setattr(plans, "hold", unlocked)
    assert applied_at_once() == (LEADS, LEADS * 4)
