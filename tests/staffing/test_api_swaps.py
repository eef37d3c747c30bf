"""A swap over the API: what is offered can be looked at before it is agreed to."""

import pytest

from communities.rules.names import first_name
from staffing.actions import signups, swaps
from staffing.models import Swap
from tests.doors import Api, told
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT

pytestmark = pytest.mark.django_db


def test_a_swap_is_looked_at_before_it_is_agreed_to():
    area = places.area()
    call = make.call(area)
    given, wanted = (make.post(make.shift(call_up=call), 1) for _post in range(2))
    anna, bo = (make.volunteer(community=area) for _person in range(2))
    seat = signups.sign_up(given.pk, anna.pk, now=NIGHT)
    signups.sign_up(wanted.pk, bo.pk, now=NIGHT)
    swap = swaps.propose(seat.pk, now=NIGHT, wanted=wanted.pk)

    offer = Api(bo.user).post("swaps/look/", {"key": swap.key}).json()

    assert (offer["post"], offer["wanted"], offer["status"]) == (given.pk, wanted.pk, "proposed")
    assert (offer["place"], offer["role"]) == (str(given.shift.site), str(given.role))
    assert offer["owner"] == first_name(anna.user.name)
    assert anna.user.phone not in str(offer)
    assert Swap.objects.get().status == "proposed"
    assert told(Api(bo.user).post("swaps/look/", {"key": "unknown"}))[0] == 404
    assert Api().post("swaps/look/", {"key": swap.key}).status_code == 401
