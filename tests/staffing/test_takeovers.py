"""Taking over a board: by whom, for how long, with what rights; given back, over by itself, told and kept."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from communities.access import May, may
from communities.errors import Forbidden, Invalid, Refused
from communities.models import Grant, Message, User
from communities.states import Level, RoleName
from staffing.actions import takeovers
from staffing.models import Takeover
from tests.factories import communities as places
from tests.factories.staffing import NIGHT

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Cast:
    def __init__(self):
        self.city = places.area(Level.CITY)
        self.district = places.area(Level.DISTRICT, parent=self.city)
        self.area = places.area(parent=self.district)
        since = {"starts_at": NIGHT - HOUR}
        self.mayor = places.grant(RoleName.CITY_COMMAND, self.city, **since).user
        self.above = places.grant(RoleName.DISTRICT_LEAD, self.district, **since).user
        self.lead = places.grant(RoleName.COMMUNITY_LEAD, self.area, **since).user

    def taken(self, by=None, hours=4, reason="负责人失联", now=NIGHT):
        return takeovers.take_over(self.area.pk, hours, reason, by=by or self.mayor, now=now)


@pytest.fixture
def cast(time_machine_night):
    return Cast()


@pytest.fixture
def time_machine_night():
    with time_machine.travel(NIGHT, tick=False) as clock:
        yield clock


def fresh(user):
    """As the next request finds the account."""
    return User.objects.get(pk=user.pk)


def test_the_board_is_run_from_above_without_phones_and_the_lead_keeps_it_too(cast):
    assert not may(cast.mayor, May.RUN, cast.area)
    cast.taken()
    can = {capability for capability in May if may(fresh(cast.mayor), capability, cast.area)}
    assert {May.RUN, May.NAMES, May.HISTORY} <= can
    assert May.PHONES not in can
    assert may(fresh(cast.lead), May.RUN, cast.area)
    assert not may(fresh(cast.mayor), May.RUN, places.area(parent=cast.district))
    assert list(Message.objects.values_list("kind", "reader")) == [("board_taken", cast.lead.pk)]


def test_it_ends_by_itself(cast, time_machine_night):
    found = cast.taken(hours=2)
    time_machine_night.move_to(NIGHT + 2 * HOUR)
    assert not may(fresh(cast.mayor), May.RUN, cast.area)
    assert not Takeover.objects.in_force(NIGHT + 2 * HOUR).exists()
    assert takeovers.give_back(found.pk, by=cast.mayor, now=NIGHT + 2 * HOUR).returned_at is None


def test_it_is_given_back_before_by_who_has_it(cast, time_machine_night):
    found = cast.taken()
    with pytest.raises(Forbidden):
        takeovers.give_back(found.pk, by=cast.lead, now=NIGHT + HOUR)
    back = takeovers.give_back(found.pk, by=cast.mayor, now=NIGHT + HOUR)
    again = takeovers.give_back(found.pk, by=cast.mayor, now=NIGHT + 2 * HOUR)
    assert (back.returned_at, again.returned_at, back.period.upper) == (NIGHT + HOUR, NIGHT + HOUR, NIGHT + HOUR)
    time_machine_night.move_to(NIGHT + HOUR)
    assert not may(fresh(cast.mayor), May.RUN, cast.area)
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["board_returned", "board_taken"]
    assert cast.taken(by=cast.above, now=NIGHT + HOUR).user == cast.above


def test_one_at_a_time_and_asked_again_is_once(cast):
    first = cast.taken()
    assert cast.taken().pk == first.pk
    with pytest.raises(Refused) as found:
        cast.taken(by=cast.above)
    assert (found.value.code, Grant.objects.filter(role=RoleName.ACTING_LEAD).count()) == ("board_taken", 1)
    grant = places.grant(RoleName.ACTING_LEAD, cast.area)
    with pytest.raises(IntegrityError), transaction.atomic():
        Takeover.objects.create(area=cast.area, user=cast.above, grant=grant, reason="x", period=first.period)


def test_only_from_above_for_a_while_and_with_a_reason(cast):
    codes = []
    for by, hours, area in ((cast.lead, 4, cast.area), (cast.above, 4, cast.district), (cast.above, 13, cast.area)):
        with pytest.raises(Refused) as found:
            takeovers.take_over(area.pk, hours, "x", by=by, now=NIGHT)
        codes.append([reason.code for reason in found.value.reasons])
    assert codes == [["not_below_you"], ["not_below_you"], ["takeover_length"]]
    with pytest.raises(Refused) as both:
        takeovers.take_over(cast.area.pk, 13, "x", by=cast.lead, now=NIGHT)
    assert [reason.code for reason in both.value.reasons] == ["not_below_you", "takeover_length"]
    with pytest.raises(Invalid):
        cast.taken(reason=" ")


def test_who_took_it_when_and_why_stays(cast):
    found = cast.taken()
    takeovers.give_back(found.pk, by=cast.mayor, now=NIGHT + HOUR)
    kept = list(found.events.order_by("pgh_id").values_list("reason", "user", "returned_at"))
    assert kept == [("负责人失联", cast.mayor.pk, None), ("负责人失联", cast.mayor.pk, NIGHT + HOUR)]
