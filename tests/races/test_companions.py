"""Two who ask each other and say yes at the same moment are one pair."""

import pytest
from django.db import connection, transaction

from communities.errors import Gone
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT
from tests.races.threads import rush
from volunteers.actions import companions
from volunteers.models import Companionship

pytestmark = pytest.mark.django_db(transaction=True)


def both_asked():
    """Each has asked the other: (question, who may answer it)."""
    one, other = make.volunteer(), make.volunteer()
    pairs = [(companions.ask(a.pk, b.number, now=NIGHT).pk, b.pk) for a, b in ((one, other), (other, one))]
    companions.look_up(NIGHT)
    return pairs


def test_two_who_agree_to_each_others_question_at_once_are_one_pair():
    found = rush(lambda pair: companions.agree(pair[0], by=pair[1], now=NIGHT), both_asked())

    assert Companionship.objects.together().count() == 1
    assert [type(one) for one in found if isinstance(one, Exception)] == [Gone]


def test_control_without_the_locks_both_find_the_way_free():
    pairs, free = both_asked(), []

    @transaction.atomic
    def naive(pair):
        if not Companionship.objects.together().exists():
            with connection.cursor() as cursor:
                cursor.execute("select pg_sleep(0.1)")
            free.append(pair)

    rush(naive, pairs)
    assert len(free) == 2
