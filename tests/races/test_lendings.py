"""Two communities take the same person, both ends answer at once, two people take over a board: one outcome each."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from communities.errors import Forbidden, Refused
from communities.states import Level, RoleName
from staffing.actions import lendings, takeovers
from staffing.models import Lending, LentPerson, Takeover
from staffing.states import LendingEnd
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT
from tests.races.threads import rush

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def outcome(act):
    try:
        return act().status
    except (Refused, Forbidden) as refused:
        return refused.code


def wanted(person, giver, taker):
    """A lending that waits for the receiving community's yes."""
    make.post(make.shift(places.site(taker), make.call(taker), start=DAWN), seats=3)
    how = {"binds": False, "period": (NIGHT, NIGHT + DAY), "given_by": places.user(), "given_at": NIGHT}
    return make.lending(person, giver, taker, **how)


def test_six_communities_agree_to_the_same_person_and_one_gets_them():
    giver = places.area()
    person = make.seconded(giver, places.compound(giver))
    takers = [places.area() for _community in range(6)]
    rows, leads = [wanted(person, giver, taker) for taker in takers], [places.lead(taker) for taker in takers]

    def take(index):
        return outcome(lambda: lendings.agree(rows[index].pk, LendingEnd.TAKER, by=leads[index], now=NIGHT))

    assert sorted(rush(take, range(6))) == ["agreed"] + ["already_lent"] * 5
    assert LentPerson.objects.filter(volunteer=person, binds=True).count() == 1


def test_control_looking_before_taking_gives_the_person_to_many():
    """The same without the person's lock: everybody finds them free. The constraint alone would have to say no."""
    person, took = make.volunteer(), []

    @transaction.atomic
    def naive(community):
        if not LentPerson.objects.filter(volunteer=person, binds=True).exists():
            with connection.cursor() as cursor:
                cursor.execute("select pg_sleep(0.2)")
            took.append(community)

    rush(naive, range(6))
    assert len(took) > 1


def test_a_yes_and_a_withdrawal_at_once_leave_one_of_them():
    for _round in range(5):
        giver, taker = places.area(), places.area()
        person, above, lead = make.seconded(giver, places.compound(giver)), places.user(), places.lead(taker)
        row = wanted(person, giver, taker)
        acts = [
            lambda row=row, lead=lead: lendings.agree(row.pk, LendingEnd.TAKER, by=lead, now=NIGHT),
            lambda row=row, above=above: lendings.withdraw(row.pk, by=above, now=NIGHT),
        ]
        found = rush(lambda act: outcome(act), acts)
        row.refresh_from_db()
        assert sorted(found) in (["agreed", "invalid_transition"], ["invalid_transition", "withdrawn"])
        assert LentPerson.objects.get(lending=row).binds == (row.status == "agreed")
    assert Lending.objects.count() == 5


def test_six_commanders_take_over_a_board_and_one_has_it():
    city = places.area(Level.CITY)
    area = places.area(parent=city)
    people = [places.grant(RoleName.CITY_COMMAND, city, starts_at=NIGHT - DAY).user for _one in range(6)]

    def take(index):
        try:
            return takeovers.take_over(area.pk, 4, "失联", by=people[index], now=NIGHT).user_id
        except Refused as refused:
            return refused.code

    found = rush(take, range(6))
    assert [one for one in found if one != "board_taken"] == [Takeover.objects.get().user_id]
