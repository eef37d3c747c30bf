"""A counted stock gives what it has and no more, whatever happens at the same time."""

import pytest
from django.db import connection, transaction

from communities.errors import Refused
from staffing.actions import attendance, equipment, signups
from staffing.models import Equipment, EquipmentIssue
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from tests.races.threads import rush

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, STOCK = 12, 5


def crowd():
    """People who are there, and things that are too few for them."""
    area, lead = places.area(), places.user()
    kind = equipment.Kind("红马甲", everybody=True)
    thing = equipment.keep(area.pk, kind, stock=STOCK, by=lead, now=NIGHT)
    post = make.post(make.shift(places.site(area), make.call(area)), PEOPLE)
    seats = [signups.sign_up(post.pk, make.volunteer().pk, now=NIGHT) for _person in range(PEOPLE)]
    for seat in seats:
        attendance.check_in(seat.pk, by=lead, now=DAWN)
    return thing, [seat.pk for seat in seats], lead


def test_of_many_who_are_handed_the_last_things_as_many_get_one_as_there_are():
    thing, seats, lead = crowd()

    found = rush(lambda seat: equipment.hand_out(seat, {thing.pk: 1}, by=lead, now=DAWN), seats)

    refused = [one for one in found if isinstance(one, Refused)]
    assert {one.code for one in refused} == {"not_enough_in_stock"}
    assert (len(refused), EquipmentIssue.objects.count()) == (PEOPLE - STOCK, STOCK)
    assert Equipment.objects.get().stock == 0


def test_control_looking_before_taking_hands_out_more_than_there_is():
    """The same with a look at the stock first: everybody finds enough."""
    thing, seats, _lead = crowd()
    given = []

    @transaction.atomic
    def naive(seat: int) -> None:
        if (Equipment.objects.get(pk=thing.pk).stock or 0) > 0:
            with connection.cursor() as cursor:
                cursor.execute("select pg_sleep(0.05)")
            given.append(seat)

    rush(naive, seats, width=PEOPLE)
    assert len(given) > STOCK


def test_the_same_tap_from_two_phones_hands_out_once():
    thing, seats, lead = crowd()

    rush(lambda _phone: equipment.hand_out_usual(seats[0], by=lead, now=DAWN), range(8))

    assert list(EquipmentIssue.objects.values_list("number", flat=True)) == [1]
    assert Equipment.objects.get(pk=thing.pk).stock == STOCK - 1
